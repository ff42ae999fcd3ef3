using System.Buffers;
using System.Diagnostics;
using TicketBot.Bybit;
using TicketBot.Bybit.Rest;
using TicketBot.Domain;
using TicketBot.Testing;
using TicketBot.Tickets;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;

namespace TicketBot.Benchmarks.OrderPath;

/// <summary>What one closed candle cost.</summary>
/// <param name="Ticks">Stopwatch ticks from the candle to the signed bytes of its order (to the decision, where none followed).</param>
/// <param name="Bytes">Managed bytes allocated meanwhile.</param>
/// <param name="Kind">What followed, or <c>null</c>.</param>
public readonly record struct CandleCost(long Ticks, long Bytes, IntentKind? Kind);

/// <summary>Drives the real trading core over candles, filling each order at once; measures from the closed candle to the signed bytes.</summary>
public static class OrderPathRun
{
    /// <summary>Runs over the measured candles of a stage.</summary>
    /// <param name="stage">Candles, regimes, tickets.</param>
    /// <param name="journal">Takes every fact.</param>
    /// <param name="durable">Whether the journal is committed before the bytes are made, as the loop does.</param>
    public static CandleCost[] Over(Stage stage, IJournal journal, bool durable)
    {
        var core = new TradingCore(new TradingOptions { Symbols = [Stage.Series.Symbol.Value], MinSimilarity = 0 }, null, journal);
        var effects = new List<TradingEffect>();
        var venue = new Venue(core, effects);
        var signer = new Signer(BybitCredentials.Read(new BybitOptions(), name => name.EndsWith("KEY", StringComparison.Ordinal) ? "measured-key" : "measured-secret-of-36-letters-in-all"));
        var buffer = new ArrayBufferWriter<byte>(1_024);
        var costs = new CandleCost[stage.All.Length - Stage.WarmCandles];
        core.Warm(Stage.Series, stage.All.Take(Stage.WarmCandles));
        var start = Stage.Series.Interval.CloseOf(stage.All[Stage.WarmCandles - 1].OpenTime);
        core.Start(start, [Stage.Instrument], effects);
        venue.Agree(start);
        core.Activate(new TicketSet(Stage.Series.Symbol, Stage.Series.Interval, stage.Regimes, stage.Tickets), effects);
        core.Handle(new Fact.TimePassed(start), effects);
        journal.Commit();
        effects.Clear();

        for (var i = 0; i < costs.Length; i++)
        {
            var candle = stage.All[Stage.WarmCandles + i];
            var close = Stage.Series.Interval.CloseOf(candle.OpenTime);
            OrderRequest? request = null;
            var bytes = GC.GetAllocatedBytesForCurrentThread();
            var began = Stopwatch.GetTimestamp();
            core.Handle(new Fact.CandleClosed(Stage.Series, candle), effects);
            core.Handle(new Fact.TimePassed(close), effects);
            foreach (var effect in effects)
            {
                if (effect is TradingEffect.Submit submit)
                {
                    if (durable)
                    {
                        journal.Commit();
                    }

                    request = submit.Request;
                    SignedOrder.Build(request, signer, close, 5_000, buffer);
                    break;
                }
            }

            var ticks = Stopwatch.GetTimestamp() - began;
            bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
            costs[i] = new CandleCost(ticks, bytes, request is null ? null : request.ReduceOnly ? IntentKind.Exit : IntentKind.Entry);
            effects.Clear();
            if (request is not null)
            {
                venue.Fill(request, candle, close);
            }

            journal.Commit();
        }

        return costs;
    }

    // Fills at the close, a second after it, and reports the stop.
    private sealed class Venue(TradingCore core, List<TradingEffect> effects)
    {
        private int _number;
        private decimal _held;

        public void Agree(Instant time) => core.Handle(
            new Fact.Reconciled(new ExchangeSnapshot(
                new WalletReport(new Money(1_000_000m), new Money(1_000_000m), time),
                [new PositionReport(Stage.Series.Symbol, 0, 0, null, time)], [], [], time)),
            effects);

        public void Fill(OrderRequest request, Candle candle, Instant close)
        {
            var id = new VenueOrderId((++_number).ToString("D8", System.Globalization.CultureInfo.InvariantCulture));
            var price = Stage.Instrument.NearestTick(candle.Close);
            var time = close.Plus(1_000);
            _held += request.Side.Sign() * request.Quantity.Value;
            core.Handle(new Fact.Answered(request.Id, AnswerOutcome.Accepted, id.Value, ""), effects);
            var report = request.Report(OrderStatus.Filled, request.Quantity, time) with { VenueId = id };
            core.Handle(new Fact.Executed(report.Trade($"e{_number}", price, request.Quantity, price * request.Quantity * 0.00055m, time)), effects);
            core.Handle(new Fact.OrderChanged(report), effects);
            core.Handle(new Fact.PositionChanged(new PositionReport(request.Symbol, _held, _held == 0 ? 0 : price.Value, request.StopLoss, time)), effects);
            effects.Clear();
        }
    }
}
