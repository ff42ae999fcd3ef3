namespace TicketBot.Benchmarks.Learning;

/// <summary>What one side did in one slice.</summary>
/// <param name="Steps">Units of work done.</param>
/// <param name="WallSeconds">Seconds on the wall.</param>
/// <param name="CpuSeconds">Processor seconds of the side's own thread or process.</param>
internal readonly record struct Slice(long Steps, double WallSeconds, double CpuSeconds)
{
    /// <summary>Processor microseconds of one step.</summary>
    public double CpuMicroseconds => CpuSeconds * 1e6 / Steps;

    /// <summary>Wall microseconds of one step.</summary>
    public double WallMicroseconds => WallSeconds * 1e6 / Steps;
}
