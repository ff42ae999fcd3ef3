using System.Globalization;
using TicketBot.Domain;
using TicketBot.Scenarios.Running;
using TicketBot.Simulator.Matching;
using TicketBot.Storage;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;
using TicketBot.Trading.Risk;

namespace TicketBot.Scenarios.Campaign;

/// <summary>What must be true after every play, whatever was done to it: the venue's word, the journal on disk and the candles on disk are
/// held against each other.</summary>
/// <remarks>I1: one intent leads to at most one order, no order without an intent on disk, no fill beyond it. I2: journal and venue hold the same
/// positions, and the journal decides the same again. I3: stops (seen while it played; here: every entry carried one). I4: size, stop distance
/// and confidence. I7: stored candles are the market's. I8: the wallet is the sum of fills, fees and funding.</remarks>
internal static class Oracle
{
    /// <summary>Examines a scene whose market has ended or stands still; no trader runs.</summary>
    internal static async Task<IReadOnlyList<string>> ExamineAsync(Scene scene, TradingOptions options, OracleScope scope = default)
    {
        var breaks = new List<string>(scene.Breaks);
        var journal = await JournalFile.ReadAsync(scene.FileOf("journal.db"));
        var account = journal.Account();
        var (orders, executions, positions, wallet, sums) = scene.Read((venue, a) => (
            a.Orders.OrderBy(o => o.Number).ToList(), a.Executions.ToList(),
            venue.Instruments.Select(i => venue.PositionOf(a, i.Symbol)).ToList(), venue.WalletOf(a),
            a.InitialBalance + a.Realised - a.Fees - a.Funding + a.Transfers));
        Orders(orders, journal, scope, breaks);
        Entries(orders, journal, options, scope, breaks);
        Gates(journal, options, breaks);
        Adopted(executions, orders, journal, scope, breaks);
        Halts(journal, scope, breaks);
        foreach (var position in positions)
        {
            var ours = account.HoldingOf(position.Symbol).Position.SignedQuantity;
            if (ours != position.SignedQuantity)
            {
                breaks.Add(string.Create(CultureInfo.InvariantCulture, $"I2: {position.Symbol} is {position.SignedQuantity} at the venue and {ours} in the journal"));
            }

            if (position.SignedQuantity != 0 && position.StopLoss is null && scene.IsVenueWell)
            {
                breaks.Add($"I3: {position.Symbol} ends open and without a stop");
            }

            if (position.SignedQuantity != 0 && !scope.MayEndOpen)
            {
                breaks.Add(string.Create(CultureInfo.InvariantCulture, $"K6: {position.Symbol} ends open with {position.SignedQuantity}, its horizon is over"));
            }
        }

        Signs(executions, orders, scope, breaks);
        if (account.Wallet.Value != wallet.Balance || wallet.Balance != sums)
        {
            breaks.Add(string.Create(CultureInfo.InvariantCulture, $"I8: the wallet is {wallet.Balance} at the venue, {sums} by its sums, {account.Wallet.Value} in the journal"));
        }

        var seen = journal.Executions.GroupBy(e => e.Id).FirstOrDefault(g => g.Count() > 1);
        if (seen is not null)
        {
            breaks.Add($"I2: execution {seen.Key} stands in the journal {seen.Count()} times");
        }

        await CandlesAsync(scene, scope, breaks);
        if (!scope.JournalWasDamaged)
        {
            await ReplayAsync(scene, options, breaks);
        }

        return breaks;
    }

    private static void Orders(List<VenueOrder> orders, JournalFile journal, OracleScope scope, List<string> breaks)
    {
        var intents = journal.Intents.ToDictionary(i => i.Request.Id.Value);
        foreach (var own in orders.Where(o => o.Request.LinkId.Length > 0).GroupBy(o => o.Request.LinkId))
        {
            if (own.Count() > 1)
            {
                breaks.Add($"I1: order {own.Key} exists {own.Count()} times");
            }

            var order = own.First();
            if (!intents.TryGetValue(own.Key, out var intent))
            {
                if (!scope.JournalWasDamaged)
                {
                    breaks.Add($"I1: order {own.Key} has no intent on disk");
                }
            }
            else if (order.Filled > intent.Request.Quantity.Value && !scope.OverfillForced)
            {
                breaks.Add(string.Create(CultureInfo.InvariantCulture, $"I1: order {own.Key} filled {order.Filled} of {intent.Request.Quantity}"));
            }
        }
    }

    private static void Entries(List<VenueOrder> orders, JournalFile journal, TradingOptions options, OracleScope scope, List<string> breaks)
    {
        foreach (var order in orders.Where(o => o.Request.LinkId.Length > 0 && !o.Request.ReduceOnly))
        {
            if (order.Request.StopLoss is not { } stop)
            {
                if (!scope.StopsAreLost)
                {
                    breaks.Add($"I3: entry {order.Request.LinkId} carries no stop");
                }

                continue;
            }

            // The stop is set from the last close; a tick of rounding and the move until the order leaves are its only slack.
            var distance = Math.Abs(stop - order.LastPriceOnCreated) / order.LastPriceOnCreated;
            if (distance > options.StopLossFraction * 1.5m)
            {
                breaks.Add(string.Create(CultureInfo.InvariantCulture, $"I4: entry {order.Request.LinkId} has its stop {distance:P2} away"));
            }
        }

        var decisions = journal.Facts.Select(f => f.Fact).OfType<Fact.Decided>().Select(d => d.Decision).Where(d => d.Order is not null).ToLookup(d => d.Order);
        foreach (var intent in journal.Intents.Where(i => i.Kind == IntentKind.Entry))
        {
            if (decisions[intent.Request.Id].FirstOrDefault()?.ProbabilityUp is not { } p || Math.Max(p, 1 - p) < options.ConfidenceThreshold)
            {
                breaks.Add($"I4: entry {intent.Request.Id} has no decision at or above the threshold");
            }
        }
    }

    // I4 and I5: what the journal itself says at the moment of each entry must allow it.
    private static void Gates(JournalFile journal, TradingOptions options, List<string> breaks)
    {
        var account = new AccountState();
        var sequence = 0L;
        var halted = new HashSet<Symbol>();
        foreach (var (time, fact) in journal.Facts)
        {
            if (fact is Fact.SymbolHalted(var stopped, _, _))
            {
                halted.Add(stopped);
            }
            else if (fact is Fact.SymbolResumed(var resumed, _, _))
            {
                halted.Remove(resumed);
            }
            else if (fact is Fact.Intended({ Kind: IntentKind.Entry } intent))
            {
                var request = intent.Request;
                var value = request.Quantity.Value * (decimal)(account.LastCloseOf(request.Symbol) ?? 0);
                if (value > account.Equity.Value * options.MaxPositionFraction)
                {
                    breaks.Add(string.Create(CultureInfo.InvariantCulture, $"I4: entry {request.Id} is worth {value:F2} at an equity of {account.Equity.Value:F2}"));
                }

                if (account.State != TradingState.Active || !account.IsReconciled || halted.Contains(request.Symbol)
                    || account.Interrupted.Contains(StreamNames.Private) || account.Interrupted.Contains(StreamNames.OfCandles(new SeriesKey(request.Symbol, Scene.Interval))))
                {
                    breaks.Add($"I5: entry {request.Id} at {time}, state {account.State}, reconciled {account.IsReconciled}, halted {halted.Contains(request.Symbol)}, interrupted {string.Join(", ", account.Interrupted)}");
                }
            }

            account.Apply(fact, time, ++sequence);
        }
    }

    // What somebody else's trade changed halts the contract until an operator has looked.
    private static void Adopted(List<VenueExecution> executions, List<VenueOrder> orders, JournalFile journal, OracleScope scope, List<string> breaks)
    {
        var ours = orders.Where(o => o.Request.LinkId.Length > 0 || o.IsStopLoss).Select(o => o.Id).ToHashSet();
        var intended = journal.Intents.Select(i => i.Request.Id).ToHashSet(); // Of long plays the venue has forgotten orders, never executions.
        bool IsOurs(Execution e) => ours.Contains(e.OrderId.Value) || e.IsStopLoss || intended.Contains(e.ClientOrderId);
        foreach (var symbol in executions.Where(e => e.Execution.Kind != ExecutionKind.Funding && !IsOurs(e.Execution)).Select(e => e.Execution.Symbol).Distinct())
        {
            if (!scope.OutsideTrades)
            {
                breaks.Add($"I1: {symbol} was traded by an order that is not ours");
            }
            else if (!scope.JournalWasDamaged && !journal.Facts.Any(f => f.Fact is Fact.SymbolHalted(var halted, _, _) && halted == symbol))
            {
                breaks.Add($"P4: {symbol} was traded from outside and was not halted");
            }
        }
    }

    // A halt without a cause stops a healthy account as surely as a fault would.
    private static void Halts(JournalFile journal, OracleScope scope, List<string> breaks)
    {
        foreach (var (time, fact) in journal.Facts)
        {
            if (fact is Fact.SymbolHalted(var symbol, HaltCode.OutsideTrade or HaltCode.Overfilled or HaltCode.Contradiction or HaltCode.ForcedExecution or HaltCode.HedgeMode, _) halt
                && !scope.OutsideTrades && !scope.JournalWasDamaged)
            {
                breaks.Add($"P4: {symbol} was halted at {time} for nothing that happened: {halt.Code} {halt.Detail}");
            }
        }
    }

    // An own order never turns a position round and never adds to one.
    private static void Signs(List<VenueExecution> executions, List<VenueOrder> orders, OracleScope scope, List<string> breaks)
    {
        var own = orders.Where(o => o.Request.LinkId.Length > 0).ToDictionary(o => o.Id);
        foreach (var symbol in executions.GroupBy(e => e.Execution.Symbol))
        {
            var (held, opener) = (0m, "");
            foreach (var execution in symbol.OrderBy(e => e.Sequence).Where(e => e.Execution.Kind != ExecutionKind.Funding))
            {
                var e = execution.Execution;
                var next = held + (e.Side == Side.Buy ? e.Quantity.Value : -e.Quantity.Value);
                if (own.TryGetValue(e.OrderId.Value, out var order))
                {
                    if (held != 0 && next != 0 && Math.Sign(held) != Math.Sign(next))
                    {
                        breaks.Add($"K6: order {order.Request.LinkId} turned {symbol.Key} round");
                    }

                    if (!order.Request.ReduceOnly && held != 0 && opener != order.Id && !scope.OutsideTrades)
                    {
                        breaks.Add($"I4: entry {order.Request.LinkId} added to a position of {symbol.Key}");
                    }
                }

                opener = held == 0 || Math.Sign(held) != Math.Sign(next) ? e.OrderId.Value : opener;
                held = next;
            }
        }
    }

    private static async Task CandlesAsync(Scene scene, OracleScope scope, List<string> breaks)
    {
        using var store = SqliteCandleStore.Open(scene.FileOf("market.db"));
        foreach (var series in scene.Market.Series)
        {
            var stored = await store.ReadAsync(series.Symbol, series.Interval, null, null, CancellationToken.None);
            var market = scene.Market.History(series).Concat(scene.Market.Steps().SelectMany(s => s.Candles).Where(c => c.Series == series).Select(c => c.Candle))
                .Where(c => stored.Count > 0 && c.OpenTime >= stored[0].OpenTime && c.OpenTime <= stored[^1].OpenTime)
                .ToList();
            if (!scope.HistoryLies && !stored.Select(c => c with { Observations = default }).SequenceEqual(market))
            {
                breaks.Add($"I7: the stored candles of {series} are not the market's");
            }
        }
    }

    private static async Task ReplayAsync(Scene scene, TradingOptions options, List<string> breaks)
    {
        using var store = SqliteCandleStore.Open(scene.FileOf("market.db"));
        using var registry = SqliteTicketRegistry.Open(scene.FileOf("research.db"));
        await using var journal = SqliteJournal.OpenReader(scene.FileOf("journal.db"));
        var report = await JournalReplay.RunAsync(journal, store, registry, options, null, 1, CancellationToken.None);
        if (report.Differences is [var first, ..])
        {
            breaks.Add($"I2: the journal decides otherwise at #{first.Sequence}: journalled {Short(first.Journalled)}, replayed {Short(first.Replayed)}");
        }
    }

    private static string Short(string text) => text.Length > 160 ? text[..160] : text;
}

/// <summary>What a row did itself and the oracle must not hold against the trader.</summary>
/// <param name="OutsideTrades">Positions were changed from outside.</param>
/// <param name="OverfillForced">The venue filled more than was ordered.</param>
/// <param name="MayEndOpen">A position of somebody else's making may be open at the end.</param>
/// <param name="StopsAreLost">The venue took an entry without the stop it carried.</param>
/// <param name="HistoryLies">The venue's history told candles that never were: it has the last word, so they are stored.</param>
/// <param name="JournalWasDamaged">Entries of the journal were destroyed: it cannot be decided again as a whole.</param>
internal readonly record struct OracleScope(bool OutsideTrades = false, bool OverfillForced = false, bool MayEndOpen = false, bool StopsAreLost = false,
    bool HistoryLies = false, bool JournalWasDamaged = false);
