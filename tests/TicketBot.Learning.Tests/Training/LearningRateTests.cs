using TicketBot.Learning.Training;

namespace TicketBot.Learning.Tests.Training;

public class LearningRateTests
{
    [Theory]
    [InlineData(LearningRateSchedule.Constant, 0.4, 0.4, 0.4)]
    [InlineData(LearningRateSchedule.Linear, 0.4, 0.2, 0.004)]
    [InlineData(LearningRateSchedule.Cosine, 0.4, 0.2, 0.4 * 0.5 * 4.934396e-4)]
    public void Follows_its_curve(LearningRateSchedule schedule, double first, double middle, double last)
    {
        var options = new TrainingOptions { LearningRate = 0.4, Schedule = schedule };
        Assert.Equal(first, LearningRate.At(options, 0, 100), 1e-12);
        Assert.Equal(middle, LearningRate.At(options, 50, 100), 1e-12);
        Assert.Equal(last, LearningRate.At(options, 99, 100), 1e-6);
    }

    [Fact]
    public void One_cycle_rises_to_its_full_value_and_falls_to_almost_nothing()
    {
        var options = new TrainingOptions { LearningRate = 1.0, Schedule = LearningRateSchedule.OneCycle };
        double[] rates = [.. Enumerable.Range(0, 101).Select(step => LearningRate.At(options, step, 101))];
        Assert.Equal(0.04, rates[0], 1e-12);
        Assert.Equal(0.52, rates[15], 1e-12);
        Assert.Equal(1.0, rates[30], 1e-12);
        Assert.Equal(4e-6, rates[100], 1e-12);
        Assert.Equal(30, Array.IndexOf(rates, rates.Max()));
        Assert.True(rates.Take(31).SequenceEqual(rates.Take(31).Order()) && rates.Skip(30).SequenceEqual(rates.Skip(30).OrderDescending()));
        Assert.Equal(0.04, LearningRate.At(options, 0, 1), 1e-12);
    }

    [Fact]
    public void Warm_up_rises_on_a_line_under_any_schedule()
    {
        var options = new TrainingOptions { LearningRate = 1.0, WarmupShare = 0.1 };
        Assert.Equal([0.1, 0.2, 0.9, 1.0, 1.0], new[] { 0, 1, 8, 9, 99 }.Select(step => Math.Round(LearningRate.At(options, step, 100), 12)));
        Assert.Equal(0.5 * 0.96, LearningRate.At(options with { Schedule = LearningRateSchedule.Linear }, 4, 100), 1e-12);
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        Assert.Contains("WarmupShare", Assert.Throws<ArgumentException>(() => new TrainingOptions { WarmupShare = 1.0 }.Validate()).Message, StringComparison.Ordinal);
        Assert.Contains("LayerRates", Assert.Throws<ArgumentException>(() => new TrainingOptions { LayerRates = [1.0, -1.0] }.Validate()).Message, StringComparison.Ordinal);
        Assert.Contains("expected 3 factors", Assert.Throws<ArgumentException>(() => new TrainingOptions { LayerRates = [1.0] }.RequireFit(Architecture.Parse("dense:3,dense:2", 4, 2))).Message, StringComparison.Ordinal);
    }
}
