using TicketBot.Host.Running;
using TicketBot.Research;
using TicketBot.Research.Admission;
using TicketBot.Research.Transfer;
using TicketBot.Storage;
using TicketBot.Tickets;

namespace TicketBot.Host.Jobs;

/// <summary>Serves a market with too few candles for a search of its own by the tickets of the most similar market that has some: trained on at their masks, judged by every gate and against
/// a network trained from drawn weights, sized by their own similarity. Else nothing trades, and the reason says why.</summary>
/// <param name="options">Least similarity, horizon, newest candles.</param>
/// <param name="candles">The candle store.</param>
/// <param name="registry">The registry.</param>
/// <param name="folder">Data folder.</param>
internal sealed class ColdStart(ResearchOptions options, SqliteCandleStore candles, SqliteTicketRegistry registry, DataFolder folder)
{
    /// <summary>Does it; returns what came of it in plain words.</summary>
    /// <param name="input">The new market.</param>
    /// <param name="why">Why it cannot be searched by itself.</param>
    /// <param name="start">Makes tickets of another market's.</param>
    /// <param name="admit">Gives them their states.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ResearchRefusedException">Nothing can be brought to it; the message says why.</exception>
    public async Task<string> RunAsync(
        SearchInput input, string why, Func<TicketSet, Task<FactoryResult>> start, Func<FactoryResult, Task<AdmissionOutcome>> admit, CancellationToken cancellationToken)
    {
        var markets = await MarketTables.ReadAsync(candles, input.Interval, options, cancellationToken);
        if (markets.Tables.FirstOrDefault(market => market.Symbol == input.Symbol) is not { Table: not null } target)
        {
            throw Refused(why, "it has too few rows to be compared with other markets");
        }

        var ranked = DomainMap.SourcesOf(target, markets.Tables, cancellationToken);
        if (ranked.Count == 0)
        {
            throw Refused(why, "the store has no other market to start from; fetch or import one");
        }

        List<string> passedOver = [];
        foreach (var pair in ranked)
        {
            if (pair.Similarity < options.Transfer.MinSimilarity)
            {
                passedOver.Add(FormattableString.Invariant($"{pair.Source} is the most similar of {ranked.Count - passedOver.Count} left, at {pair.Similarity:0.000} with {options.Transfer.MinSimilarity:0.00} wanted (Research:Transfer:MinSimilarity)"));
                break;
            }

            if (await registry.ActiveSetAsync(new Domain.Symbol(pair.Source), input.Interval, cancellationToken) is not { Tickets.Count: > 0 } live)
            {
                passedOver.Add(FormattableString.Invariant($"{pair.Source} (similarity {pair.Similarity:0.000}) has no live ticket"));
                continue;
            }

            var result = await start(live);
            var outcome = await admit(result);
            var refusals = result.Tickets.Where(t => !t.Gates.Passed).Select(t => $"{t.Regime} refused at {t.Gates.FirstRefusal?.Name}");
            var words = FormattableString.Invariant($"cold start from {pair.Source} (similarity {pair.Similarity:0.000}): {string.Join("; ", [$"{result.Tickets.Count(t => t.Gates.Passed)} of {result.Tickets.Count} tickets passed", outcome.Reason, .. refusals])}; by itself: {why}");
            await new TransferFiles(folder).WriteAsync(input, result, pair, words, cancellationToken);
            return words;
        }

        throw Refused(why, string.Join("; ", passedOver));
    }

    private static ResearchRefusedException Refused(string why, string reason) => new($"{why}; no other market's tickets serve it either: {reason}");
}
