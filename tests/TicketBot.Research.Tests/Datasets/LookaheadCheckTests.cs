using TicketBot.Learning;
using TicketBot.Market.Candles;
using TicketBot.Market.Features;
using TicketBot.Research.Datasets;

namespace TicketBot.Research.Tests.Datasets;

public sealed class LookaheadCheckTests
{
    private static readonly CandleSeries Series = CandleSeries.Of(Markets.Symbol, Markets.Interval, Markets.Input("random", 1, 1_500).Candles);

    [Fact]
    public void The_features_do_not_look_ahead()
    {
        var check = LookaheadCheck.Of(Series, null, FeatureSchema.Default(), 60, new Rng(1));
        Assert.Empty(check.Findings);
        Assert.InRange(check.Checked, 40, 60);
    }

    [Fact]
    public void A_planted_leak_is_found()
    {
        // The classic fault: a "momentum" that reads the candle whose return is the label.
        var check = LookaheadCheck.Of(Series, ["leaky_momentum"], 20, new Rng(2), (series, index, row) =>
        {
            row[0] = (float)Math.Log(series.Close[Math.Min(index + 1, series.Count - 1)] / series.Close[index]);
            return true;
        });
        Assert.NotEmpty(check.Findings);
        Assert.Contains("leaky_momentum", check.Findings[0], StringComparison.Ordinal);
    }
}
