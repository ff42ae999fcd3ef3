using TicketBot.Domain;
using TicketBot.Host.Alerts;
using TicketBot.Host.Jobs;
using TicketBot.Testing;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Risk;

namespace TicketBot.Host.Tests.Alerts;

public sealed class AlertRulesTests
{
    private static readonly Instant Now = new(1_700_000_100_000);
    private static readonly SeriesKey Series = new(new Symbol("BTCUSDT"), Interval.FifteenMinutes);

    [Fact]
    public void A_quiet_daemon_raises_nothing() => Assert.Empty(AlertRules.Of(Input(new TradingStatus { IsReconciled = true, MarketTime = Now })));

    [Theory]
    [InlineData(0.014, 0)]
    [InlineData(0.015, 1)]
    [InlineData(0.0239, 1)]
    [InlineData(0.024, 2)]
    [InlineData(0.0299, 2)]
    [InlineData(0.03, 3)]
    public void The_days_loss_is_told_at_half_four_fifths_and_all_of_the_limit_and_no_stage_ends_by_the_next(double loss, int stages) => Assert.Equal(
        new[] { "dayLoss50", "dayLoss80", "dayLoss100" }[..stages],
        CodesOf(Input(new TradingStatus { IsReconciled = true, MarketTime = Now, State = TradingState.Active, DayLoss = loss })));

    [Fact]
    public void A_loss_of_the_whole_limit_stays_told_while_trading_is_halted() => Assert.Equal(
        ["halted", "dayLoss50", "dayLoss80", "dayLoss100"],
        CodesOf(Input(new TradingStatus { IsReconciled = true, MarketTime = Now, State = TradingState.Halted, DayLoss = 0.031 })));

    [Fact]
    public void A_halt_is_told_with_its_reason() => Assert.Contains(
        AlertRules.Of(Input(new TradingStatus { IsReconciled = true, MarketTime = Now, State = TradingState.Halted, StateReason = "drawdown" })),
        c => c is { Code: "halted", Severity: AlertSeverity.Critical } && c.Text.Contains("drawdown", StringComparison.Ordinal));

    [Fact]
    public void A_position_without_a_confirmed_stop_is_critical_after_five_seconds()
    {
        var position = new PositionStatus(Series.Symbol, 0.1m, 100, 100, Money.Zero, null, false, "", Now, null);
        var condition = Assert.Single(AlertRules.Of(Input(new TradingStatus { IsReconciled = true, MarketTime = Now, Positions = [position] })));
        Assert.Equal(("positionWithoutStop", AlertSeverity.Critical, 5_000L), (condition.Code, condition.Severity, condition.AfterMs));
        Assert.Empty(AlertRules.Of(Input(new TradingStatus { IsReconciled = true, MarketTime = Now, Positions = [position with { StopConfirmed = true }] })));
    }

    [Theory]
    [InlineData(1_800_000 + 10_000, false)]
    [InlineData(1_800_000 + 10_001, true)]
    public void A_series_without_a_candle_for_two_intervals_is_told(long sinceClose, bool told)
    {
        var series = new SeriesStatus(Series, Now.Plus(-sinceClose), 100, null, new Dictionary<string, double>(), null, new Dictionary<string, string>(), null, null);
        Assert.Equal(told, CodesOf(Input(new TradingStatus { IsReconciled = true, MarketTime = Now, Series = [series] })).Contains("staleCandles"));
    }

    [Fact]
    public void A_halted_symbol_a_refused_key_a_long_interruption_and_a_dead_journal_are_told()
    {
        var status = new TradingStatus
        {
            MarketTime = Now,
            State = TradingState.Active,
            SymbolHalts = [new SymbolHalt(Series.Symbol, HaltCode.OutsideTrade, "somebody sold", Now)],
            Interrupted = [StreamNames.Account, StreamNames.Public],
            JournalFault = "no space left on device",
        };
        var conditions = AlertRules.Of(Input(status)).ToDictionary(c => c.Code);
        Assert.Equal(["accountRefused", "interrupted", "journal", "notReconciled", "symbolHalted"], conditions.Keys.Order());
        Assert.Equal((Series.Symbol.Value, AlertSeverity.Critical), (conditions["symbolHalted"].Subject, conditions["symbolHalted"].Severity));
        Assert.Equal(60_000, conditions["interrupted"].AfterMs);
        Assert.Equal(AlertSeverity.Critical, conditions["journal"].Severity);
    }

    [Fact]
    public void A_loop_that_stands_still_a_full_disk_and_a_failed_job_are_told()
    {
        var failed = new JobStatus("reidentify", "", false, null, Now, "killed: over its time", null);
        var codes = CodesOf(Input(new TradingStatus { IsReconciled = true, MarketTime = Now }) with { StandsStillSeconds = 61, DiskFree = 0.01, Jobs = [failed] });
        Assert.Equal(["standsStill", "diskSpace", "jobFailed"], codes);
        Assert.Empty(AlertRules.Of(Input(new TradingStatus { IsReconciled = true, MarketTime = Now }) with { Jobs = [failed with { LastSuccess = Now }] }));
    }

    [Fact]
    public void A_replay_that_decides_otherwise_is_critical_and_no_mere_failed_job()
    {
        var job = new JobStatus(JobNames.Agreement, "", false, null, Now, "live and replay disagree at journal entry 7", null);
        var condition = Assert.Single(AlertRules.Of(Input(new TradingStatus { IsReconciled = true, MarketTime = Now }) with { Jobs = [job] }));
        Assert.Equal(("replayDisagrees", AlertSeverity.Critical, job.LastOutcome), (condition.Code, condition.Severity, condition.Text));
        Assert.Equal(["jobFailed"], CodesOf(Input(new TradingStatus { IsReconciled = true, MarketTime = Now }) with { Jobs = [job with { LastOutcome = "killed" }] }));
    }

    [Fact]
    public void A_difference_that_two_readings_found_is_told_until_one_agrees()
    {
        var status = new TradingStatus { IsReconciled = true, MarketTime = Now, Reconcile = new ReconcileStatus(1, 5, 2, "wallet 1 / 2", Now, "wallet 1 / 2") };
        var condition = Assert.Single(AlertRules.Of(Input(status)));
        Assert.Equal("reconcileDifference", condition.Code);
        Assert.Contains("wallet 1 / 2", condition.Text, StringComparison.Ordinal);
        Assert.Empty(AlertRules.Of(Input(status with { Reconcile = status.Reconcile with { Standing = "" } })));
    }

    [Fact]
    public void Each_order_of_unknown_outcome_is_told_after_ten_seconds()
    {
        UnknownOrder[] orders = [new(new ClientOrderId("tb-1"), Series.Symbol, false), new(new ClientOrderId("tb-2"), Series.Symbol, true)];
        var told = AlertRules.Of(Input(new TradingStatus { IsReconciled = true, MarketTime = Now, UnknownOrders = orders })).ToList();
        Assert.Equal([("orderUnknown", "tb-1", 10_000L), ("orderUnknown", "tb-2", 10_000L)], told.Select(c => (c.Code, c.Subject, c.AfterMs)));
    }

    [Theory]
    [InlineData(300, 0, false)]
    [InlineData(301, 0, true)]
    [InlineData(-301, 0, true)]
    [InlineData(340, 80, false)]
    [InlineData(341, 80, true)]
    public void A_clock_that_is_off_for_certain_is_told(long offset, long roundTrip, bool told) => Assert.Equal(
        told ? ["clockOff"] : [],
        CodesOf(Input(new TradingStatus { IsReconciled = true, MarketTime = Now }) with { Clock = new ClockReading(offset, roundTrip) }));

    [Fact]
    public void A_ticket_in_force_that_has_expired_is_told_by_its_name()
    {
        var ticket = TestTickets.Direction();
        var input = Input(new TradingStatus { IsReconciled = true, MarketTime = ticket.ExpiresAt }) with { Live = [ticket] };
        Assert.Equal(("ticketExpired", ticket.Id.Short), Assert.Single(AlertRules.Of(input).Select(c => (c.Code, c.Subject))));
        Assert.Empty(AlertRules.Of(input with { Trading = input.Trading with { MarketTime = ticket.ExpiresAt.Plus(-1) } }));
    }

    private static AlertInput Input(TradingStatus status) => new(status, new TradingOptions(), [], 0, 60, 0.5);

    private static List<string> CodesOf(AlertInput input) => [.. AlertRules.Of(input).Select(c => c.Code)];
}
