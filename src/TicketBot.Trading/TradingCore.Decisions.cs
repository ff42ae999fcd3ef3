using System.Globalization;
using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;
using TicketBot.Trading.Risk;
using TicketBot.Trading.Signals;

namespace TicketBot.Trading;

/// <content>From a closed candle to a decision and an entry.</content>
public sealed partial class TradingCore
{
    // A candle whose close lies further back than this was repaired afterwards: it is history, not news.
    private const long StaleAfterMs = 60_000;

    private void OnCandle(Fact.CandleClosed closed)
    {
        if (Find(closed.Series) is not { } pipeline)
        {
            return;
        }

        var result = pipeline.Append(closed.Candle);
        if (result is AppendResult.Duplicate or AppendResult.TooOld)
        {
            return;
        }

        var close = closed.Series.Interval.CloseOf(closed.Candle.OpenTime);
        var sequence = Input(closed, close);
        if (pipeline.PendingClose is { } older && older < close)
        {
            DecideWhatIsDue(); // The older close has waited a whole candle; it must not be passed over.
        }

        pipeline.LastSequence = sequence;
        if (result is AppendResult.Appended or AppendResult.AppendedAfterGap && pipeline.IsTraded)
        {
            pipeline.PendingClose = close;
        }

        DecideWhatIsDue();
    }

    // A close is decided on when every followed series has reached it, or when waiting has lasted long enough; then in symbol
    // order, so that the order of arrival changes nothing.
    private void DecideWhatIsDue()
    {
        while (true)
        {
            Instant? due = null;
            foreach (var p in _pipelines)
            {
                if (p.PendingClose is { } pending && (due is not { } first || pending < first))
                {
                    due = pending;
                }
            }

            if (due is not { } close)
            {
                return;
            }

            var complete = true;
            foreach (var p in _pipelines)
            {
                complete &= p.LastClose is { } last && last >= close;
            }

            if (!complete && Account.MarketTime.Since(close) < _options.ReferenceWaitMs)
            {
                return;
            }

            CheckDrawdown();
            foreach (var p in _pipelines)
            {
                if (p.PendingClose == close)
                {
                    p.PendingClose = null;
                    Decide(p, close);
                    p.KeepSimilarityFresh(close);
                }
            }
        }
    }

    private void Decide(SeriesPipeline pipeline, Instant close)
    {
        _cause = pipeline.LastSequence;
        var holding = Account.HoldingOf(pipeline.Key.Symbol);
        var isFlat = holding.Position.IsFlat;
        var denial = pipeline.EstimateRegime(close, out var detail);
        var regime = denial == DenialCode.None ? pipeline.Regime : null;
        var compiled = isFlat && regime is not null ? pipeline.LiveTicket ?? (_options.AllWeather ? pipeline.AllWeather : null) : null;
        if (regime is { } known && compiled is null)
        {
            (denial, detail) = (DenialCode.NoTicketForRegime, pipeline.WithoutTicket(known));
        }

        var decision = new Decision
        {
            Series = pipeline.Key,
            Time = close,
            Regime = regime?.Name ?? "",
            RegimeProbability = regime?.Probability ?? 0,
            Denial = isFlat ? denial : DenialCode.None,
            Detail = isFlat ? detail : "",
        };
        if (!isFlat)
        {
            DecideOnOpenPosition(pipeline, holding, decision, close);
        }
        else if (compiled is null)
        {
            Conclude(decision);
        }
        else if (compiled.Ticket.ExpiresAt <= close)
        {
            Conclude(decision with { Ticket = compiled.Ticket.Id, Denial = DenialCode.TicketExpired, Detail = $"the ticket expired at {compiled.Ticket.ExpiresAt}" });
        }
        else
        {
            DecideOnEntry(pipeline, compiled, Asked(pipeline, compiled, decision, close), close);
        }
    }

    private Decision Asked(SeriesPipeline pipeline, CompiledTicket compiled, Decision decision, Instant close)
    {
        var answer = pipeline.Ask(compiled, close);
        Side? signal = null;
        var (denial, detail) = (answer.Denial, answer.Detail);
        if (answer.ProbabilityUp is { } p)
        {
            var confidence = Math.Max(p, 1 - p);
            signal = confidence < _options.ConfidenceThreshold ? null : p >= 0.5 ? Side.Buy : Side.Sell;
            (denial, detail) = signal is null
                ? (DenialCode.BelowConfidence, BelowConfidence(confidence))
                : (DenialCode.None, "");
        }

        return decision with
        {
            Ticket = compiled.Ticket.Id, FeatureHash = answer.FeatureHash, ProbabilityUp = answer.ProbabilityUp, Signal = signal, Denial = denial, Detail = detail,
        };
    }

    // Three digits of a number between a half and one say the same few hundred things again and again.
    private string BelowConfidence(double confidence)
    {
        var nearest = Math.Round(confidence * 1_000);
        var isClear = Math.Abs((confidence * 1_000) - nearest) < 0.499; // Which way a tie is rounded is the formatting's to say.
        return isClear && nearest is >= 500 and <= 1_000 ? _belowConfidence[(int)nearest - 500] ??= Words() : Words();

        string Words() => string.Create(CultureInfo.InvariantCulture, $"confidence {confidence:F3}, threshold {_confidenceThreshold}");
    }

    private void DecideOnEntry(SeriesPipeline pipeline, CompiledTicket compiled, Decision decision, Instant close)
    {
        if (decision.Signal is not { } side)
        {
            Conclude(decision);
            return;
        }

        var symbol = pipeline.Key.Symbol;
        if (WhyNoEntry(pipeline, close, out var detail) is var code and not DenialCode.None)
        {
            Conclude(decision with { Denial = code, Detail = detail });
            return;
        }

        var similarity = pipeline.SimilarityTo(compiled, close);
        decision = decision with { Similarity = similarity };
        var lastPrice = pipeline.Candles.Close[pipeline.Candles.IndexOf(pipeline.Key.Interval.Shift(close, -1))];
        var instrument = _instruments[symbol];
        var scale = similarity is { } alike ? Math.Min(alike, Account.SizeLimitOf(pipeline.Key, pipeline.Active?.Regimes.Id).Factor) : similarity;
        switch (RiskEngine.Judge(new RiskInput(instrument, side, lastPrice, Account.Equity, Account.GrossNotional, scale), _options))
        {
            case RiskVerdict.Denied denied:
                Conclude(decision with { Denial = denied.Code, Detail = denied.Detail });
                break;
            case RiskVerdict.Approved approved:
                var request = new OrderRequest
                {
                    Id = OrderIds.For(_journal.FolderIdentity, symbol, close, IntentKind.Entry, 0),
                    Symbol = symbol,
                    Side = side,
                    Type = OrderType.Market,
                    Quantity = approved.Quantity,
                    StopLoss = approved.Stop,
                    StopByMarkPrice = _options.StopByMarkPrice,
                    CausedAt = close,
                };
                var cause = Conclude(decision with { Order = request.Id, Detail = $"{side} {approved.Quantity} at market, stop {approved.Stop}" });
                var exitDue = pipeline.Key.Interval.Shift(close, compiled.Ticket.HorizonCandles);
                Send(new OrderIntent(request, IntentKind.Entry, ExitReason.None, compiled.Ticket.Id, exitDue, 0), cause);
                break;
        }
    }

    private DenialCode WhyNoEntry(SeriesPipeline pipeline, Instant close, out string detail)
    {
        if (Account.MarketTime.Since(close) > StaleAfterMs)
        {
            detail = $"the candle closed {Account.MarketTime.Since(close) / 1000} s ago";
            return DenialCode.StaleCandle;
        }

        if (Account.State is TradingState.Paused or TradingState.Halted)
        {
            detail = Account.StateReason;
            return Account.State == TradingState.Paused ? DenialCode.Paused : DenialCode.Halted;
        }

        if (WhatIsInterrupted(pipeline, out detail) is var interrupted and not DenialCode.None)
        {
            return interrupted;
        }

        if (Account.HaltsOf(pipeline.Key.Symbol) is { Count: > 0 } halts)
        {
            detail = string.Join("; ", halts.Select(h => $"{h.Code}: {h.Detail}"));
            return DenialCode.SymbolHalted;
        }

        return WhatIsUnderWay(pipeline.Key.Symbol, close, out detail);
    }

    // A series whose candles are late concerns itself and those that refer to it; all else concerns every symbol.
    private DenialCode WhatIsInterrupted(SeriesPipeline pipeline, out string detail)
    {
        detail = "account and venue do not agree yet";
        var isAgreed = Account.IsReconciled && Account.State != TradingState.Starting;
        List<string>? others = null;
        foreach (var stream in Account.Interrupted)
        {
            switch (stream)
            {
                case StreamNames.Journal:
                    detail = "the journal cannot be written";
                    return DenialCode.JournalNotDurable;
                case StreamNames.Account:
                    detail = "the venue refuses the account";
                    return DenialCode.AccountRefused;
                case StreamNames.Clock:
                    detail = "the clock differs too much from the venue's";
                    return DenialCode.ClockOffset;
                case StreamNames.Private when !isAgreed:
                    break;
                default:
                    if (!StreamNames.TryReadCandles(stream, out var series) || series == pipeline.Key || series == pipeline.Reference?.Key)
                    {
                        (others ??= []).Add(stream);
                    }

                    break;
            }
        }

        if (!isAgreed)
        {
            return DenialCode.NotReconciled;
        }

        if (others is null)
        {
            detail = "";
            return DenialCode.None;
        }

        detail = $"interrupted: {string.Join(", ", others)}";
        return others.TrueForAll(s => StreamNames.TryReadCandles(s, out _)) ? DenialCode.CandlesInterrupted : DenialCode.StreamInterrupted;
    }

    private DenialCode WhatIsUnderWay(Symbol symbol, Instant close, out string detail)
    {
        foreach (var tracked in Account.OpenOrders.Values)
        {
            if (tracked.Order.Symbol == symbol)
            {
                detail = $"order {tracked.Order.Id} is {tracked.Order.Status}";
                return tracked.Order.Status == OrderStatus.Unknown ? DenialCode.OrderUnknown : DenialCode.OrderPending;
            }
        }

        if (Account.FindOrder(OrderIds.For(_journal.FolderIdentity, symbol, close, IntentKind.Entry, 0)) is { } earlier)
        {
            detail = $"order {earlier.Order.Id} was made for this close before the restart: {earlier.Order.Status}";
            return DenialCode.OrderPending;
        }

        detail = "";
        return DenialCode.None;
    }
}
