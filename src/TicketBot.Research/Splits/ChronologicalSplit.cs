namespace TicketBot.Research.Splits;

/// <summary>Train, validation and test rows in the order of time, with a gap before each later block.</summary>
/// <remarks>A row at candle t reads candles t-W+1..t and its label is known once candle t+h+1 has opened. The gap drops the rows whose label
/// reaches into the later block (purge) and those whose window would be shared with it (embargo), after Lopez de Prado, Advances
/// in Financial Machine Learning (2018), chapter 7.</remarks>
/// <param name="Train">Rows for weights, scaler and regimes.</param>
/// <param name="Validation">Rows for choices.</param>
/// <param name="Test">Rows for judgement only.</param>
public sealed record ChronologicalSplit(RowRange Train, RowRange Validation, RowRange Test)
{
    /// <summary>Splits rows by the candle each belongs to.</summary>
    /// <param name="candles">Candle index of each row, strictly ascending.</param>
    /// <param name="trainShare">Share of the rows for training, 0..1.</param>
    /// <param name="validationShare">Share of the rows for validation, 0..1.</param>
    /// <param name="horizon">Candles between decision and label, at least 1.</param>
    /// <param name="window">Candles a row looks at, at least 1.</param>
    /// <exception cref="ResearchRefusedException">A block would be empty; the message names the numbers and the remedy.</exception>
    public static ChronologicalSplit Of(ReadOnlySpan<int> candles, double trainShare, double validationShare, int horizon, int window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        var validationStart = (int)(candles.Length * trainShare);
        var testStart = (int)(candles.Length * (trainShare + validationShare));
        var spans = RowSpans.Of(candles, window, horizon + 1);
        var test = new RowRange(testStart, candles.Length);
        var validation = Purged(spans, new RowRange(validationStart, testStart), test.End);
        var train = Purged(spans, new RowRange(0, validationStart), test.End);
        if (train.Count < 1 || validation.Count < 1 || test.Count < 1)
        {
            throw new ResearchRefusedException(
                $"{candles.Length} rows leave train {train.Count}, validation {validation.Count} and test {test.Count} rows after gaps of {GapCandles(horizon, window)} candles "
                + $"(label horizon {horizon} and feature window {window}); every block needs rows. A row needs {window} candles without a gap: give more candles, or candles with fewer gaps");
        }

        return new ChronologicalSplit(train, validation, test);
    }

    /// <summary>Candles that must lie between the last row of a block and the first row of the next: the label's reach plus the window.</summary>
    public static int GapCandles(int horizon, int window) => horizon + window;

    // All rows look equally far, so that those that know nothing of the later block are the first ones.
    private static RowRange Purged(RowSpans spans, RowRange rows, int laterEnd) => rows.End >= laterEnd || rows.Count < 1
        ? rows
        : new RowRange(rows.Start, rows.Start + Purge.TrainingRows(spans, rows, [new RowRange(rows.End, laterEnd)], embargo: 0).Length);
}
