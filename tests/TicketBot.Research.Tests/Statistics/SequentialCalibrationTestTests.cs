using System.Text.Json;
using TicketBot.Learning;
using TicketBot.Research.Statistics;
using TicketBot.Testing;

namespace TicketBot.Research.Tests.Statistics;

public sealed class SequentialCalibrationTestTests
{
    private const int Lives = 2_000;
    private const int SignalsOfALife = 1_000;

    [Fact]
    public void Wealth_equals_the_likelihood_ratios_of_binomial_laws()
    {
        var file = GoldenNumbers.Read("sequential");
        var (confidences, hits, known) = (file.Numbers("confidences"), file.Flags("hits"), file.Count("outOfSample"));
        var test = new SequentialCalibrationTest([.. confidences.Take(known).Zip(hits, (c, h) => new CalibratedSignal(c, h))]);
        foreach (var expected in file.GetProperty("wealth").EnumerateArray())
        {
            while (test.Live < expected.Count("live"))
            {
                test.Observe(confidences[known + test.Live], hits[known + test.Live]);
            }

            Assert.Equal(expected.Number("logWealth"), test.LogWealth, 1e-8);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    public void A_ticket_that_is_right_as_often_as_it_says_is_alarmed_in_at_most_one_life_of_a_hundred(int outOfSample)
    {
        var alarms = 0;
        for (var life = 0; life < Lives; life++)
        {
            alarms += Live(new Rng((ulong)life), outOfSample, SignalsOfALife, _ => 0).IsAlarmed ? 1 : 0;
        }

        Assert.InRange(alarms / (double)Lives, 0, 0.01 + (3 * Math.Sqrt(0.01 * 0.99 / Lives)));
    }

    [Fact]
    public void Confidences_that_are_right_only_on_average_raise_no_alarm()
    {
        // Says 0.6 or 0.8 in turn and is right in 70 of 100 either way: the hit rate is the mean stated confidence.
        var alarms = 0;
        for (var life = 0; life < 500; life++)
        {
            var rng = new Rng((ulong)life);
            var test = new SequentialCalibrationTest([]);
            for (var i = 0; i < SignalsOfALife; i++)
            {
                test.Observe(i % 2 == 0 ? 0.8 : 0.6, rng.NextDouble() < 0.7);
            }

            alarms += test.IsAlarmed ? 1 : 0;
        }

        Assert.InRange(alarms, 0, 12); // 1 % of 500 and three errors.
    }

    // Live signals within which a drop of the hit rate below what is stated is found in at least nine of ten lives, after 300 sound out-of-sample signals.
    [Theory]
    [InlineData(0.65, 0.1, 0, 650)] // Half of them within 300.
    [InlineData(0.65, 0.1, 1_000, 900)] // After a thousand sound live signals, which a single start would hold to the ticket's credit.
    [InlineData(0.84, 0.16, 0, 200)]
    public void A_drop_of_the_hit_rate_is_found_in_most_lives(double confidence, double missing, int sound, int within)
    {
        const int Worlds = 400;
        var found = 0;
        for (var life = 0; life < Worlds; life++)
        {
            var test = Live(new Rng((ulong)(life + 10_000)), 300, sound + within, i => i < sound ? 0 : missing, confidence);
            found += test.IsAlarmed ? 1 : 0;
        }

        Assert.True(found >= 0.9 * Worlds, $"{found} of {Worlds} lives");
    }

    [Fact]
    public void Out_of_sample_signals_alone_can_raise_the_alarm_and_lose_their_say_after_300_live_ones()
    {
        var bad = Enumerable.Range(0, 400).Select(i => new CalibratedSignal(0.7, i % 2 == 0)).ToArray();
        Assert.True(new SequentialCalibrationTest(bad).IsAlarmed);

        var (with, without) = (new SequentialCalibrationTest([.. bad.Take(60)]), new SequentialCalibrationTest([]));
        for (var i = 0; i < 300; i++)
        {
            with.Observe(0.7, i % 10 < 7);
            without.Observe(0.7, i % 10 < 7);
        }

        var before = (with.Save().Confidence[0], without.Save().Hits[0]);
        with.Observe(0.7, false);
        without.Observe(0.7, false);
        Assert.Equal(before, (with.Save().Confidence[0], without.Save().Hits[0]));
        Assert.NotEqual(with.LogWealth, without.LogWealth);
    }

    [Fact]
    public void A_test_that_was_saved_goes_on_bit_for_bit()
    {
        var rng = new Rng(3);
        var whole = new SequentialCalibrationTest([new CalibratedSignal(0.7, false)]);
        var parts = new SequentialCalibrationTest([new CalibratedSignal(0.7, false)]);
        for (var i = 0; i < 700; i++)
        {
            var (confidence, hit) = (0.6 + (0.3 * rng.NextDouble()), rng.NextDouble() < 0.6);
            whole.Observe(confidence, hit);
            parts.Observe(confidence, hit);
            if (i % 50 == 0)
            {
                parts = SequentialCalibrationTest.Resume(JsonSerializer.Deserialize<SequentialCalibrationState>(JsonSerializer.Serialize(parts.Save()))!);
            }

            Assert.Equal(whole.LogWealth, parts.LogWealth);
        }

        Assert.Equal((whole.IsAlarmed, whole.HitRate, whole.MeanConfidence), (parts.IsAlarmed, parts.HitRate, parts.MeanConfidence));
    }

    [Fact]
    public void An_alarm_stays()
    {
        var test = new SequentialCalibrationTest([]);
        for (var i = 0; i < 60; i++)
        {
            test.Observe(0.9, false);
        }

        Assert.True(test.IsAlarmed);
        for (var i = 0; i < 5_000; i++)
        {
            test.Observe(0.5, true);
        }

        Assert.True(test.LogWealth < 0 && test.IsAlarmed && SequentialCalibrationTest.Resume(test.Save()).IsAlarmed, $"wealth {test.LogWealth}");
    }

    [Fact]
    public void Observing_allocates_nothing()
    {
        var test = new SequentialCalibrationTest([]);
        Round();
        Assert.Equal(0, AllocatedBytes.LeastOf(Round));

        void Round()
        {
            for (var i = 0; i < 500; i++)
            {
                test.Observe(0.7, i % 3 != 0);
            }
        }
    }

    [Fact]
    public void What_is_no_confidence_or_no_state_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SequentialCalibrationTest([]).Observe(1.01, true));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SequentialCalibrationTest([], 0));
        var state = new SequentialCalibrationTest([]).Save();
        Assert.Contains("start 1 had 0 and 1", Assert.Throws<ArgumentException>(() => SequentialCalibrationTest.Resume(state with { Hits = [0, 1, .. new int[30]] })).Message, StringComparison.Ordinal);
        Assert.Contains("make the test again", Assert.Throws<ArgumentException>(() => SequentialCalibrationTest.Resume(state with { Hits = [1] })).Message, StringComparison.Ordinal);
    }

    private static SequentialCalibrationTest Live(Rng rng, int outOfSample, int live, Func<int, double> shortfall, double? confidence = null)
    {
        var known = new CalibratedSignal[outOfSample];
        for (var i = 0; i < outOfSample; i++)
        {
            known[i] = Signal(0);
        }

        var test = new SequentialCalibrationTest(known);
        for (var i = 0; i < live; i++)
        {
            var (stated, hit) = Signal(shortfall(i));
            test.Observe(stated, hit);
        }

        return test;

        CalibratedSignal Signal(double missing)
        {
            var stated = confidence ?? (0.65 + (0.2 * rng.NextDouble()));
            return new CalibratedSignal(stated, rng.NextDouble() < stated - missing);
        }
    }
}
