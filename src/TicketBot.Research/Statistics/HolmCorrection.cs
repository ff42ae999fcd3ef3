namespace TicketBot.Research.Statistics;

/// <summary>P-values of a family of tests, corrected so that the chance of any false rejection stays below the level.</summary>
/// <remarks>Step-down procedure: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6(2), 1979. It needs no independence.</remarks>
public static class HolmCorrection
{
    /// <summary>Returns the adjusted p-values in the order given: a test is rejected at a level when its adjusted p-value is at most that level.</summary>
    /// <param name="pValues">P-values, each 0..1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A p-value lies outside 0..1.</exception>
    public static double[] Adjust(ReadOnlySpan<double> pValues)
    {
        var order = new int[pValues.Length];
        var keys = pValues.ToArray();
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = keys[i] is >= 0 and <= 1
                ? i
                : throw new ArgumentOutOfRangeException(nameof(pValues), keys[i], $"a p-value lies between 0 and 1, number {i} was {keys[i]}");
        }

        Array.Sort(keys, order);
        var adjusted = new double[order.Length];
        double largest = 0;
        for (var i = 0; i < order.Length; i++)
        {
            largest = Math.Max(largest, Math.Min(1, (order.Length - i) * keys[i]));
            adjusted[order[i]] = largest;
        }

        return adjusted;
    }
}
