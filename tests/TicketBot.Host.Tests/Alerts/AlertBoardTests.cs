using TicketBot.Domain;
using TicketBot.Host.Alerts;

namespace TicketBot.Host.Tests.Alerts;

public sealed class AlertBoardTests
{
    private const long Hour = 3_600_000;
    private static readonly Instant Start = new(1_700_000_000_000);
    private static readonly AlertCondition Halted = new("halted", "", AlertSeverity.Critical, "trading is halted");
    private readonly AlertBoard _board = new(Hour);

    [Fact]
    public void An_alert_is_told_once_when_it_begins_and_once_when_it_is_over()
    {
        var begun = Assert.Single(_board.Look([Halted], Start));
        Assert.False(begun.IsOver);
        Assert.Equal(begun, Assert.Single(_board.Present));
        Assert.Empty(_board.Look([Halted], Start.Plus(1_000)));
        var over = Assert.Single(_board.Look([], Start.Plus(2_000)));
        Assert.True(over.IsOver);
        Assert.Equal(Start, over.Since);
        Assert.Empty(_board.Present);
        Assert.Empty(_board.Look([], Start.Plus(3_000)));
    }

    [Fact]
    public void A_lasting_alert_is_told_again_after_the_repeat_time_and_not_before()
    {
        _board.Look([Halted], Start);
        Assert.Empty(_board.Look([Halted], Start.Plus(Hour - 1)));
        Assert.Single(_board.Look([Halted], Start.Plus(Hour)));
        Assert.Empty(_board.Look([Halted], Start.Plus(Hour + 1)));
    }

    [Fact]
    public void A_condition_that_must_hold_for_a_while_is_not_told_when_it_passes_sooner()
    {
        var slow = Halted with { AfterMs = 5_000 };
        Assert.Empty(_board.Look([slow], Start));
        Assert.Empty(_board.Look([slow], Start.Plus(4_999)));
        Assert.Empty(_board.Look([], Start.Plus(5_000)));
        Assert.Empty(_board.Look([slow], Start.Plus(5_001)));
        Assert.Single(_board.Look([slow], Start.Plus(10_001)));
    }

    [Fact]
    public void Alerts_of_one_kind_about_different_things_are_kept_apart()
    {
        var told = _board.Look([Halted with { Subject = "BTCUSDT" }, Halted with { Subject = "ETHUSDT" }], Start);
        Assert.Equal(["BTCUSDT", "ETHUSDT"], told.Select(a => a.Subject));
        Assert.Equal("ETHUSDT", Assert.Single(_board.Look([Halted with { Subject = "BTCUSDT" }], Start.Plus(1))).Subject);
    }
}
