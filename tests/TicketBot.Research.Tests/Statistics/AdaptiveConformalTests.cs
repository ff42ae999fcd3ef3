using TicketBot.Learning;
using TicketBot.Research.Statistics;
using TicketBot.Testing;

namespace TicketBot.Research.Tests.Statistics;

/// <summary>Invariant: on any sequence, after n forecasts, the share of misses differs from the target by at most (max(target, 1 - target) + step) / (n step).</summary>
public sealed class AdaptiveConformalTests
{
    [Fact]
    public void Half_widths_and_levels_equal_numpy_through_a_shift()
    {
        var file = GoldenNumbers.Read("conformal");
        var (forecasts, outcomes, levels) = (file.Numbers("forecasts"), file.Numbers("outcomes"), file.Numbers("levels"));
        var widths = file.GetProperty("halfWidths").EnumerateArray().Select(v => v.ValueKind == System.Text.Json.JsonValueKind.Null ? double.PositiveInfinity : v.GetDouble()).ToArray();
        var conformal = new AdaptiveConformal(file.Number("target"), file.Number("step"), file.Count("window"));
        for (var i = 0; i < forecasts.Length; i++)
        {
            Assert.Equal(widths[i], conformal.HalfWidth, 1e-12);
            conformal.Observe(forecasts[i], outcomes[i]);
            Assert.Equal(levels[i], conformal.Level, 1e-9);
        }

        Assert.Equal(file.Count("missed"), conformal.Missed);
    }

    [Fact]
    public void Coverage_holds_in_the_long_run_whatever_the_series_does()
    {
        for (var world = 0; world < 200; world++)
        {
            var rng = new Rng((ulong)world);
            var (target, step) = (0.02 + (0.5 * rng.NextDouble()), 0.002 + (0.1 * rng.NextDouble()));
            var conformal = new AdaptiveConformal(target, step, 1 + rng.NextInt(200));
            var (length, scale, drift) = (200 + rng.NextInt(2_000), 1.0, 0.0);
            for (var i = 0; i < length; i++)
            {
                if (rng.NextInt(150) == 0)
                {
                    scale = Math.Exp(3 * rng.NextGaussian());
                    drift = rng.NextGaussian();
                }

                conformal.Observe(0, (i * drift) + (scale * rng.NextGaussian()));
                var bound = (Math.Max(target, 1 - target) + step) / ((i + 1) * step);
                Assert.InRange(Math.Abs(((double)conformal.Missed / (i + 1)) - target), 0, bound + 1e-9);
            }
        }
    }

    [Fact]
    public void A_fixed_level_would_have_missed_what_the_adaptive_one_keeps_after_a_shift()
    {
        // The spread doubles every 400 steps: errors of the window are always too small.
        var rng = new Rng(9);
        var (adaptive, frozen) = (new AdaptiveConformal(0.1, 0.03, 400), new AdaptiveConformal(0.1, 1e-12, 400));
        for (var i = 0; i < 4_000; i++)
        {
            var outcome = Math.Pow(2, i / 400.0) * rng.NextGaussian();
            adaptive.Observe(0, outcome);
            frozen.Observe(0, outcome);
        }

        Assert.InRange((double)adaptive.Missed / adaptive.Observed, 0.09, 0.11);
        Assert.True((double)frozen.Missed / frozen.Observed > 0.14);
    }

    [Fact]
    public void Observing_allocates_nothing()
    {
        var conformal = new AdaptiveConformal(0.1, 0.01, 64);
        Round();
        Assert.Equal(0, AllocatedBytes.LeastOf(Round));

        void Round()
        {
            for (var i = 0; i < 1_000; i++)
            {
                conformal.Observe(0.5, i % 7);
            }
        }
    }

    [Fact]
    public void What_is_no_number_is_refused() => Assert.Throws<ArgumentException>(() => new AdaptiveConformal(0.1, 0.01, 8).Observe(double.NaN, 1));
}
