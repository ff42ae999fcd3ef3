using TicketBot.Domain;

namespace TicketBot.Tickets;

/// <summary>One configuration that was evaluated.</summary>
/// <param name="Symbol">The contract.</param>
/// <param name="Interval">The candle length.</param>
/// <param name="ConfigurationHash">SHA-256 (hex) of the configuration.</param>
/// <param name="From">Open time of the first candle used.</param>
/// <param name="Until">Close time of the last candle used.</param>
/// <param name="Score">Its out-of-sample score.</param>
/// <param name="What">Plain words.</param>
public sealed record Trial(Symbol Symbol, Interval Interval, string ConfigurationHash, Instant From, Instant Until, double Score, string What);

/// <summary>The append-only, hash-chained list of every configuration ever evaluated.</summary>
public interface ITrialLedger
{
    /// <summary>Appends a trial; the same configuration on the same span is kept once.</summary>
    ValueTask AppendAsync(Trial trial, Instant at, CancellationToken cancellationToken);

    /// <summary>Returns the number of distinct configurations tried on data of <paramref name="symbol"/> that overlaps the span.</summary>
    ValueTask<int> CountAsync(Symbol symbol, Instant from, Instant until, CancellationToken cancellationToken);

    /// <summary>Returns the trials on data of <paramref name="symbol"/> that overlaps the span, in the order of their entry.</summary>
    ValueTask<IReadOnlyList<Trial>> ListAsync(Symbol symbol, Instant from, Instant until, CancellationToken cancellationToken);

    /// <summary>Checks the hash chain; returns the index of the first broken row, or <c>null</c>.</summary>
    ValueTask<long?> VerifyAsync(CancellationToken cancellationToken);
}
