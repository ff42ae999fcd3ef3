namespace TicketBot.Research.Transfer;

/// <summary>How alike two domains are, from 1 (told apart by nothing but chance) towards 0; falls with their kernel distance and with their A-distance, whichever says less.</summary>
/// <remarks>By the kernel 1 up to the 95 % point of the distances of permuted rows, then 0.7^(excess / yardstick): the yardstick is the distance between one half of the source's rows and the other
/// half moved by one standard deviation, shared evenly by all features. So 0.7 means as far away as that, whatever the number of features or the kernel's width. Where rows remember long the kernel test sees few independent
/// ones and may miss what a classifier sees: so similarity is at most 1 - A / 2 with the lower end of the A-distance's interval, the share of rows that the classifier cannot tell apart.</remarks>
public static class Similarity
{
    /// <summary>Similarity of a domain that lies one standard deviation away.</summary>
    public const double AtYardstick = 0.7;

    /// <summary>Returns the similarity that belongs to a distance.</summary>
    /// <param name="test">The distance with its null.</param>
    /// <param name="yardstick">Distance of a domain that lies one standard deviation away, above 0.</param>
    /// <param name="aDistanceLow">Lower end of the interval of the proxy A-distance; 0 where it was not measured.</param>
    public static double Of(KernelTest test, double yardstick, double aDistanceLow) => Math.Min(
        Math.Pow(AtYardstick, Math.Max(0, test.Distance - Math.Max(0, test.NullHigh)) / yardstick), 1 - (Math.Clamp(aDistanceLow, 0, 2) / 2));

    /// <summary>Returns the yardstick of a source: odd and even blocks of its rows are the halves, so that drift within the source does not count.</summary>
    /// <param name="source">Rows, <c>[rows, features]</c> row-major, finite, at least 8.</param>
    /// <param name="features">Features of a row, at least 1.</param>
    public static double YardstickOf(ReadOnlySpan<float> source, int features)
    {
        var rows = source.Length / features;
        var deviations = new float[features];
        for (var f = 0; f < features; f++)
        {
            double sum = 0, squares = 0;
            for (var i = f; i < source.Length; i += features)
            {
                sum += source[i];
                squares += (double)source[i] * source[i];
            }

            deviations[f] = (float)Math.Sqrt(Math.Max(0, (squares / rows) - (sum / rows * (sum / rows))));
        }

        var share = 1 / MathF.Sqrt(features);
        List<float> still = [], moved = [];
        for (var row = 0; row < rows; row++)
        {
            for (var f = 0; f < features; f++)
            {
                var value = source[(row * features) + f];
                if (row % 2 == 0)
                {
                    still.Add(value);
                }
                else
                {
                    moved.Add(value + (deviations[f] * share));
                }
            }
        }

        // Rows that do not vary at all have no scale; any distance is then the farthest.
        return Math.Max(1e-6, KernelTest.DistanceOf([.. still], [.. moved], features));
    }
}
