using System.Diagnostics;
using System.Globalization;
using TicketBot.Domain;
using TicketBot.Host;
using TicketBot.Host.Configuration;
using TicketBot.Host.Jobs;
using TicketBot.Host.Running;
using TicketBot.Storage;
using TicketBot.Testing;
using TicketBot.Trading.Exchange;

namespace TicketBot.Benchmarks.BesideTraining;

/// <summary>A research child as the daemon starts one, with work enough to train until it is stopped.</summary>
internal sealed class Training : IDisposable
{
    private const int Candles = 20_000;
    private static readonly Symbol Symbol = new("BTCUSDT");
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("ticketbot-beside-training");
    private readonly DataFolder _folder;
    private readonly int _threads;
    private ulong _seed;

    private Training(int threads) => (_threads, _folder) = (threads, DataFolder.OfRun(_root.FullName, ExchangeEnvironment.Simulator, "beside"));

    /// <summary>Makes the candles that it trains on.</summary>
    /// <param name="threads">Threads that train.</param>
    public static async Task<Training> PrepareAsync(int threads)
    {
        var training = new Training(threads);
        using var store = SqliteCandleStore.Open(training._folder.MarketDatabase);
        await store.WriteAsync(Symbol, Interval.FifteenMinutes, RandomCandles.Walk(Candles, 3, Interval.FifteenMinutes), default);
        return training;
    }

    /// <summary>Starts a search that nobody has begun before; returns when it trains. It ends when <paramref name="stop"/> is cancelled.</summary>
    /// <exception cref="InvalidOperationException">It ended before it trained.</exception>
    public async Task<Task<ChildOutcome>> StartAsync(CancellationToken stop)
    {
        var settings = Settings.Of(
        [
            new Layer("benchmark", new Dictionary<string, string?>
            {
                ["Storage:DataFolder"] = _root.FullName,
                ["Trading:Symbols:0"] = Symbol.Value,
                ["Research:Threads"] = _threads.ToString(CultureInfo.InvariantCulture),
                ["Research:Seed"] = (++_seed).ToString(CultureInfo.InvariantCulture), // Finished stages are not done again.
                ["Research:ControlSeeds"] = "50",
                ["Research:Epochs"] = "1000",
                ["Research:Patience"] = "1000",
            }),
        ]);
        settings.WriteEffective(_folder.EffectiveConfiguration);
        var (file, first) = ChildProcess.ThisProgram();
        var trains = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var last = "";
        var child = new ChildProcess(TimeProvider.System).RunAsync(
            file, [.. first, "job", "run", JobNames.Reidentify, "--child", "--symbol", Symbol.Value, "--config", _folder.EffectiveConfiguration],
            ChildLimits.Of(settings.Get<HostOptions>().Jobs),
            line =>
            {
                last = line;
                if (line.StartsWith("dataset", StringComparison.Ordinal))
                {
                    trains.TrySetResult();
                }
            },
            stop);
        if (await Task.WhenAny(trains.Task, child) == child)
        {
            throw new InvalidOperationException($"the research child ended before it trained: {await child}; it said last: {last}");
        }

        return child;
    }

    /// <inheritdoc/>
    public void Dispose() => _root.Delete(recursive: true);

    /// <summary>Halts the children of this process (SIGSTOP) or lets them go on (SIGCONT).</summary>
    public static async Task SignalAsync(string signal)
    {
        foreach (var (child, _) in Children())
        {
            using var kill = Process.Start("kill", [$"-{signal}", child]);
            await kill.WaitForExitAsync();
        }
    }

    /// <summary>Returns the processor seconds that the children of this process have used so far (proc_pid_stat(5)), those that have ended left out.</summary>
    public static double ProcessorSeconds()
    {
        const double TicksPerSecond = 100;
        return Children().Sum(c => c.Ticks) / TicksPerSecond;
    }

    private static List<(string Id, long Ticks)> Children()
    {
        var self = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        List<(string, long)> children = [];
        foreach (var folder in Directory.GetDirectories("/proc").Where(f => char.IsAsciiDigit(Path.GetFileName(f)[0])))
        {
            try
            {
                var text = File.ReadAllText(Path.Combine(folder, "stat"));
                var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
                if (fields[1] == self)
                {
                    children.Add((Path.GetFileName(folder), long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)));
                }
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile.
            }
        }

        return children;
    }
}
