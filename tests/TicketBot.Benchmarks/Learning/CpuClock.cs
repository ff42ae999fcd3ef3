using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TicketBot.Benchmarks.Learning;

/// <summary>Processor seconds of the calling thread: time in which other programs held the core does not count. Where the system has no such
/// clock it is the wall clock.</summary>
internal static partial class CpuClock
{
    // CLOCK_THREAD_CPUTIME_ID of Linux, time.h.
    private const int ThreadClock = 3;

    /// <summary>True when the figures really are processor time.</summary>
    public static bool IsProcessorTime { get; } = OperatingSystem.IsLinux();

    /// <summary>Seconds since an arbitrary start.</summary>
    public static double ThreadSeconds => IsProcessorTime && Read(ThreadClock, out var time) == 0
        ? time.Seconds + time.Nanoseconds * 1e-9
        : WallSeconds;

    /// <summary>Seconds on the wall since an arbitrary start.</summary>
    public static double WallSeconds => (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Read(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Time
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
