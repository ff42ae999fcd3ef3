using TicketBot.Market.Candles;

namespace TicketBot.Research.Labels;

/// <summary>The sign of the return over the next h candles, close to close; h = 1 is the sign of the next return. Its span is
/// <see cref="LabelSpan.After"/>.</summary>
public static class DirectionLabel
{
    /// <summary>Label of a close above the decision's close.</summary>
    public const int Up = 1;

    /// <summary>Label of a close that is not above it: equal closes are no rise.</summary>
    public const int NotUp = 0;

    /// <summary>Returns the label of candle <paramref name="candle"/>; the series must hold the <paramref name="horizon"/> candles after it.</summary>
    public static int Of(CandleSeries series, int candle, int horizon) =>
        series.Close[candle + horizon] > series.Close[candle] ? Up : NotUp;
}
