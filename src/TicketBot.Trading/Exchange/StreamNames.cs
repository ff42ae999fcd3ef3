using TicketBot.Domain;

namespace TicketBot.Trading.Exchange;

/// <summary>What an interruption is about: the <c>Stream</c> of <see cref="ExchangeEvent.StreamInterrupted"/> and <see cref="ExchangeEvent.StreamRestored"/>.</summary>
public static class StreamNames
{
    /// <summary>All public data: candles may be missing in every series.</summary>
    public const string Public = "public";

    /// <summary>Orders, executions, positions and wallet: they may have changed unheard.</summary>
    public const string Private = "private";

    /// <summary>The account itself: the key was refused, has expired or lacks a right, so that orders cannot be sent.</summary>
    public const string Account = "account";

    /// <summary>The clock: it differs from the venue's by more than an order may.</summary>
    public const string Clock = "clock";

    /// <summary>The journal: what is decided cannot be made durable. Said by the trader itself, not by a venue.</summary>
    public const string Journal = "journal";

    private const string CandlesPrefix = "candles ";

    /// <summary>Returns the name for one series of candles that went silent or lacks a candle, for example <c>candles BTCUSDT/15m</c>.</summary>
    public static string OfCandles(SeriesKey series) => CandlesPrefix + series;

    /// <summary>Reads a name that <see cref="OfCandles"/> made.</summary>
    /// <param name="stream">The name.</param>
    /// <param name="series">The series; <c>default</c> when the name stands for something else.</param>
    public static bool TryReadCandles(string? stream, out SeriesKey series)
    {
        series = default;
        if (stream is null || !stream.StartsWith(CandlesPrefix, StringComparison.Ordinal))
        {
            return false;
        }

        var slash = stream.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !Symbol.IsValid(stream[CandlesPrefix.Length..slash]) || !Interval.TryParse(stream[(slash + 1)..], out var interval))
        {
            return false;
        }

        series = new SeriesKey(new Symbol(stream[CandlesPrefix.Length..slash]), interval);
        return true;
    }
}
