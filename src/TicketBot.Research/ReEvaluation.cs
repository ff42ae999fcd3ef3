using System.Globalization;
using TicketBot.Domain;
using TicketBot.Market;
using TicketBot.Market.Candles;
using TicketBot.Market.Regimes;
using TicketBot.Research.Datasets;
using TicketBot.Research.Gates;
using TicketBot.Research.Splits;
using TicketBot.Research.Stages;
using TicketBot.Tickets;
using TicketBot.Trading;

namespace TicketBot.Research;

/// <summary>What the newest out-of-sample rows say about a live ticket.</summary>
/// <param name="Ticket">The ticket.</param>
/// <param name="Rows">Rows of its regime after everything it was fitted on.</param>
/// <param name="Trades">Trades on them.</param>
/// <param name="NetPerTradeBp">Mean net return per trade in basis points.</param>
/// <param name="Gates">The judgements; only that of its stated confidence when there are too few trades for the others.</param>
/// <param name="Demote">Whether it no longer holds: it is not right as often as it says, or it has trades enough and a gate refused.</param>
/// <param name="Reason">Plain words.</param>
public sealed record ReEvaluation(TicketId Ticket, int Rows, int Trades, double NetPerTradeBp, GateReport Gates, bool Demote, string Reason)
{
    internal static ReEvaluation Of(
        SearchInput input, TicketSet live, Ticket ticket, ResearchOptions options, MarketOptions market, TradingOptions trading)
    {
        var evidence = EvidenceOf(input, live.Regimes, ticket, options, market, trading);
        var rows = evidence.Rows;
        var fresh = FreshFrom(ticket, input.Interval, market);
        var trades = evidence.Trades();
        var confidence = StatedConfidence.Judge(evidence, ticket.Lineage.TestedUntil);
        if (trades.Count < options.MinTrades && confidence.Passed == true)
        {
            return new ReEvaluation(
                ticket.Id, rows.Count, trades.Count, trades.NetPerTradeBp, new GateReport([confidence]), false,
                $"{trades.Count} trades since {fresh}, fewer than {options.MinTrades}: too few to judge what they earn, nothing changes; {confidence.Reason}");
        }

        Gate[] earning =
        [
            new NetExpectancyGate(options.BootstrapBlock, options.BootstrapDraws),
            new BetterThanReversalGate(options.BootstrapBlock, options.BootstrapDraws),
        ];
        var earned = confidence.Passed == true
            ? Gate.Run(earning, evidence).Judgements
            : earning.Select(g => GateJudgement.NotRun(g.Name, g.Threshold(evidence)));
        var gates = new GateReport([confidence, .. earned]);
        return new ReEvaluation(
            ticket.Id, rows.Count, trades.Count, trades.NetPerTradeBp, gates, !gates.Passed,
            gates.FirstRefusal is { } refusal ? $"{refusal.Name}: {refusal.Reason}" : $"still holds: {gates.Judgements[1].Reason}; {confidence.Reason}");
    }

    /// <summary>Returns what a ticket answered on the rows of its regime after everything it was fitted on; no controls.</summary>
    /// <exception cref="ResearchRefusedException">The candles of the reference symbol are missing.</exception>
    internal static TicketEvidence EvidenceOf(
        SearchInput input, RegimeSet regimes, Ticket ticket, ResearchOptions options, MarketOptions market, TradingOptions trading)
    {
        var series = CandleSeries.Of(input.Symbol, input.Interval, input.Candles, input.Hours);
        var reference = ticket.Schema.Reference is { } other && input.ReferenceCandles is { } candles
            ? CandleSeries.Of(other, input.Interval, candles, input.Hours)
            : null;
        if (ticket.Schema.Reference is { } missing && reference is null)
        {
            throw new ResearchRefusedException($"ticket {ticket.Id.Short} reads {missing}, whose candles were not given; give them");
        }

        var dataset = Dataset.Of(series, reference, ticket.Schema, ticket.HorizonCandles, (double)trading.StopLossFraction, input.AsOf, ticket.Architecture.Window);
        var columns = RegimeColumns.Of(dataset, regimes);
        var state = regimes.Names.ToList().IndexOf(ticket.Regime);
        var fresh = FreshFrom(ticket, input.Interval, market);
        int[] rows = [.. Enumerable.Range(0, dataset.Rows).Where(r => columns.States[r] == state && dataset.OpenOf(r) >= fresh)];
        var before = Enumerable.Range(0, dataset.Rows).TakeWhile(r => dataset.CloseOf(r) <= ticket.Lineage.TrainedUntil).Count();
        var compiled = new CompiledTicket(ticket);
        return new TicketEvidence
        {
            Dataset = dataset,
            Train = new RowRange(0, Math.Max(1, before)),
            Rows = rows,
            ProbabilityUp = [.. rows.Select(r => compiled.ProbabilityUp(dataset.WindowOf(r, dataset.Window)))],
            Controls = [],
            Costs = TradeCosts.Of(trading, options),
            Confidence = trading.ConfidenceThreshold,
            Level = options.Alpha,
            LevelText = options.Alpha.ToString("0.###", CultureInfo.InvariantCulture),
            Seed = StageHash.Seed("re-evaluation", ticket.Id, dataset.Hash),
        };
    }

    /// <summary>Returns the open time from which candles are none that the ticket was fitted on, nor overlap with one by features, regime or label.</summary>
    internal static Instant FreshFrom(Ticket ticket, Interval interval, MarketOptions market)
    {
        var gap = ChronologicalSplit.GapCandles(ticket.HorizonCandles, Math.Max(ticket.Lookback, market.Regimes.Window));
        return interval.Shift(interval.OpenOf(ticket.Lineage.TrainedUntil), gap);
    }
}
