using TicketBot.Domain;
using TicketBot.Market;
using TicketBot.Research.Stages;
using TicketBot.Tickets;
using TicketBot.Trading;

namespace TicketBot.Research.Admission;

/// <summary>What becomes of tickets in shadow.</summary>
public enum ShadowVerdict
{
    /// <summary>They stay.</summary>
    Stay = 1,

    /// <summary>They take over.</summary>
    Promote = 2,

    /// <summary>They are retired.</summary>
    Retire = 3,
}

/// <summary>The verdict on tickets in shadow that stand or fall together.</summary>
/// <param name="Tickets">The tickets: all of a regime set that is not in force, or one of that in force.</param>
/// <param name="Verdict">What becomes of them.</param>
/// <param name="Reason">Plain words.</param>
public sealed record ShadowTrial(IReadOnlyList<Ticket> Tickets, ShadowVerdict Verdict, string Reason)
{
    /// <summary>Judges every ticket in shadow of a series: what has expired or is not right as often as it says is retired, by the test that live tickets undergo; what is left takes over
    /// when it did better than the champion on the same decisions, or after enough decisions where there is no champion.</summary>
    /// <param name="input">Candles and market time.</param>
    /// <param name="active">What is in force.</param>
    /// <param name="shadows">Tickets in shadow.</param>
    /// <param name="regimesOf">Regime set of each ticket that is not in force.</param>
    /// <param name="research">Alpha and bootstrap figures.</param>
    /// <param name="market">Settings of features and regimes.</param>
    /// <param name="trading">Confidence, costs and decisions in shadow.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static IReadOnlyList<ShadowTrial> Of(
        SearchInput input, TicketSet active, IReadOnlyList<RegistryEntry> shadows, IReadOnlyDictionary<string, Market.Regimes.RegimeSet> regimesOf, ResearchOptions research,
        MarketOptions market, TradingOptions trading, CancellationToken cancellationToken)
    {
        var trials = new List<ShadowTrial>();
        var sound = new List<RegistryEntry>();
        foreach (var entry in shadows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var ticket = entry.Ticket;
            var regimes = regimesOf[ticket.RegimeSetId.Value];
            if (ticket.ExpiresAt <= input.AsOf)
            {
                trials.Add(new ShadowTrial([ticket], ShadowVerdict.Retire, $"it expired at {ticket.ExpiresAt} before it won"));
            }
            else if (StatedConfidence.Judge(ReEvaluation.EvidenceOf(input, regimes, ticket, research, market, trading), ticket.Lineage.TestedUntil) is { Passed: false } refusal)
            {
                trials.Add(new ShadowTrial([ticket], ShadowVerdict.Retire, $"{refusal.Name}: {refusal.Reason}"));
            }
            else
            {
                sound.Add(entry);
            }
        }

        foreach (var group in sound.GroupBy(e => (Set: e.Ticket.RegimeSetId.Value, Alone: e.Ticket.RegimeSetId == active.Regimes.Id ? e.Ticket.Id.Value : "")))
        {
            cancellationToken.ThrowIfCancellationRequested();
            List<Ticket> tickets = [.. group.Select(e => e.Ticket)];
            var challenger = new TicketSet(active.Symbol, active.Interval, regimesOf[group.Key.Set], tickets);
            var holders = active.Tickets.Where(t => t.ExpiresAt > input.AsOf && (group.Key.Alone.Length == 0 || t.Regime == tickets[0].Regime)).ToList();
            trials.Add(Judge(input, active with { Tickets = holders }, challenger, group.Max(e => e.Since), research, trading));
        }

        return trials;
    }

    private static ShadowTrial Judge(SearchInput input, TicketSet champion, TicketSet challenger, Instant since, ResearchOptions research, TradingOptions trading)
    {
        var young = ChampionContest.NetByClose(input, challenger, since, research, trading);
        if (champion.Tickets.Count == 0)
        {
            return young.Count >= trading.ShadowDecisions
                ? new ShadowTrial(challenger.Tickets, ShadowVerdict.Promote, $"there is no champion, and {young.Count} decisions passed in shadow since {since}")
                : new ShadowTrial(challenger.Tickets, ShadowVerdict.Stay, $"there is no champion; {young.Count} of {trading.ShadowDecisions} decisions passed in shadow since {since}");
        }

        var old = ChampionContest.NetByClose(input, champion, since, research, trading);
        double[] differences = [.. young.Keys.Where(old.ContainsKey).Order().Select(close => young[close] - old[close])];
        var evidence = PairedEvidence.Of(
            differences, trading.ShadowDecisions, research, StageHash.Seed("shadow", string.Join(',', champion.Tickets.Concat(challenger.Tickets).Select(t => t.Id.Value)), since.UnixMilliseconds));
        return new ShadowTrial(challenger.Tickets, evidence.IsBetter ? ShadowVerdict.Promote : ShadowVerdict.Stay, evidence.ToString());
    }
}
