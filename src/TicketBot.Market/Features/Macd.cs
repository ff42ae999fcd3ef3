namespace TicketBot.Market.Features;

/// <summary>The lines of a MACD at the last candle, in price units (Appel 1979).</summary>
/// <param name="Line">Fast less slow exponential average.</param>
/// <param name="Signal">Exponential average of the line.</param>
public readonly record struct Macd(double Line, double Signal)
{
    /// <summary>Line less signal.</summary>
    public double Histogram => Line - Signal;
}
