namespace TicketBot.Research.Labels;

/// <summary>How much of each label is its own: the mean of 1/concurrency over its span, above 0 to 1. Immutable.</summary>
/// <remarks>Lopez de Prado 2018, sections 4.3 and 4.4: at each candle the concurrency is the number of labels that look at it.</remarks>
public sealed class UniquenessWeights
{
    private readonly int[] _concurrency;
    private readonly double[] _average;

    private UniquenessWeights(int first, int[] concurrency, double[] average)
    {
        First = first;
        _concurrency = concurrency;
        _average = average;
        EffectiveCount = average.Sum();
    }

    /// <summary>First candle that a label looks at; 0 without labels.</summary>
    public int First { get; }

    /// <summary>Labels that look at each candle from <see cref="First"/> on, up to the last that one looks at.</summary>
    public ReadOnlySpan<int> Concurrency => _concurrency;

    /// <summary>Average uniqueness of each label, in their order.</summary>
    public ReadOnlySpan<double> Average => _average;

    /// <summary>Sum of the average uniqueness: as many independent labels the sample is worth.</summary>
    public double EffectiveCount { get; }

    /// <summary>Weighs labels.</summary>
    /// <param name="spans">Their spans, in any order.</param>
    /// <exception cref="ArgumentException">A span ends before it begins.</exception>
    public static UniquenessWeights Of(IReadOnlyList<LabelSpan> spans)
    {
        if (spans.Count == 0)
        {
            return new UniquenessWeights(0, [], []);
        }

        for (var i = 0; i < spans.Count; i++)
        {
            if (spans[i].Length < 1)
            {
                throw new ArgumentException($"label {i} looks at candles {spans[i].First} to {spans[i].Last}, expected at least one", nameof(spans));
            }
        }

        var first = spans.Min(span => span.First);
        var concurrency = new int[spans.Max(span => span.Last) - first + 1];
        foreach (var span in spans)
        {
            concurrency[span.First - first]++;
            if (span.Last - first + 1 < concurrency.Length)
            {
                concurrency[span.Last - first + 1]--;
            }
        }

        for (var i = 1; i < concurrency.Length; i++)
        {
            concurrency[i] += concurrency[i - 1];
        }

        var average = new double[spans.Count];
        for (var i = 0; i < average.Length; i++)
        {
            var sum = 0.0;
            for (var candle = spans[i].First - first; candle <= spans[i].Last - first; candle++)
            {
                sum += 1.0 / concurrency[candle];
            }

            average[i] = sum / spans[i].Length;
        }

        return new UniquenessWeights(first, concurrency, average);
    }
}
