namespace TicketBot.Learning.Search;

/// <summary>How much of each operation flows at every position. A coefficient of exactly 0 leaves the operation out: it does not run and gets no gradient.</summary>
/// <param name="Coefficients">Per position one factor per operation.</param>
/// <param name="AuxiliarySkip">Factor of the position's input, added beside the operations (Chu et al. 2021); 0 by default.</param>
public sealed record CellMixture(IReadOnlyList<double[]> Coefficients, double AuxiliarySkip = 0.0)
{
    /// <summary>Returns the mixture that is one path alone.</summary>
    public static CellMixture Of(CellSpace space, IReadOnlyList<int> path) => new([.. path.Select((chosen, position) =>
    {
        double[] row = new double[space.OperationsAt(position).Count];
        row[chosen] = 1.0;
        return row;
    })]);

    /// <summary>Returns this mixture with one operation of a position taken out and the others brought back to their old sum.</summary>
    /// <exception cref="InvalidOperationException">Nothing else flows at that position.</exception>
    public CellMixture Without(int position, int operation)
    {
        double[] row = (double[])Coefficients[position].Clone();
        double sum = row.Sum();
        row[operation] = 0.0;
        double left = row.Sum();
        if (!(left > 0.0))
        {
            throw new InvalidOperationException($"Invariant: position {position} must keep an operation beside number {operation}.");
        }

        for (int o = 0; o < row.Length; o++)
        {
            row[o] *= sum / left;
        }

        return With(position, row);
    }

    /// <summary>Returns this mixture with one position decided for one operation.</summary>
    public CellMixture Decided(int position, int operation)
    {
        double[] row = new double[Coefficients[position].Length];
        row[operation] = 1.0;
        return With(position, row);
    }

    /// <summary>Returns this mixture with other coefficients at a position.</summary>
    internal CellMixture With(int position, double[] row)
    {
        double[][] all = [.. Coefficients];
        all[position] = row;
        return this with { Coefficients = all };
    }
}
