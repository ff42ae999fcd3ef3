using TicketBot.Domain;
using TicketBot.Testing;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;

namespace TicketBot.Trading.Tests;

/// <summary>A limit of size joins the similarity by the smaller of the two, outlives a restart and ends with the tickets it is about.</summary>
public sealed class TradingCoreSizeLimitTests
{
    private static readonly SeriesKey Series = new(CoreHarness.Bitcoin, Interval.FifteenMinutes);
    private readonly TicketSet _set = CoreHarness.Set(0.8);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0.5, 0.5)]
    [InlineData(0.25, 0.25)]
    public void An_entry_has_at_most_that_share_of_its_size(double factor, double share)
    {
        var (free, limited) = (SizeUnder(_set, null), SizeUnder(_set, factor));
        Assert.InRange(limited, (free * (decimal)share) - 0.001m, free * (decimal)share);
    }

    [Fact]
    public void Where_the_similarity_asks_for_less_the_limit_changes_nothing_and_never_adds()
    {
        var unlike = _set with { Tickets = [.. _set.Tickets.Select(t => Ticket.Seal(t with { Similarity = Shifted(t) }))] };
        var h = Limited(unlike, null);
        var similarity = h.LastDecision().Similarity!.Value;
        Assert.InRange(similarity, 0.05, 0.9);
        var alone = SizeUnder(unlike, null);
        Assert.Equal(alone, SizeUnder(unlike, Math.Min(1, similarity + 0.05)));
        Assert.Equal(alone, SizeUnder(unlike, 1));
        Assert.True(SizeUnder(unlike, similarity / 2) < alone);
    }

    [Fact]
    public void Below_the_least_similarity_nothing_is_opened()
    {
        var h = new CoreHarness(o => o.MinSimilarity = 0.25).StartReconciled(set: _set);
        h.Send(new Fact.SizeLimited(Series, _set.Regimes.Id, 0.2, "drift"));
        h.Step();
        Assert.Empty(h.Submitted);
    }

    [Fact]
    public void It_outlives_a_restart_and_ends_with_another_regime_set()
    {
        var first = Limited(_set, 0.5);
        first.Journal.Commit();
        var second = new CoreHarness(journal: new MemoryJournal(first.Journal.Committed));
        second.StartReconciled(second.Core.Account.Wallet.Value, _set);
        Assert.Equal((0.5, "drift"), second.Core.Account.SizeLimitOf(Series, _set.Regimes.Id));
        Assert.Equal(0.5, Assert.Single(second.Core.Picture().Series).SizeLimit);

        var regimes = TestTickets.Regimes(2);
        second.Activate(_set with { Regimes = regimes, Tickets = [.. _set.Tickets.Select(t => Ticket.Seal(t with { RegimeSetId = regimes.Id }))] });
        Assert.Equal(1, Assert.Single(second.Core.Picture().Series).SizeLimit);
    }

    private static SimilarityReference Shifted(Ticket ticket)
    {
        // Far deviations and a small limit: the distance is small, but beyond it by a little.
        var like = ticket.Similarity;
        var probe = new SimilarityReference(like.WindowRows, like.Centres, like.Deviations, 1e-9);
        var h = Limited(CoreHarness.Set(0.8), null);
        var pipeline = h.Core.PipelineOf(Series);
        var compiled = new CompiledTicket(Ticket.Seal(ticket with { Similarity = probe }));
        var (low, high) = (1e-9, 1.0);
        for (var i = 0; i < 60; i++)
        {
            var limit = Math.Sqrt(low * high);
            compiled = new CompiledTicket(Ticket.Seal(ticket with { Similarity = new SimilarityReference(like.WindowRows, like.Centres, like.Deviations, limit) }));
            (low, high) = pipeline.SimilarityTo(compiled, h.Now) < 0.5 ? (limit, high) : (low, limit);
        }

        return compiled.Ticket.Similarity;
    }

    private decimal SizeUnder(TicketSet set, double? factor) => Assert.Single(Limited(set, factor).Submitted).Quantity.Value;

    private static CoreHarness Limited(TicketSet set, double? factor)
    {
        var h = new CoreHarness().StartReconciled(set: set);
        if (factor is { } share)
        {
            h.Send(new Fact.SizeLimited(Series, set.Regimes.Id, share, "drift"));
        }

        h.Step();
        return h;
    }
}
