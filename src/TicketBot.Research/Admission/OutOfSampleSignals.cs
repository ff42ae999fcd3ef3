using TicketBot.Domain;
using TicketBot.Market;
using TicketBot.Market.Regimes;
using TicketBot.Research.Statistics;
using TicketBot.Tickets;
using TicketBot.Trading;

namespace TicketBot.Research.Admission;

/// <summary>What a ticket said on the purged rows that its gates judged it on, and what came of it: the past that a <see cref="TrackRecord"/> begins with.</summary>
public static class OutOfSampleSignals
{
    /// <summary>Returns the open times of the candles that are read: from the first, inclusive, to the second, exclusive.</summary>
    public static (Instant From, Instant Until) Range(Ticket ticket, RegimeSet regimes, MarketOptions market)
    {
        var first = ReEvaluation.FreshFrom(ticket, ticket.Interval, market);
        return (ticket.Interval.Shift(first, -Math.Max(ticket.Lookback, regimes.Window)), ticket.Lineage.TestedUntil);
    }

    /// <summary>Returns the signals of rows whose outcome was known when the ticket was judged, oldest first, none overlapping the one before.</summary>
    /// <param name="input">At least the candles of <see cref="Range"/>.</param>
    /// <param name="regimes">The ticket's regime set.</param>
    /// <param name="ticket">The ticket.</param>
    /// <param name="research">Settings of judgement.</param>
    /// <param name="market">Settings of features and regimes.</param>
    /// <param name="trading">Confidence and costs.</param>
    /// <exception cref="ResearchRefusedException">The candles of the reference symbol are missing.</exception>
    public static IReadOnlyList<CalibratedSignal> Of(
        SearchInput input, RegimeSet regimes, Ticket ticket, ResearchOptions research, MarketOptions market, TradingOptions trading) =>
        StatedConfidence.Signals(ReEvaluation.EvidenceOf(input, regimes, ticket, research, market, trading), ticket.Lineage.TestedUntil).Known;
}
