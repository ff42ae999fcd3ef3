namespace TicketBot.Research.Statistics;

/// <summary>What several candidates brought on the same rows, as a table <c>[rows, candidates]</c>. Immutable.</summary>
public sealed class CandidateReturns
{
    private readonly double[] _values;

    private CandidateReturns(double[] values, int rows, int candidates) => (_values, Rows, Candidates) = (values, rows, candidates);

    /// <summary>Rows.</summary>
    public int Rows { get; }

    /// <summary>Candidates.</summary>
    public int Candidates { get; }

    /// <summary>Returns what each candidate brought on a row.</summary>
    public ReadOnlySpan<double> Row(int row) => _values.AsSpan(row * Candidates, Candidates);

    /// <summary>Makes the table.</summary>
    /// <param name="candidates">One series per candidate, all of one length, at least one series of at least two rows.</param>
    /// <param name="benchmark">What is subtracted from every candidate, row by row; <c>null</c> stands for zero, which is not to trade.</param>
    /// <exception cref="ArgumentException">Lengths differ, nothing is given, or a value is no finite number.</exception>
    public static CandidateReturns Of(IReadOnlyList<IReadOnlyList<double>> candidates, IReadOnlyList<double>? benchmark = null)
    {
        var rows = candidates.Count == 0 ? 0 : candidates[0].Count;
        if (rows < 2)
        {
            throw new ArgumentException($"a table needs at least one candidate and two rows, had {candidates.Count} and {rows}", nameof(candidates));
        }

        if (benchmark is not null && benchmark.Count != rows)
        {
            throw new ArgumentException($"the benchmark must have the candidates' {rows} rows, had {benchmark.Count}", nameof(benchmark));
        }

        var values = new double[rows * candidates.Count];
        for (var k = 0; k < candidates.Count; k++)
        {
            if (candidates[k].Count != rows)
            {
                throw new ArgumentException($"all candidates must have the first one's {rows} rows, candidate {k} had {candidates[k].Count}", nameof(candidates));
            }

            for (var row = 0; row < rows; row++)
            {
                var value = candidates[k][row] - (benchmark?[row] ?? 0);
                values[(row * candidates.Count) + k] = double.IsFinite(value)
                    ? value
                    : throw new ArgumentException($"a return must be a finite number, candidate {k} had {value} in row {row}", nameof(candidates));
            }
        }

        return new CandidateReturns(values, rows, candidates.Count);
    }
}
