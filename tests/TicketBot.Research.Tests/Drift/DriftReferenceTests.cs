using TicketBot.Research.Drift;
using TicketBot.Testing;

namespace TicketBot.Research.Tests.Drift;

/// <summary>Markets of four features, from one without memory to one that takes weeks to come back.</summary>
public sealed class DriftReferenceTests
{
    private const int Features = 4;
    private const int TrainRows = 15 * DriftReference.WindowRows;
    private static readonly double[] Persistence = [0, 0.6, 0.9, 0.98];

    [Fact]
    public void A_market_at_rest_seldom_confirms_drift_and_the_usual_reading_of_stability_would_nearly_always()
    {
        const int markets = 40;
        const int months = 1;
        var (alarms, usual) = (0, 0);
        for (var seed = 1UL; seed <= markets; seed++)
        {
            var live = months * 30 * 96;
            var rows = Rows(TrainRows + live, seed);
            var reference = DriftReference.Fit(rows.AsSpan(0, TrainRows * Features), Features)!;
            var (confirmed, moved) = Play(reference, rows, TrainRows, new DriftRule(false));
            alarms += confirmed.Count > 0 ? 1 : 0;
            usual += moved ? 1 : 0;
        }

        Assert.True(alarms <= markets / 20, $"{alarms} of {markets} markets at rest confirmed drift within {months} months of quarters of an hour");
        Assert.True(usual > markets * 3 / 4, $"only {usual} of {markets} had a stability index above {PopulationStability.Moved}");
    }

    [Theory]
    [InlineData(2.5, 1)] // Levels have moved.
    [InlineData(0, 3)] // Everything moves three times as far.
    public void A_market_that_changed_confirms_drift_within_two_and_a_half_windows_and_a_return_ends_it(double shift, double scale)
    {
        for (var seed = 1UL; seed <= 5; seed++)
        {
            const int changed = 5 * DriftReference.WindowRows;
            var rows = Rows(TrainRows + changed + (8 * DriftReference.WindowRows), seed);
            for (var i = TrainRows * Features; i < (TrainRows + changed) * Features; i++)
            {
                rows[i] = (rows[i] * scale) + shift;
            }

            var reference = DriftReference.Fit(rows.AsSpan(0, TrainRows * Features), Features)!;
            var rule = new DriftRule(false);
            var (changes, _) = Play(reference, rows, TrainRows, rule);
            Assert.InRange(changes[0], 1, 5 * DriftReference.WindowRows / 2);
            Assert.Equal(2, changes.Count);
            Assert.True(changes[1] > changed);
            Assert.False(rule.IsConfirmed);
        }
    }

    [Fact]
    public void The_same_rows_give_the_same_bits_and_few_rows_no_reference()
    {
        var rows = Rows(TrainRows + DriftReference.WindowRows, 3);
        var (one, other) = (DriftReference.Fit(rows.AsSpan(0, TrainRows * Features), Features)!, DriftReference.Fit(rows.AsSpan(0, TrainRows * Features), Features)!);
        Assert.Equal((one.StabilityLimit, one.DistanceLimit, one.OutsideLimit, 15), (other.StabilityLimit, other.DistanceLimit, other.OutsideLimit, other.Windows));
        var (left, right) = (one.Read(rows.AsSpan(TrainRows * Features)), other.Read(rows.AsSpan(TrainRows * Features)));
        Assert.Equal(left.Stability, right.Stability);
        Assert.Equal((left.Distance, left.Outside), (right.Distance, right.Outside));
        Assert.Null(DriftReference.Fit(rows.AsSpan(0, ((DriftReference.LeastWindows * DriftReference.WindowRows) - 1) * Features), Features));
        Assert.Throws<ArgumentException>(() => one.Read(rows.AsSpan(0, 40)));
    }

    [Fact]
    public void Between_unlike_and_alike_the_rule_stays_what_it_was()
    {
        var (unlike, between, alike) = (Reading(true, true), Reading(true, false), Reading(false, false));
        var rule = new DriftRule(false);
        for (var i = 0; i < 10 * DriftRule.Readings; i++)
        {
            Assert.False(rule.Look((i + 1) % DriftRule.Readings == 0 ? between : unlike));
        }

        Assert.Equal([DriftRule.Readings - 1], Enumerable.Range(0, 100).Where(i => rule.Look(i >= DriftRule.Readings ? between : unlike)));
        Assert.True(rule.IsConfirmed);
        Assert.Equal([DriftRule.Readings - 1], Enumerable.Range(0, DriftRule.Readings).Where(_ => rule.Look(alike)));
        Assert.False(rule.IsConfirmed);
    }

    private static DriftReading Reading(bool moved, bool apart) => new([0.1], 0, 0, 0, moved, apart, false);

    private static (List<int> Changes, bool Moved) Play(DriftReference reference, double[] rows, int from, DriftRule rule)
    {
        var (changes, moved) = (new List<int>(), false);
        for (var end = from + DriftRule.CandlesBetween; end <= rows.Length / Features; end += DriftRule.CandlesBetween)
        {
            var reading = reference.Read(rows.AsSpan((end - DriftReference.WindowRows) * Features, DriftReference.WindowRows * Features));
            moved |= reading.Stability.Max() > PopulationStability.Moved;
            if (rule.Look(reading))
            {
                changes.Add(end - from);
            }
        }

        return (changes, moved);
    }

    private static double[] Rows(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        var rows = new double[count * Features];
        for (var i = 0; i < rows.Length; i++)
        {
            var persistence = Persistence[i % Features];
            rows[i] = i < Features ? random.NextGaussian() : (persistence * rows[i - Features]) + (Math.Sqrt(1 - (persistence * persistence)) * random.NextGaussian());
        }

        return rows;
    }
}
