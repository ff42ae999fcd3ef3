using TicketBot.Domain;

namespace TicketBot.Simulator.Matching;

/// <summary>The prices of a candle on the tick grid.</summary>
/// <param name="Open">First price.</param>
/// <param name="High">Highest price.</param>
/// <param name="Low">Lowest price.</param>
/// <param name="Close">Last price.</param>
internal readonly record struct CandlePath(decimal Open, decimal High, decimal Low, decimal Close)
{
    /// <summary>Returns the path of a candle; rounding keeps high and low outside.</summary>
    internal static CandlePath Of(in Candle candle, Instrument instrument) => new(
        instrument.NearestTick(candle.Open).Value,
        instrument.NearestTick(candle.High).Value,
        instrument.NearestTick(candle.Low).Value,
        instrument.NearestTick(candle.Close).Value);

    /// <summary>Returns the two extremes in the order that is worse for a position: the one that hurts it first; for no position the
    /// nearer one first.</summary>
    internal (decimal First, decimal Second) Extremes(decimal signedQuantity) => signedQuantity switch
    {
        > 0 => (Low, High),
        < 0 => (High, Low),
        _ => Open - Low <= High - Open ? (Low, High) : (High, Low),
    };
}
