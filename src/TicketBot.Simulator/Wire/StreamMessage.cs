using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Wire;

/// <summary>A message that a topic's listeners are to get, before faults have had their say.</summary>
/// <param name="Topic">The plain topic, such as <c>kline.15.BTCUSDT</c> or <c>order</c>.</param>
/// <param name="Account">Key of the account of a private message, else <c>null</c>.</param>
/// <param name="FrameOf">Returns the frame for a form of the topic; the form of a public topic is the topic.</param>
internal sealed record StreamMessage(string Topic, string? Account, Func<string, byte[]> FrameOf)
{
    /// <summary>Id of a private message, else empty.</summary>
    internal string Id { get; init; } = "";

    /// <summary>Series of a candle, else <c>null</c>.</summary>
    internal SeriesKey? Series { get; init; }

    /// <summary>The candle of <see cref="Series"/>.</summary>
    internal Candle Candle { get; init; }

    /// <summary>Whether it tells a closed candle.</summary>
    internal bool IsConfirm { get; init; }
}
