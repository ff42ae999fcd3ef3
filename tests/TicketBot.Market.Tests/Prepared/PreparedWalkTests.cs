using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Market.Prepared;

namespace TicketBot.Market.Tests.Prepared;

public sealed class PreparedWalkTests
{
    private const int Window = 10;
    private static readonly List<Candle> Candles = MarketData.Walk(17, 200);
    private static readonly PreparedSeries Prepared = new(CandleSeries.Of(MarketData.Btc, MarketData.Quarter, Candles), null, [], []);

    [Theory]
    [InlineData(0)]
    [InlineData(37)]
    public void Finds_a_candle_once_its_whole_window_is_in_memory(int start)
    {
        var (series, walk) = Make(50);
        for (var i = start; i < Candles.Count; i++)
        {
            walk.Follow(series.Append(Candles[i]));
            var last = series.Count - 1;
            Assert.Equal(i - start < Window - 1 ? -1 : i, walk.Find(last, Window));
            if (i - start >= 30)
            {
                Assert.Equal(i - 7, walk.Find(last - 7, Window)); // Rows of the past are asked for too.
            }
        }
    }

    [Theory]
    [InlineData("close")]
    [InlineData("observation")]
    [InlineData("missing")]
    [InlineData("revised")]
    [InlineData("late")]
    public void Finds_no_window_that_holds_another_candle(string what)
    {
        var (series, walk) = Make(1_000);
        for (var i = 0; i < Candles.Count; i++)
        {
            var candle = Candles[i];
            if (i == 100 && what is ("missing" or "late"))
            {
                continue;
            }

            walk.Follow(series.Append(i != 100 ? candle : what switch
            {
                "close" => candle with { Close = Math.BitIncrement(candle.Close), High = candle.High * 2 },
                "observation" => candle with { Observations = candle.Observations with { SignedFlow = null } },
                _ => candle,
            }));
            if (i == 104 && what is ("revised" or "late"))
            {
                walk.Follow(series.Append(Candles[100] with { Volume = 77 }));
            }

            if (i >= 105)
            {
                for (var at = Math.Max(Window, series.Count - 20); at < series.Count; at++)
                {
                    var found = walk.Find(at, Window);
                    Assert.True(found < 0 || IsSame(series, at, found), $"after candle {i} the window that ends at {at} was taken for that of {found}");
                }
            }
        }

        Assert.Equal(Candles.Count - 1, walk.Find(series.Count - 1, Window)); // Later it is known again where both stand.
    }

    [Fact]
    public void Takes_nothing_from_a_series_of_another_symbol()
    {
        var series = new CandleSeries(MarketData.Eth, MarketData.Quarter, 1_000);
        var walk = new PreparedWalk(Prepared, series);
        foreach (var candle in Candles)
        {
            walk.Follow(series.Append(candle));
        }

        Assert.Equal(-1, walk.Find(series.Count - 1, Window));
    }

    private static (CandleSeries Series, PreparedWalk Walk) Make(int capacity)
    {
        var series = new CandleSeries(MarketData.Btc, MarketData.Quarter, capacity);
        return (series, new PreparedWalk(Prepared, series));
    }

    private static bool IsSame(CandleSeries series, int at, int found)
    {
        for (var back = 0; back < Window; back++)
        {
            if (series[at - back] != Prepared.Candles[found - back])
            {
                return false;
            }
        }

        return true;
    }
}
