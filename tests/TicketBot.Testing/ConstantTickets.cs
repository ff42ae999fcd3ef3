using TicketBot.Domain;
using TicketBot.Market.Regimes;
using TicketBot.Tickets;

namespace TicketBot.Testing;

/// <summary>Sealed tickets that answer the same probability for every row, for tests that need trades.</summary>
public static class ConstantTickets
{
    /// <summary>A regime set and one ticket for each of its regimes, which all say that the price rises.</summary>
    /// <param name="probabilityUp">What they answer.</param>
    /// <param name="expires">Market time from which they open nothing.</param>
    /// <param name="passed">Whether their gates passed.</param>
    public static TicketSet Set(double probabilityUp, Instant expires, bool passed = true)
    {
        var regimes = TestTickets.Regimes();
        return new TicketSet(
            TestTickets.Symbol, Interval.FifteenMinutes, regimes, [.. regimes.Names.Select(name => One(name, regimes, probabilityUp, expires, passed))]);
    }

    // All weights are zero but one output bias, and no market is too far from the training market.
    private static Ticket One(string regime, RegimeSet regimes, double probabilityUp, Instant expires, bool passed)
    {
        var draft = TestTickets.Direction(regime, passed: passed, regimes: regimes);
        float[][] weights = [.. draft.Weights.Select(w => new float[w.Length])];
        weights[^1][1] = (float)Math.Log(probabilityUp / (1 - probabilityUp));
        var statistics = draft.Schema.Names.Count * SimilarityReference.StatisticsPerFeature;
        return Ticket.Seal(draft with
        {
            Weights = weights,
            RewindWeights = weights,
            Temperature = 1,
            ExpiresAt = expires,
            Similarity = new SimilarityReference(96, [.. Enumerable.Repeat(0.0, statistics)], [.. Enumerable.Repeat(1e6, statistics)], 1),
        });
    }
}
