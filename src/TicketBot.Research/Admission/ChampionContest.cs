using System.Globalization;
using TicketBot.Domain;
using TicketBot.Learning;
using TicketBot.Market.Candles;
using TicketBot.Research.Datasets;
using TicketBot.Research.Gates;
using TicketBot.Research.Stages;
using TicketBot.Research.Statistics;
using TicketBot.Tickets;
using TicketBot.Trading;

namespace TicketBot.Research.Admission;

/// <summary>Champion against challenger on the same past rows, none of which either was fitted on. Told when a challenger goes into shadow; it decides nothing, for a search saw the rows
/// that its gates judged on (<see cref="PairedEvidence"/> decides).</summary>
/// <param name="Rows">Rows compared.</param>
/// <param name="ChampionLowBp">Bootstrap lower bound of the champion's mean net return per row in basis points.</param>
/// <param name="ChallengerLowBp">The same of the challenger.</param>
/// <param name="ChallengerWins">Whether the challenger's bound is the better one.</param>
/// <param name="Reason">Plain words.</param>
public sealed record ChampionContest(int Rows, double ChampionLowBp, double ChallengerLowBp, bool ChallengerWins, string Reason)
{
    private const int LeastRows = 500;

    /// <summary>Holds the contest.</summary>
    /// <param name="input">Candles and market time.</param>
    /// <param name="champion">What trades now.</param>
    /// <param name="challenger">What would take its place: tickets that passed their gates.</param>
    /// <param name="options">Bootstrap figures.</param>
    /// <param name="trading">Confidence and costs.</param>
    public static ChampionContest Of(
        SearchInput input, TicketSet champion, TicketSet challenger, ResearchOptions options, TradingOptions trading)
    {
        var tickets = champion.Tickets.Concat(challenger.Tickets).ToList();
        if (champion.Tickets.Count == 0 || challenger.Tickets.Count == 0)
        {
            throw new ArgumentException($"a contest needs tickets on both sides, had {champion.Tickets.Count} and {challenger.Tickets.Count}");
        }

        var window = tickets.Max(t => t.Lookback);
        var from = input.Interval.Shift(input.Interval.OpenOf(new Instant(tickets.Max(t => t.Lineage.TrainedUntil.UnixMilliseconds))), window);
        var old = NetByClose(input, champion, from, options, trading);
        var young = NetByClose(input, challenger, from, options, trading);
        var common = old.Keys.Intersect(young.Keys).Order().ToList();
        if (common.Count < LeastRows)
        {
            return new ChampionContest(
                common.Count, 0, 0, false, $"{common.Count} rows are unseen by both, fewer than {LeastRows}");
        }

        double[] oldNet = [.. common.Select(c => old[c])];
        double[] youngNet = [.. common.Select(c => young[c])];
        var seed = StageHash.Seed("contest", champion.Regimes.Id, challenger.Regimes.Id, common[0], common.Count);
        var low = StationaryBootstrap.OfMean(oldNet, options.Alpha, options.BootstrapBlock, options.BootstrapDraws, new Rng(seed)).Lower;
        var high = StationaryBootstrap.OfMean(youngNet, options.Alpha, options.BootstrapBlock, options.BootstrapDraws, new Rng(seed)).Lower;
        return new ChampionContest(
            common.Count, low, high, high > low,
            string.Create(
                CultureInfo.InvariantCulture,
                $"on {common.Count} rows unseen by both the challenger's lower bound is {high:0.00} bp per row, the champion's {low:0.00}: {(high > low ? "the challenger is ahead" : "the champion is ahead")}"));
    }

    // Net return by close time: at each row the ticket of the row's regime decides; no ticket, or one that has expired, no trade.
    internal static Dictionary<long, double> NetByClose(SearchInput input, TicketSet set, Instant from, ResearchOptions options, TradingOptions trading)
    {
        var first = set.Tickets[0];
        var series = CandleSeries.Of(input.Symbol, input.Interval, input.Candles, input.Hours);
        var reference = first.Schema.Reference is { } other && input.ReferenceCandles is { } candles
            ? CandleSeries.Of(other, input.Interval, candles, input.Hours)
            : null;
        var dataset = Dataset.Of(series, reference, first.Schema, first.HorizonCandles, (double)trading.StopLossFraction, input.AsOf, set.Tickets.Max(t => t.Architecture.Window));
        var regimes = RegimeColumns.Of(dataset, set.Regimes);
        var compiled = set.Regimes.Names.Select(n => set.Tickets.FirstOrDefault(t => t.Regime == n) is { } t ? new CompiledTicket(t) : null).ToList();
        int[] rows = [.. Enumerable.Range(0, dataset.Rows).Where(r => dataset.OpenOf(r) >= from && regimes.States[r] >= 0)];
        var trades = RowTrades.Of(
            dataset, rows, TradeCosts.Of(trading, options),
            row => compiled[regimes.States[row]] is { } ticket && ticket.Ticket.ExpiresAt > dataset.CloseOf(row) ? RowTrades.SideOf(ticket.ProbabilityUp(dataset.WindowOf(row, ticket.Steps)), trading.ConfidenceThreshold) : null);
        return rows.Select((row, i) => (Close: dataset.CloseOf(row).UnixMilliseconds, Net: trades.NetBp[i])).ToDictionary(r => r.Close, r => r.Net);
    }
}
