using TicketBot.Domain;
using TicketBot.Research.Backtests;
using TicketBot.Tickets;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Risk;
using TicketBot.Trading.Signals;

namespace TicketBot.Research.Tests.Backtests;

/// <summary>Invented backtests, for tests of what is said of them.</summary>
internal static class Backtest
{
    public static readonly Instant From = new(1_735_689_600_000);
    public static readonly SeriesKey Series = new(new Symbol("BTCUSDT"), Interval.OneHour);

    /// <summary>A trade of one coin at 100, an hour long, that earns so much before 0.1 of fees.</summary>
    public static BacktestTrade Trade(
        double gross, int hour = 0, Side side = Side.Buy, string regime = "calm", bool stopped = false, double fees = 0.1, TicketId? ticket = null) =>
        new(Series.Symbol, ticket, side, new Quantity(1), From.Plus(hour * 3_600_000L), 100, From.Plus((hour + 1) * 3_600_000L), new Money((decimal)gross), new Money((decimal)fees), Money.Zero, 2)
        {
            Regime = regime, WasStopped = stopped, ExitPrice = 100 + (decimal)gross,
        };

    /// <summary>Trades one after the other, an hour apart.</summary>
    public static IReadOnlyList<BacktestTrade> Trades(params double[] gross) => [.. gross.Select((g, i) => Trade(g, 2 * i))];

    public static EquityDay Day(int day, double growth, double drawdown = 0) => new(
        From.Plus(day * Instant.MillisecondsPerDay), growth, Math.Min(1, 1 + growth), Math.Max(1, 1 + growth), Math.Max(drawdown, Math.Max(0, -growth)), 10_000);

    public static Decision Decision(int hour, Side? signal, DenialCode denial, TicketId? ticket = null, string regime = "calm") => new()
    {
        Series = Series, Time = From.Plus(hour * 3_600_000L), Signal = signal, Denial = denial, Ticket = ticket, Regime = regime,
    };

    public static BacktestResult Result(
        IReadOnlyList<(Instant Time, decimal Equity)> equity, IReadOnlyList<BacktestTrade>? trades = null, IReadOnlyList<Decision>? decisions = null,
        IReadOnlyList<Execution>? executions = null, decimal initial = 10_000, Instant? from = null) => new()
        {
            From = from ?? From,
            Decisions = decisions ?? [],
            Trades = trades ?? [],
            Executions = executions ?? [],
            Equity = equity,
            Candles = equity.Count,
            InitialBalance = initial,
            Wallet = initial,
            VenueWallet = initial,
            Status = new TradingStatus(),
        };

    public static BacktestRequest Request(IReadOnlyList<TicketSet>? tickets = null) => new()
    {
        Candles = new Dictionary<SeriesKey, IReadOnlyList<Candle>>(), LiveFrom = From, Tickets = tickets ?? [], Trading = new TradingOptions(),
    };
}
