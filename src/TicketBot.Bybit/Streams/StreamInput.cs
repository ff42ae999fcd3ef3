using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Streams;

/// <summary>What the streams hand to the pump that orders it. A closed family.</summary>
internal abstract record StreamInput
{
    private StreamInput()
    {
    }

    /// <summary>A message of the private stream.</summary>
    /// <param name="Id">The message's id; empty if it has none.</param>
    /// <param name="Events">What it says, in its order.</param>
    public sealed record Private(string Id, IReadOnlyList<ExchangeEvent> Events) : StreamInput;

    /// <summary>A confirmed candle of the public stream.</summary>
    public sealed record Kline(SeriesKey Series, Candle Candle) : StreamInput;

    /// <summary>A stream was lost.</summary>
    public sealed record Lost(string Stream, string Reason) : StreamInput;

    /// <summary>A lost stream is subscribed again.</summary>
    public sealed record Restored(string Stream) : StreamInput;

    /// <summary>The simulator has published everything of a step.</summary>
    public sealed record Step(long Number, Instant Time, IReadOnlyList<(SeriesKey Series, Instant Open)> Candles, IReadOnlyList<string> PrivateIds) : StreamInput;

    /// <summary>The control channel was attached anew after a loss: steps may have been missed.</summary>
    public sealed record Reattached(long Number, Instant Time) : StreamInput;

    /// <summary>Half a second of wall time has passed.</summary>
    /// <param name="Time">Market time.</param>
    /// <param name="IsTold">Whether a whole second has, which is told to the reader.</param>
    public sealed record Tick(Instant Time, bool IsTold) : StreamInput;
}
