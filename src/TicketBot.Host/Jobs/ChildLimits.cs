namespace TicketBot.Host.Jobs;

/// <summary>What a child process may use.</summary>
/// <param name="Time">Wall time until it is killed.</param>
/// <param name="HeapMiB">Hard limit of its managed heap, MiB.</param>
/// <param name="ResidentMiB">Resident memory at which it is killed, MiB.</param>
/// <param name="Niceness">How far it stands back from the processor, 0 to 19.</param>
public sealed record ChildLimits(TimeSpan Time, int HeapMiB, int ResidentMiB, int Niceness)
{
    /// <summary>Returns the limits of the configuration; native memory may come on top of the heap with half as much again.</summary>
    public static ChildLimits Of(JobOptions options) =>
        new(TimeSpan.FromMinutes(options.TimeLimitMinutes), options.MemoryLimitMiB, options.MemoryLimitMiB * 3 / 2, options.Niceness);
}
