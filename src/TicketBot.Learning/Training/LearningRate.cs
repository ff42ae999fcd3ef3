namespace TicketBot.Learning.Training;

/// <summary>The learning rate of each step, the same bits on every machine.</summary>
internal static class LearningRate
{
    private const double RiseShare = 0.3;
    private const double StartDivisor = 25.0;
    private const double EndDivisor = 25.0 * 1e4;

    /// <summary>Returns the rate of the update made at <paramref name="step"/>, 0 to below <paramref name="planned"/>.</summary>
    public static double At(TrainingOptions options, int step, int planned)
    {
        double rate = options.LearningRate * options.Schedule switch
        {
            LearningRateSchedule.Constant => 1.0,
            LearningRateSchedule.Linear => 1.0 - (double)step / planned,
            LearningRateSchedule.Cosine => Between(1.0, 0.0, (double)step / planned),
            LearningRateSchedule.OneCycle => OneCycle(planned > 1 ? (double)step / (planned - 1) : 0.0),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Schedule, "unknown schedule"),
        };
        double warmup = options.WarmupShare * planned;
        return step + 1 < warmup ? rate * ((step + 1) / warmup) : rate;
    }

    private static double OneCycle(double progress) => progress < RiseShare
        ? Between(1.0 / StartDivisor, 1.0, progress / RiseShare)
        : Between(1.0, 1.0 / EndDivisor, (progress - RiseShare) / (1.0 - RiseShare));

    private static double Between(double start, double end, double progress) => end + (start - end) * 0.5 * (1.0 + PortableMath.Cos(Math.PI * progress));
}
