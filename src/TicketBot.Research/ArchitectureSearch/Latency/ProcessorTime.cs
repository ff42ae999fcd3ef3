using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TicketBot.Research.ArchitectureSearch.Latency;

/// <summary>Processor seconds of the calling thread: time in which other programs held the core does not count. Where the system has no such clock it is the wall's.</summary>
internal static class ProcessorTime
{
    // CLOCK_THREAD_CPUTIME_ID of Linux, time.h.
    private const int ThreadClock = 3;

    /// <summary>Seconds since an arbitrary start.</summary>
    public static double Seconds => OperatingSystem.IsLinux() && Read(ThreadClock, out var time) == 0
        ? time.Seconds + (time.Nanoseconds * 1e-9)
        : (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;

#pragma warning disable SYSLIB1054 // The generated form needs unsafe code, which this room does without; nothing here is marshalled.
    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Read(int clock, out Time time);
#pragma warning restore SYSLIB1054

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Time
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
