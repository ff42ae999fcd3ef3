using TicketBot.Domain;
using TicketBot.Host.Alerts;
using TicketBot.Testing;
using TicketBot.Trading;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Risk;

namespace TicketBot.Host.Tests.Alerts;

public sealed class DaySummaryTests
{
    private static readonly Instant Day = new(1_700_006_400_000); // 2023-11-15T00:00:00Z
    private readonly MemoryJournal _journal = new();

    [Fact]
    public void A_day_that_is_over_is_told_once_with_its_figures()
    {
        var summary = Make();
        Assert.Null(summary.Look(new TradingStatus()));
        var told = summary.Look(After(Day));
        Assert.Equal((AlertCodes.DailySummary, AlertSeverity.Info, Day), (told!.Code, told.Severity, told.Since));
        Assert.Equal("2023-11-15: 96 decisions, 4 orders, 5 fills, profit -12.35, equity 9987.65; not opened: BelowConfidence 90, PositionOpen 2", told.Text);
        Assert.Null(summary.Look(After(Day)));
        Assert.NotNull(summary.Look(After(Day.Plus(Instant.MillisecondsPerDay))));
    }

    [Fact]
    public void A_restart_does_not_tell_the_day_again_but_tells_the_next()
    {
        Make().Look(After(Day));
        var restarted = Make();
        Assert.Null(restarted.Look(After(Day)));
        Assert.NotNull(restarted.Look(After(Day.Plus(Instant.MillisecondsPerDay))));
    }

    [Fact]
    public void A_note_that_cannot_be_read_holds_no_summary_back()
    {
        _journal.Append(new JournalEntry(Day, DaySummary.Kind, "", "{\"day\":", null));
        _journal.Commit();
        Assert.NotNull(Make().Look(After(Day)));
    }

    private static TradingStatus After(Instant day) => new()
    {
        MarketTime = day.Plus(Instant.MillisecondsPerDay),
        LastDay = new DayReport(
            day, 96, 4, 5, new Money(-12.345m), new Money(9_987.654m),
            new Dictionary<DenialCode, int> { [DenialCode.PositionOpen] = 2, [DenialCode.BelowConfidence] = 90 }),
    };

    private DaySummary Make() => new(_journal, (kind, symbol, payload) =>
    {
        _journal.Append(new JournalEntry(Day, kind, symbol, payload, null));
        _journal.Commit();
    });
}
