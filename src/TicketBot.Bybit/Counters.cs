using System.Diagnostics.Metrics;

namespace TicketBot.Bybit;

/// <summary>What the connector counts.</summary>
internal enum Counter
{
    /// <summary>Sockets opened.</summary>
    Connects,

    /// <summary>Streams lost after they stood.</summary>
    Losses,

    /// <summary>Frames that could not be read.</summary>
    FramesUnreadable,

    /// <summary>Topics subscribed anew because they were mute or had a gap.</summary>
    TopicsAskedAgain,

    /// <summary>Candles read over REST because the stream lacked them.</summary>
    CandlesRepaired,

    /// <summary>Candles that the venue's history gave otherwise than its stream.</summary>
    CandlesRevised,

    /// <summary>Candles refused because they lay in the future.</summary>
    CandlesRefused,

    /// <summary>Answers that said the rate limit was passed.</summary>
    RateLimited,

    /// <summary>Answers that never came.</summary>
    AnswersLost,
}

/// <summary>Counts since the connector was made, told as the metric <c>ticketbot.bybit.happened</c> too. Safe for use by several threads.</summary>
internal sealed class Counters
{
    private static readonly Meter Meter = new("TicketBot.Bybit");
    private static readonly Counter<long> Happened = Meter.CreateCounter<long>("ticketbot.bybit.happened", description: "what happened at the connector, by kind");
    private readonly long[] _counts = new long[Enum.GetValues<Counter>().Length];

    /// <summary>Adds to a count.</summary>
    public void Add(Counter counter, int by = 1)
    {
        Interlocked.Add(ref _counts[(int)counter], by);
        Happened.Add(by, new KeyValuePair<string, object?>("kind", counter.ToString()));
    }

    /// <summary>Returns the counts of this moment.</summary>
    public ConnectorCounts Read() => new(
        Of(Counter.Connects), Of(Counter.Losses), Of(Counter.FramesUnreadable), Of(Counter.TopicsAskedAgain), Of(Counter.CandlesRepaired),
        Of(Counter.CandlesRevised), Of(Counter.CandlesRefused), Of(Counter.RateLimited), Of(Counter.AnswersLost));

    private long Of(Counter counter) => Interlocked.Read(ref _counts[(int)counter]);
}
