using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace TicketBot.Host.Jobs;

/// <summary>Runs a child process under limits: niced, heap capped by the runtime, killed with all its descendants when it overruns
/// its time or memory, and when the parent stops. The child's standard input closes when the parent dies, however it dies.</summary>
/// <param name="time">Clock of the time limit.</param>
public sealed class ChildProcess(TimeProvider time)
{
    private const int LastLines = 12;
    private static readonly TimeSpan MemoryLookEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>Returns the file and first arguments that start this same program again.</summary>
    public static (string File, IReadOnlyList<string> Arguments) ThisProgram()
    {
        var self = Environment.ProcessPath ?? throw new InvalidOperationException("Invariant: a running process has a path");
        var assembly = typeof(ChildProcess).Assembly.Location;
        return Path.GetFileNameWithoutExtension(self).Equals("ticketbot", StringComparison.OrdinalIgnoreCase)
            ? (self, [])
            : ("dotnet", ["exec", assembly]);
    }

    /// <summary>Runs a program to its end or to its limits; <paramref name="line"/> gets each line it writes, on threads of the pool.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the child is dead by then.</exception>
    public async Task<ChildOutcome> RunAsync(
        string file, IReadOnlyList<string> arguments, ChildLimits limits, Action<string> line, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = Start(file, arguments, limits) };
        var last = new Queue<string>();
        void Take(string? text)
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                return;
            }

            lock (last)
            {
                last.Enqueue(text);
                if (last.Count > LastLines)
                {
                    last.Dequeue();
                }
            }

            line(text);
        }

        process.OutputDataReceived += (_, e) => Take(e.Data);
        process.ErrorDataReceived += (_, e) => Take(e.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception fault)
        {
            return new ChildOutcome.NotStarted($"{file}: {fault.Message}");
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(limits.Time, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var exit = process.WaitForExitAsync(either.Token);
            while (await Task.WhenAny(exit, Task.Delay(MemoryLookEvery, time, either.Token)) != exit)
            {
                either.Token.ThrowIfCancellationRequested();
                var resident = ResidentMiB(process);
                if (resident > limits.ResidentMiB)
                {
                    return new ChildOutcome.AteMemory(resident, limits.ResidentMiB);
                }
            }

            await exit;
            lock (last)
            {
                return new ChildOutcome.Exited(process.ExitCode, string.Join(" | ", last));
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ChildOutcome.Overran(limits.Time);
        }
        finally
        {
            await KillAsync(process);
        }
    }

    private static ProcessStartInfo Start(string file, IReadOnlyList<string> arguments, ChildLimits limits)
    {
        var niced = limits.Niceness > 0 && !RuntimeInformation.IsOSPlatform(OSPlatform.Windows);
        var start = new ProcessStartInfo
        {
            FileName = niced ? "nice" : file,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        IEnumerable<string> prefix = niced ? ["-n", limits.Niceness.ToString(CultureInfo.InvariantCulture), file] : [];
        foreach (var argument in prefix.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        // The runtime reads this value as hexadecimal bytes.
        start.Environment["DOTNET_GCHeapHardLimit"] = ((long)limits.HeapMiB << 20).ToString("X", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_gcConcurrent"] = "0";
        return start;
    }

    private static long ResidentMiB(Process process)
    {
        try
        {
            process.Refresh();
            return process.HasExited ? 0 : process.WorkingSet64 >> 20;
        }
        catch (InvalidOperationException)
        {
            return 0; // It ended between the two looks.
        }
    }

    private static async Task KillAsync(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
