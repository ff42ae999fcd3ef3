namespace TicketBot.Bybit.Streams;

/// <summary>How long a public topic may be mute while others talk.</summary>
internal sealed record Freshness
{
    /// <summary>Between two looks.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Ticker and book change several times a second on a living contract.</summary>
    public TimeSpan Lively { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Candles are pushed every 1 to 60 s (https://bybit-exchange.github.io/docs/v5/websocket/public/kline).</summary>
    public TimeSpan Candles { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>A topic whose candle is overdue is asked for again when it has been mute for this long.</summary>
    public TimeSpan Overdue { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The socket counts as talking when anything came within this time.</summary>
    public TimeSpan Talking { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Pause before a refused topic is asked for again.</summary>
    public TimeSpan Refused { get; init; } = TimeSpan.FromSeconds(30);
}
