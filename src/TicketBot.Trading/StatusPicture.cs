using TicketBot.Domain;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Orders;
using TicketBot.Trading.Risk;
using TicketBot.Trading.Signals;

namespace TicketBot.Trading;

/// <summary>Draws the picture of the trader that pages and verbs show.</summary>
internal static class StatusPicture
{
    /// <summary>Returns the picture.</summary>
    public static TradingStatus Of(
        AccountState account, IReadOnlyList<SeriesPipeline> pipelines, IReadOnlyList<DecisionStatus> decisions,
        IReadOnlyList<(Instant Time, decimal Equity)> equity, CheckFindings findings) => new()
        {
            Mode = account.State == TradingState.Halted ? AccountMode.Halted : ReasonsOf(account).Any() ? AccountMode.Reducing : AccountMode.Active,
            ModeReasons = [.. ReasonsOf(account)],
            SymbolHalts = [.. account.SymbolHalts],
            Interrupted = [.. account.Interrupted],
            IsReconciled = account.IsReconciled,
            Reconcile = new ReconcileStatus(null, findings.Readings, findings.Differences, findings.LastDifference, findings.LastDifferenceAt, findings.Standing),
            UnknownOrders = [.. account.OpenOrders.Values.Where(t => t.Order.Status == OrderStatus.Unknown).Select(t => new UnknownOrder(t.Order.Id, t.Order.Symbol, t.Order.ReduceOnly))],
            LastDay = account.LastDay,
            MarketTime = account.MarketTime,
            State = account.State,
            StateReason = account.StateReason,
            Equity = account.Equity,
            WalletBalance = account.Wallet,
            DayPeakEquity = account.DayPeak,
            Realised = account.Realised,
            Fees = account.Fees,
            Funding = account.Funding,
            DayLoss = (double)account.DayLoss,
            Counts = account.Counts,
            Positions = [.. account.Holdings.Values.Where(h => !h.Position.IsFlat).Select(h => Of(h, account))],
            Series = [.. pipelines.Select(p => Of(p, account))],
            Decisions = decisions,
            Fills = [.. account.Fills.Reverse()],
            EquityCurve = equity,
        };

    /// <summary>Returns the row of a decision.</summary>
    public static DecisionStatus Of(Decision d, long sequence) => new(
        sequence, d.Time, d.Series, d.FeatureHash.Text, d.Regime, d.Ticket?.Value ?? "", d.ProbabilityUp, d.Confidence, d.Signal?.ToString() ?? "",
        d.Denial == DenialCode.None ? "approved" : d.Denial.ToString(), d.Detail, d.Order?.Value ?? "");

    // Candles that are late concern single series only.
    private static IEnumerable<string> ReasonsOf(AccountState account)
    {
        if (account.State != TradingState.Active)
        {
            yield return account.StateReason;
        }

        foreach (var stream in account.Interrupted.Where(s => !StreamNames.TryReadCandles(s, out _)))
        {
            yield return $"interrupted: {stream}";
        }

        if (!account.IsReconciled && account.State != TradingState.Starting)
        {
            yield return "account and venue do not agree yet";
        }
    }

    private static PositionStatus Of(Holding h, AccountState account)
    {
        var p = h.Position;
        var mark = account.LastCloseOf(p.Symbol) ?? (double)p.AverageEntry;
        return new PositionStatus(
            p.Symbol, p.SignedQuantity, p.AverageEntry, mark, p.Unrealised((decimal)mark), h.Stop, h.StopConfirmed, h.Owner?.Value ?? "", h.OpenedAt,
            h.ExitDue, h.IsForeign);
    }

    private static SeriesStatus Of(SeriesPipeline p, AccountState account)
    {
        var limit = account.SizeLimitOf(p.Key, p.Active?.Regimes.Id);
        var probabilities = new Dictionary<string, double>(StringComparer.Ordinal);
        var tickets = new Dictionary<string, string>(StringComparer.Ordinal);
        if (p.Active is { } set)
        {
            for (var i = 0; i < set.Regimes.Names.Count && p.Regime is not null; i++)
            {
                probabilities[set.Regimes.Names[i]] = p.RegimeProbabilities[i];
            }

            foreach (var ticket in set.Tickets)
            {
                tickets[ticket.Regime] = ticket.Id.Value;
            }
        }

        var regime = p.Regime?.Name;
        return new SeriesStatus(
            p.Key, p.LastClose ?? default, p.Candles.Count == 0 ? 0 : p.Candles.Close[^1], regime, probabilities,
            regime is not null && tickets.TryGetValue(regime, out var id) ? id : null, tickets, p.LastSimilarity, p.Active?.Regimes.Id.Value,
            limit.Factor, limit.Reason);
    }
}
