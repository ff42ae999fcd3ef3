using TicketBot.Research.Datasets;
using TicketBot.Research.Labels;

namespace TicketBot.Research.Splits;

/// <summary>The true span of every row, in candles of the series: from the first candle that its features read to the last that its label or its
/// trade reads. Immutable.</summary>
public sealed class RowSpans
{
    private readonly int[] _first;
    private readonly int[] _last;

    private RowSpans(int[] first, int[] last)
    {
        for (var row = 0; row < first.Length; row++)
        {
            if (last[row] < first[row] || (row > 0 && first[row] < first[row - 1]))
            {
                throw new ArgumentException(
                    $"rows must be in the order of time and end after they begin: row {row} reads candles {first[row]} to {last[row]}"
                    + (row > 0 ? $" after {first[row - 1]} to {last[row - 1]}" : ""));
            }
        }

        (_first, _last) = (first, last);
    }

    /// <summary>Rows.</summary>
    public int Count => _first.Length;

    /// <summary>First candle that each row's features read, ascending but not strictly.</summary>
    public ReadOnlySpan<int> First => _first;

    /// <summary>Last candle that each row's label or trade reads, in no order.</summary>
    public ReadOnlySpan<int> Last => _last;

    /// <summary>Returns the spans of rows that all look equally far.</summary>
    /// <param name="candles">Candle index of each row, strictly ascending.</param>
    /// <param name="window">Candles that the features read, the row's own the last of them; at least 1.</param>
    /// <param name="reach">Candles after the row's own that its label or trade reads, at least 1.</param>
    public static RowSpans Of(ReadOnlySpan<int> candles, int window, int reach)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(reach, 1);
        var (first, last) = (new int[candles.Length], new int[candles.Length]);
        for (var row = 0; row < first.Length; row++)
        {
            (first[row], last[row]) = (candles[row] - window + 1, candles[row] + reach);
        }

        return new RowSpans(first, last);
    }

    /// <summary>Returns the spans of a dataset's rows: the trade is left at the open of the candle after the horizon.</summary>
    /// <param name="dataset">The rows.</param>
    /// <param name="window">Longest window that anything known at a row looks at, the schema's or the regimes', at least 1.</param>
    public static RowSpans Of(Dataset dataset, int window) => Of(dataset.Candles, window, dataset.Horizon + 1);

    /// <summary>Returns the spans of rows whose labels look differently far, such as barriers.</summary>
    /// <param name="labels">What each row's label looks at, by ascending decision.</param>
    /// <param name="window">Candles that the features read up to the decision's, at least 1.</param>
    /// <exception cref="ArgumentException">The decisions do not ascend.</exception>
    public static RowSpans Of(IReadOnlyList<LabelSpan> labels, int window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        return new RowSpans([.. labels.Select(label => label.Decision - window + 1)], [.. labels.Select(label => Math.Max(label.Decision, label.Last))]);
    }

    /// <summary>Returns the first and the last candle that any row of a range reads.</summary>
    public (int First, int Last) Hull(RowRange rows)
    {
        var last = int.MinValue;
        for (var row = rows.Start; row < rows.End; row++)
        {
            last = Math.Max(last, _last[row]);
        }

        return (_first[rows.Start], last);
    }
}
