using TicketBot.Domain;
using TicketBot.Host.Running;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Tests.Running;

public sealed class DriftWatchTests
{
    private static readonly SeriesKey Series = new(new Symbol("BTCUSDT"), Interval.OneHour);
    private readonly DriftWatch _watch = new(0.25);

    [Fact]
    public void Drift_is_confirmed_once_by_a_whole_window_of_unlike_candles()
    {
        var confirmed = Enumerable.Range(0, 300).Where(i => _watch.Look(Status(i, 0.1)).Count > 0);
        Assert.Equal([DriftWatch.CandlesToConfirm], confirmed);
    }

    [Fact]
    public void One_alike_candle_starts_the_count_anew()
    {
        var confirmed = Enumerable.Range(0, 150).Where(i => _watch.Look(Status(i, i == 90 ? 0.5 : 0.1)).Count > 0);
        Assert.Empty(confirmed);
    }

    [Fact]
    public void A_new_regime_set_may_drift_again()
    {
        Assert.Contains(Enumerable.Range(0, 200), i => _watch.Look(Status(i, 0.1)).Count > 0);
        Assert.Contains(Enumerable.Range(200, 200), i => _watch.Look(Status(i, 0.1, "second")).Count > 0);
    }

    [Fact]
    public void Candles_between_two_pictures_count() => Assert.Equal([50], new[] { 0, 50, 100 }.Where(i => _watch.Look(Status(i * 2, 0.1)).Count > 0));

    private static TradingStatus Status(int candle, double similarity, string set = "first") => new()
    {
        Series =
        [
            new SeriesStatus(
                Series, new Instant(candle * 3_600_000L), 1, "calm", new Dictionary<string, double>(), "ticket", new Dictionary<string, string>(), similarity, set),
        ],
    };
}
