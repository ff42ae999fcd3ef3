using TicketBot.Domain;
using TicketBot.Host.Jobs;

namespace TicketBot.Host.Tests.Jobs;

public sealed class MarketCronTests
{
    private readonly MarketCron _cron = new([("daily", "0 10 0 * * ?"), ("monthly", "0 0 1 1 * ?")]);

    [Fact]
    public void Nothing_is_due_at_the_first_look() => Assert.Empty(_cron.Due(At(5, 0, 10)));

    [Fact]
    public void A_job_is_due_once_when_market_time_reaches_its_time()
    {
        _cron.Due(At(5, 0, 0));
        Assert.Empty(_cron.Due(At(5, 0, 9)));
        Assert.Equal(["daily"], _cron.Due(At(5, 0, 10)));
        Assert.Empty(_cron.Due(At(5, 0, 11)));
    }

    [Fact]
    public void Several_passed_times_are_one_run()
    {
        _cron.Due(At(5, 0, 0));
        Assert.Equal(["daily", "monthly"], _cron.Due(new Instant(At(5, 0, 0).UnixMilliseconds + (40 * Instant.MillisecondsPerDay))));
    }

    [Fact]
    public void Time_that_stands_still_or_goes_back_makes_nothing_due()
    {
        _cron.Due(At(5, 12, 0));
        Assert.Empty(_cron.Due(At(5, 12, 0)));
        Assert.Empty(_cron.Due(At(4, 0, 0)));
    }

    [Fact]
    public void A_job_is_overdue_when_a_time_passed_since_its_last_success()
    {
        Assert.False(MarketCron.IsOverdue("0 10 0 * * ?", At(5, 0, 10), At(5, 23, 59)));
        Assert.True(MarketCron.IsOverdue("0 10 0 * * ?", At(5, 0, 10), At(6, 0, 10)));
    }

    private static Instant At(int day, int hour, int minute) => Instant.From(new DateTimeOffset(2026, 1, day, hour, minute, 0, TimeSpan.Zero));
}
