using TicketBot.Domain;
using TicketBot.Simulator.Markets;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Matching;

/// <summary>The exchange itself: accounts, prices, orders and fills, without clock, network or chance of its own. Not safe for use by several threads.</summary>
/// <remarks>Requests come between steps and bear the market time of the last step. <see cref="Advance"/> plays one step: for each contract
/// funding due before its candle, arrivals at the open, funding inside the candle, the candle's path (the stop before the favourable
/// extreme), late arrivals at the close, funding at the close. With ticks a step is one tick: arrivals, the price's way past triggers and
/// resting orders, mark and index, liquidation, funding. A contract followed in several intervals moves by its shortest one.</remarks>
public sealed class Venue
{
    private readonly VenueSettings _settings;
    private readonly FundingSchedule _funding;
    private readonly List<Account> _accounts = [];
    private readonly Dictionary<string, Account> _byKey = [];
    private readonly SortedDictionary<Symbol, Contract> _contracts = [];
    private readonly PositionDesk _positions;

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
            _contracts.Add(bySymbol.Key, new Contract(settings.Seed, instrument, finest, bySymbol, history, instrument.NearestTick(level).Value, Time));
        }

        Book = new OrderBook(settings);
        Matcher = new Matcher(settings, this);
        Fills = new Fills(settings, this);
        Protections = new Protections(settings, this);
        Margins = new Margins(settings, this);
        Orders = new OrderDesk(settings, this);
        _positions = new PositionDesk(settings, this);
    }

    /// <summary>Market time: the close of the last step.</summary>
    public Instant Time { get; private set; }

    /// <summary>Steps played.</summary>
    public long Step { get; private set; }

    /// <summary>Milliseconds of a tick; 0 = candles are played whole.</summary>
    public int TickMs { get; internal set; }

    /// <summary>Every account, in the order of opening.</summary>
    public IReadOnlyList<Account> Accounts => _accounts;

    /// <summary>The rules of every contract, by symbol.</summary>
    public IEnumerable<Instrument> Instruments => _contracts.Values.Select(c => c.Instrument);

    /// <summary>The venue's settings.</summary>
    public VenueSettings Settings => _settings;

    internal OrderBook Book { get; }

    internal Matcher Matcher { get; }

    internal Fills Fills { get; }

    internal Protections Protections { get; }

    internal Margins Margins { get; }

    internal OrderDesk Orders { get; }

    /// <summary>Called before each outside act takes place, so that it can be logged.</summary>
    internal Action<Account, VenueAct>? OnAct { get; set; }

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
        var asks = Book.Levels(contract.Instrument, Side.Buy, contract.Last, depth, Time);
        var bids = Book.Levels(contract.Instrument, Side.Sell, contract.Last, depth, Time);
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
    public VenueAnswer Submit(Account account, NewOrder order) => Orders.Submit(account, order);

    /// <summary>Cancels an order that is not final; with ticks the cancel travels as an order does.</summary>
    public VenueAnswer Cancel(Account account, Symbol symbol, string? orderId, string? linkId) =>
        Orders.Cancel(account, symbol, orderId, linkId, "CancelByUser");

    /// <summary>Cancels every order that is not final and passes the filter; returns them.</summary>
    public IReadOnlyList<VenueOrder> CancelAll(Account account, Symbol? symbol, Func<VenueOrder, bool> filter) => Orders.CancelAll(account, symbol, filter);

    /// <summary>Changes an order that is not final; with ticks the change travels as an order does.</summary>
    public VenueAnswer Amend(Account account, Symbol symbol, string? orderId, string? linkId, Amendment change) =>
        Orders.Amend(account, symbol, orderId, linkId, change);

    /// <summary>Sets, moves or (with 0) removes the stop of a whole position.</summary>
    public VenueAnswer SetStop(Account account, Symbol symbol, decimal stop, TriggerSource trigger = TriggerSource.LastPrice) =>
        Protect(account, symbol, new ProtectionChange { StopLoss = stop, StopTrigger = trigger });

    /// <summary>Sets, moves or removes take-profit, stop-loss and trailing stop of a position.</summary>
    public VenueAnswer Protect(Account account, Symbol symbol, ProtectionChange change) => _positions.Protect(account, symbol, change);

    /// <summary>Sets the leverage of a contract.</summary>
    public VenueAnswer SetLeverage(Account account, Symbol symbol, decimal leverage) => _positions.SetLeverage(account, symbol, leverage);

    /// <summary>Switches contracts between one-way and hedge mode; each must be flat and without orders. Trading in hedge mode is not modelled.</summary>
    public VenueAnswer SwitchMode(Account account, IReadOnlyList<Symbol> symbols, bool hedged) => _positions.SwitchMode(account, symbols, hedged);

    /// <summary>Lets something happen to an account from outside its client; it holds at once, its events come like all others.</summary>
    public VenueAnswer Act(Account account, VenueAct act)
    {
        OnAct?.Invoke(account, act);
        return VenueActs.Apply(this, account, act);
    }

    /// <summary>The owner trades by hand.</summary>
    public VenueAnswer ManualTrade(Account account, Symbol symbol, Side side, decimal quantity) => Act(account, new VenueAct.ManualTrade(symbol, side, quantity));

    /// <summary>The venue liquidates a position.</summary>
    public VenueAnswer Liquidate(Account account, Symbol symbol) => Act(account, new VenueAct.Liquidate(symbol));

    /// <summary>The venue closes a part of a position by auto-deleveraging; <c>null</c> = half of it.</summary>
    public VenueAnswer Deleverage(Account account, Symbol symbol, decimal? quantity = null) => Act(account, new VenueAct.Deleverage(symbol, quantity));

    /// <summary>The owner deposits or, with a negative amount, withdraws.</summary>
    public VenueAnswer Transfer(Account account, decimal amount) => Act(account, new VenueAct.Transfer(amount));

    /// <summary>The owner removes the stop-loss of a whole position.</summary>
    public VenueAnswer RemoveStop(Account account, Symbol symbol) => Act(account, new VenueAct.RemoveStop(symbol));

    /// <summary>An order is cancelled without its client having asked.</summary>
    public VenueAnswer CancelOrder(Account account, Symbol symbol, string orderId, string cancelType) =>
        Act(account, new VenueAct.CancelOrder(symbol, orderId, cancelType));

    /// <summary>The venue restarts its matching: no account has recently closed orders any more; history and executions stay.</summary>
    public void ForgetClosedOrders(Account account) => Act(account, new VenueAct.ForgetClosedOrders());

    /// <summary>Returns a position, flat for a contract never traded.</summary>
    public VenuePosition PositionOf(Account account, Symbol symbol)
    {
        var holding = account.FindHolding(symbol);
        var mark = _contracts[symbol].Mark;
        var value = Math.Abs(holding?.Position.SignedQuantity ?? 0) * mark;
        var leverage = holding?.Leverage ?? _settings.Leverage;
        return new VenuePosition
        {
            Symbol = symbol,
            SignedQuantity = holding?.Position.SignedQuantity ?? 0,
            AverageEntry = holding?.Position.AverageEntry ?? 0,
            MarkPrice = mark,
            Unrealised = holding?.Position.Unrealised(mark).Value ?? 0,
            CumulativeRealised = holding?.Net ?? 0,
            SessionRealised = holding is null or { Position.IsFlat: true } ? 0 : holding.Net - holding.NetWhenFlat,
            StopLoss = holding?.Stop?.Trigger,
            TakeProfit = holding?.TakeProfit?.Trigger,
            TrailingStop = holding?.Trailing?.TrailDistance ?? 0,
            Leverage = leverage,
            IsHedged = holding?.IsHedged ?? false,
            Status = holding?.Status ?? "Normal",
            InitialMargin = value / leverage,
            MaintenanceMargin = value * Margins.MaintenanceRate,
            LiquidationPrice = holding is null or { Position.IsFlat: true } ? null : Margins.LiquidationPrice(account, holding),
            Opened = holding?.Opened ?? account.Opened,
            Updated = holding?.Updated ?? account.Opened,
            Sequence = holding?.Sequence ?? -1,
        };
    }

    /// <summary>Returns the wallet at market time.</summary>
    public VenueWallet WalletOf(Account account) => Margins.WalletOf(account, Time);

    /// <summary>Plays one step.</summary>
    /// <exception cref="ArgumentException">The step is not later than market time.</exception>
    public void Advance(MarketStep step)
    {
        if (step.Time <= Time)
        {
            throw new ArgumentException($"a step must follow market time {Time}, was {step.Time}", nameof(step));
        }

        TickMs = step.TickMs;
        if (step.TickMs == 0)
        {
            foreach (ref readonly var closed in step.Candles.AsSpan())
            {
                var contract = _contracts[closed.Series.Symbol];
                if (contract.Series == closed.Series)
                {
                    Play(contract, closed.Candle, step.Time);
                }
            }
        }
        else
        {
            foreach (var (series, candle) in step.UnderWay)
            {
                PlayTick(_contracts[series.Symbol], candle, step);
            }

            foreach (var (series, candle) in step.Candles)
            {
                if (_contracts[series.Symbol] is var contract && contract.Series == series)
                {
                    contract.NoteClosed(candle);
                }
            }
        }

        Time = step.Time;
        Step++;
    }

    internal VenueWallet WalletOf(Account account, Instant time) => Margins.WalletOf(account, time);

    internal Contract ContractOf(Symbol symbol) => _contracts[symbol];

    internal Contract? FindContract(Symbol symbol) => _contracts.GetValueOrDefault(symbol);

    private void Play(Contract contract, in Candle candle, Instant close)
    {
        var isAnyoneHere = false;
        foreach (var account in _accounts)
        {
            isAnyoneHere |= account.FindHolding(contract.Instrument.Symbol) is { IsIdle: false };
        }

        if (isAnyoneHere)
        {
            contract.JumpTo(contract.Last);
            var path = CandlePath.Of(candle, contract.Instrument);
            var minutes = contract.Instrument.FundingIntervalMinutes;
            var due = _funding.Between(contract.Instrument.Symbol, minutes, contract.PlayedTo, close);
            foreach (var account in _accounts)
            {
                if (account.FindHolding(contract.Instrument.Symbol) is { IsIdle: false } holding)
                {
                    Matcher.Play(account, holding, contract, candle.OpenTime, close, path, due);
                }
            }
        }

        contract.Close(candle, close);
    }

    // Within a tick the accounts are played one after the other, each on the same way of the price.
    private void PlayTick(Contract contract, in Candle candle, MarketStep step)
    {
        var path = contract.PathOf(candle, step.TickMs);
        var first = path.PointAt(contract.PlayedTo);
        var last = path.PointAt(step.Time);
        for (var point = first + 1; point <= last; point++)
        {
            var (from, to, before, time) = (path.PriceAt(point - 1), path.PriceAt(point), path.TimeAt(point - 1), path.TimeAt(point));
            foreach (var account in _accounts)
            {
                if (account.FindHolding(contract.Instrument.Symbol) is { IsIdle: false } holding)
                {
                    Matcher.Tick(account, holding, contract, from, to, before, time);
                }
            }

            contract.Last = from;
            contract.MoveTo(to, path.SizeAt(point), candle.OpenTime, before, time);
            foreach (var account in _accounts)
            {
                if (account.FindHolding(contract.Instrument.Symbol) is { IsIdle: false } holding)
                {
                    Matcher.Watch(account, holding, contract, time);
                    Margins.LiquidateIfDue(account, time);
                }
            }
        }

        var due = _funding.Between(contract.Instrument.Symbol, contract.Instrument.FundingIntervalMinutes, contract.PlayedTo, step.Time);
        foreach (var account in _accounts)
        {
            if (due.Count > 0 && account.FindHolding(contract.Instrument.Symbol) is { } holding)
            {
                Matcher.Settle(account, holding, contract.Mark, due, contract.PlayedTo, step.Time);
            }
        }

        contract.EndTick(step.Time);
    }
}
