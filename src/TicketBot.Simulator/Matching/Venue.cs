using TicketBot.Domain;
using TicketBot.Simulator.Markets;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Matching;

/// <summary>The exchange itself: accounts, prices, orders and fills, without clock, network or chance of its own. Not safe for use by several threads.</summary>
/// <remarks>Requests come between steps and bear the market time of the last step. <see cref="Advance"/> plays one step: for each contract
/// funding due before its candle, arrivals at the open, funding inside the candle, the candle's path (the stop before the favourable
/// extreme), late arrivals at the close, funding at the close. A contract followed in several intervals moves by its shortest one.</remarks>
public sealed class Venue
{
    private readonly VenueSettings _settings;
    private readonly FundingSchedule _funding;
    private readonly List<Account> _accounts = [];
    private readonly Dictionary<string, Account> _byKey = [];
    private readonly SortedDictionary<Symbol, Contract> _contracts = [];
    private readonly Matcher _matcher;
    private readonly OrderBook _book;

    /// <summary>Makes a venue before the first step of a market.</summary>
    public Venue(VenueSettings settings, MarketSource market)
    {
        if (settings.MinLatencyMs < 0 || settings.MaxLatencyMs < settings.MinLatencyMs)
        {
            throw new ArgumentException(
                $"latencies must be at least 0 and ordered, were {settings.MinLatencyMs} and {settings.MaxLatencyMs} ms", nameof(settings));
        }

        _settings = settings;
        _funding = settings.Funding ?? new FundingSchedule(settings.Costs.FundingBp / 10_000m);
        Time = market.LiveFrom;
        foreach (var bySymbol in market.Series.GroupBy(s => s.Symbol))
        {
            var finest = bySymbol.MinBy(s => s.Interval.NominalMilliseconds);
            var history = market.History(finest);
            // A contract without history takes its price from its first candle.
            var level = history.Count > 0 ? history[^1].Close : InstrumentRules.TypicalPrice(bySymbol.Key);
            var instrument = settings.Instruments.RulesOf(bySymbol.Key, level);
            _contracts.Add(bySymbol.Key, new Contract(settings.Seed, instrument, finest, bySymbol, instrument.NearestTick(level).Value, Time));
        }

        _book = new OrderBook(settings);
        _matcher = new Matcher(settings, this);
    }

    /// <summary>Market time: the close of the last step.</summary>
    public Instant Time { get; private set; }

    /// <summary>Steps played.</summary>
    public long Step { get; private set; }

    /// <summary>Every account, in the order of opening.</summary>
    public IReadOnlyList<Account> Accounts => _accounts;

    /// <summary>The rules of every contract, by symbol.</summary>
    public IEnumerable<Instrument> Instruments => _contracts.Values.Select(c => c.Instrument);

    /// <summary>The venue's settings.</summary>
    public VenueSettings Settings => _settings;

    /// <summary>Opens an account.</summary>
    /// <exception cref="ArgumentException">The key is taken or the balance not above zero.</exception>
    public Account OpenAccount(string key, decimal balance)
    {
        if (balance <= 0)
        {
            throw new ArgumentException($"an account starts with a balance above zero, was {balance}", nameof(balance));
        }

        var account = new Account(key, _accounts.Count, balance, Time);
        _byKey.Add(key, account);
        _accounts.Add(account);
        return account;
    }

    /// <summary>Returns the account of a key, or <c>null</c>.</summary>
    public Account? AccountOf(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>Returns the rules of a contract, or <c>null</c> when the venue does not list it.</summary>
    public Instrument? InstrumentOf(Symbol symbol) => _contracts.GetValueOrDefault(symbol)?.Instrument;

    /// <summary>Returns the last price of a contract.</summary>
    public decimal LastPrice(Symbol symbol) => _contracts[symbol].Last;

    /// <summary>Returns the mark price of a contract: a slow follower of the last price with ticks, else the last price.</summary>
    public decimal MarkPrice(Symbol symbol) => _contracts[symbol].Mark;

    /// <summary>Returns the index price of a contract: a slow follower of the last price with ticks, else the last price.</summary>
    public decimal IndexPrice(Symbol symbol) => _contracts[symbol].Index;

    /// <summary>Returns the order book of a contract, at most 200 levels of each side.</summary>
    /// <remarks>With a slippage of zero the best bid is shown one tick below the price that a seller gets.</remarks>
    /// <param name="symbol">The contract.</param>
    /// <param name="depth">Levels of each side, at least 1.</param>
    public BookView BookOf(Symbol symbol, int depth)
    {
        var contract = _contracts[symbol];
        var asks = _book.Levels(contract.Instrument, Side.Buy, contract.Last, depth, Time);
        var bids = _book.Levels(contract.Instrument, Side.Sell, contract.Last, depth, Time);
        if (bids[0].Price >= asks[0].Price)
        {
            bids = [.. bids.Select(b => b with { Price = b.Price - contract.Instrument.TickSize }).Where(b => b.Price > 0)];
        }

        return new BookView(symbol, bids, asks, contract.Moves + 1, PublicTape.BookSequence(contract.Moves), Time);
    }

    /// <summary>Returns the newest public trades of a contract, oldest first, at most 1,000.</summary>
    public IReadOnlyList<PublicTrade> TradesOf(Symbol symbol) => _contracts[symbol].Tape.Read();

    /// <summary>Returns the candle under way of a series: what of it has been played, or flat at the last price where nothing of it is known.</summary>
    public Candle OpenCandleOf(SeriesKey series) => _contracts[series.Symbol].OpenCandleOf(series, Time);

    /// <summary>Returns the next funding settlement of a contract.</summary>
    public FundingRate NextFunding(Symbol symbol) => _funding.Next(symbol, _contracts[symbol].Instrument.FundingIntervalMinutes, Time);

    /// <summary>Returns the funding settlements of a contract after a time and up to market time, ascending.</summary>
    public IReadOnlyList<FundingRate> FundingSince(Symbol symbol, Instant after) =>
        _funding.Between(symbol, _contracts[symbol].Instrument.FundingIntervalMinutes, after, Time);

    /// <summary>Takes an order; its effects come with the next step of its contract.</summary>
    public VenueAnswer Submit(Account account, NewOrder order)
    {
        if (!_contracts.TryGetValue(order.Symbol, out var contract))
        {
            return VenueAnswer.Refused(10001, $"params error: symbol invalid {order.Symbol}");
        }

        var holding = account.HoldingOf(order.Symbol, _settings.Leverage);
        if (OrderRules.Fault(order, contract.Instrument, contract.Last, account, holding) is { } fault)
        {
            return fault;
        }

        if (!order.ReduceOnly && OrderRules.MarginNeeded(order, contract.Last, holding, _settings) is > 0 and var needed)
        {
            var available = WalletOf(account).Available;
            if (needed > available)
            {
                return VenueAnswer.Refused(110007, FormattableString.Invariant($"ab not enough for new order: needs {needed}, available {available}"));
            }
        }

        var number = account.NextOrderNumber();
        var made = new VenueOrder
        {
            Request = order.Type == OrderType.Market ? order with { TimeInForce = TimeInForce.IOC } : order,
            Id = Chance.Identity(_settings.Seed, 1, (ulong)account.Index, (ulong)number),
            Number = number,
            Created = Time,
            Arrival = Time.Plus(LatencyOf(account, number)),
            Updated = Time,
            LastPriceOnCreated = contract.Last,
            Quantity = order.Quantity,
        };
        account.Put(holding, made, silent: true);
        return VenueAnswer.Accepted(made);
    }

    /// <summary>Cancels an order that is not final.</summary>
    public VenueAnswer Cancel(Account account, Symbol symbol, string? orderId, string? linkId)
    {
        var order = !string.IsNullOrEmpty(orderId) ? account.OrderById(orderId) : linkId is null ? null : account.OrderByLink(linkId);
        if (order is null || order.Request.Symbol != symbol || order.IsFinal)
        {
            return VenueAnswer.Refused(110001, "order not exists or too late to cancel");
        }

        return VenueAnswer.Accepted(End(account, order, "CancelByUser"));
    }

    /// <summary>Cancels every order that is not final and passes the filter; returns them.</summary>
    public IReadOnlyList<VenueOrder> CancelAll(Account account, Symbol? symbol, Func<VenueOrder, bool> filter) =>
        [.. account.OpenOrders.Where(o => (symbol is null || o.Request.Symbol == symbol) && filter(o)).ToList()
            .Select(o => End(account, o, "CancelByUser"))];

    /// <summary>Sets, moves or (with 0) removes the stop of a whole position.</summary>
    public VenueAnswer SetStop(Account account, Symbol symbol, decimal stop, TriggerSource trigger = TriggerSource.LastPrice)
    {
        if (!_contracts.TryGetValue(symbol, out var contract))
        {
            return VenueAnswer.Refused(10001, $"params error: symbol invalid {symbol}");
        }

        var holding = account.HoldingOf(symbol, _settings.Leverage);
        if (holding.Position.Side is not { } side)
        {
            return VenueAnswer.Refused(10001, "can not set tp/sl/ts for zero position");
        }

        if (stop == 0)
        {
            if (holding.Stop is not { } old)
            {
                return VenueAnswer.Refused(34040, "not modified");
            }

            End(account, old, "CancelByUser");
        }
        else
        {
            if (!contract.Instrument.IsOnTick(stop))
            {
                return VenueAnswer.Refused(10001, FormattableString.Invariant($"stop loss must be a multiple of {contract.Instrument.TickSize}, was {stop}"));
            }

            if (OrderRules.IsStopOnWrongSide(side, stop, contract.Last))
            {
                return VenueAnswer.Refused(10001, FormattableString.Invariant(
                    $"StopLoss:{stop} set for {side} position should be {(side == Side.Buy ? "lower" : "higher")} than base_price:{contract.Last}"));
            }

            if (holding.Stop?.Trigger == stop)
            {
                return VenueAnswer.Refused(34040, "not modified");
            }

            _matcher.PlaceStop(account, holding, stop, trigger, "", Time);
        }

        holding.Updated = Time;
        account.Tell(new VenueEvent.PositionChanged(PositionOf(account, symbol)));
        return VenueAnswer.Accepted();
    }

    /// <summary>Sets the leverage of a contract.</summary>
    public VenueAnswer SetLeverage(Account account, Symbol symbol, decimal leverage)
    {
        if (!_contracts.ContainsKey(symbol) || leverage is < 1 or > 100)
        {
            return VenueAnswer.Refused(10001, FormattableString.Invariant($"params error: leverage of {symbol} must be 1 to 100, was {leverage}"));
        }

        var holding = account.HoldingOf(symbol, _settings.Leverage);
        if (holding.Leverage == leverage)
        {
            return VenueAnswer.Refused(110043, "leverage not modified");
        }

        holding.Leverage = leverage;
        return VenueAnswer.Accepted();
    }

    /// <summary>Returns a position, flat for a contract never traded.</summary>
    public VenuePosition PositionOf(Account account, Symbol symbol)
    {
        var holding = account.FindHolding(symbol);
        var mark = _contracts[symbol].Last;
        return new VenuePosition
        {
            Symbol = symbol,
            SignedQuantity = holding?.Position.SignedQuantity ?? 0,
            AverageEntry = holding?.Position.AverageEntry ?? 0,
            MarkPrice = mark,
            Unrealised = holding?.Position.Unrealised(mark).Value ?? 0,
            CumulativeRealised = holding is null
                ? 0
                : holding.Position.Realised.Value - holding.Position.Fees.Value - holding.Position.Funding.Value,
            StopLoss = holding?.Stop?.Trigger,
            Leverage = holding?.Leverage ?? _settings.Leverage,
            Updated = holding?.Updated ?? account.Opened,
            Sequence = holding?.Sequence ?? -1,
        };
    }

    /// <summary>Returns the wallet at market time.</summary>
    public VenueWallet WalletOf(Account account) => WalletOf(account, Time);

    /// <summary>Plays one step.</summary>
    /// <exception cref="ArgumentException">The step is not later than market time.</exception>
    public void Advance(MarketStep step)
    {
        if (step.Time <= Time)
        {
            throw new ArgumentException($"a step must follow market time {Time}, was {step.Time}", nameof(step));
        }

        foreach (var (series, candle) in step.Candles)
        {
            var contract = _contracts[series.Symbol];
            if (contract.Series == series)
            {
                Play(contract, candle, step.Time);
            }
        }

        Time = step.Time;
        Step++;
    }

    internal VenueWallet WalletOf(Account account, Instant time)
    {
        decimal unrealised = 0, margin = 0, orders = 0;
        foreach (var holding in account.Holdings)
        {
            var mark = _contracts[holding.Symbol].Last;
            unrealised += holding.Position.Unrealised(mark).Value;
            margin += Math.Abs(holding.Position.SignedQuantity) * mark / holding.Leverage;
            foreach (var order in holding.Open)
            {
                if (!order.IsStopLoss && !order.Request.ReduceOnly)
                {
                    orders += OrderRules.MarginNeeded(order.Request, mark, holding, _settings);
                }
            }
        }

        return new VenueWallet(account.Balance, unrealised, margin, orders, account.Realised, time);
    }

    internal Contract ContractOf(Symbol symbol) => _contracts[symbol];

    private void Play(Contract contract, in Candle candle, Instant close)
    {
        var isAnyoneHere = false;
        foreach (var account in _accounts)
        {
            isAnyoneHere |= account.FindHolding(contract.Instrument.Symbol) is { IsIdle: false };
        }

        if (isAnyoneHere)
        {
            var path = CandlePath.Of(candle, contract.Instrument);
            var minutes = contract.Instrument.FundingIntervalMinutes;
            var due = _funding.Between(contract.Instrument.Symbol, minutes, contract.PlayedTo, close);
            foreach (var account in _accounts)
            {
                if (account.FindHolding(contract.Instrument.Symbol) is { IsIdle: false } holding)
                {
                    _matcher.Play(account, holding, contract, candle.OpenTime, close, path, due);
                }
            }

        }

        contract.Close(candle, close);
    }

    private VenueOrder End(Account account, VenueOrder order, string cancelType)
    {
        var ended = order with { Status = VenueOrderStatus.Cancelled, CancelType = cancelType, Updated = Time };
        account.Put(account.HoldingOf(order.Request.Symbol, _settings.Leverage), ended);
        return ended;
    }

    private long LatencyOf(Account account, long number)
    {
        var span = (ulong)(_settings.MaxLatencyMs - _settings.MinLatencyMs + 1);
        return _settings.MinLatencyMs + (long)(Chance.Mix(_settings.Seed ^ Chance.Mix(((ulong)account.Index << 40) ^ (ulong)number)) % span);
    }
}
