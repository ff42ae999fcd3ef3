using System.Globalization;
using TicketBot.Scenarios.Running;
using TicketBot.Trading;

namespace TicketBot.Scenarios.Campaign;

/// <summary>The real daemon as a process of its own, at a venue that lives in this one and goes on when the daemon is killed.</summary>
internal sealed class DaemonPlay : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);
    private readonly long _started = TimeProvider.System.GetTimestamp();

    private DaemonPlay(Scene scene, DaemonProcess process) => (Scene, Process) = (scene, process);

    internal Scene Scene { get; }

    internal DaemonProcess Process { get; }

    /// <summary>The limits every daemon of the campaign trades under.</summary>
    internal static TradingOptions Limits
    {
        get
        {
            var options = new TradingOptions { Interval = Scene.Interval.Name, MinSimilarity = 0 };
            options.Symbols.Add("BTCUSDT");
            return options;
        }
    }

    /// <summary>Sets a scene for daemons: its folder is where a daemon keeps the account of a simulator that runs elsewhere.</summary>
    internal static Task<Scene> SetAsync(ulong seed, int liveCandles = 10) =>
        Scene.SetAsync(seed, new SceneOptions { LiveCandles = liveCandles, InDaemonFolder = true });

    /// <summary>Starts a daemon on the scene.</summary>
    internal static DaemonPlay Start(Scene scene, params string[] more) => StartWith(scene, new Dictionary<string, string>(), more);

    /// <summary>Starts a daemon on the scene with some variables in its environment.</summary>
    internal static DaemonPlay StartWith(Scene scene, IReadOnlyDictionary<string, string> variables, params string[] more)
    {
        var server = scene.Server;
        return new DaemonPlay(scene, DaemonProcess.Start(
            variables,
        [
            "run", "--port", "0", "--data-folder", scene.Root,
            "--set", $"Bybit:RestAddress={server.RestAddress}", "--set", $"Bybit:PublicStreamAddress={new Uri(server.WebSocketAddress, "v5/public/linear")}",
            "--set", $"Bybit:PrivateStreamAddress={new Uri(server.WebSocketAddress, "v5/private")}",
            "--set", $"Trading:Interval={Scene.Interval.Name}", "--set", "Trading:MinSimilarity=0", "--set", "Host:Jobs:Enabled=false", "--set", "Research:HistoryCandles=2000",
            "--set", $"Simulator:ApiKey={Scene.Key}", "--set", $"Simulator:ApiSecret={Scene.Secret}", .. more,
        ]));
    }

    /// <summary>Waits until it trades; returns the wall time since the process was started in milliseconds.</summary>
    internal async Task<double> ReadyAsync()
    {
        await Process.ReadyAsync(StartLimit);
        return TimeProvider.System.GetElapsedTime(_started).TotalMilliseconds;
    }

    /// <summary>Waits until it has seen the market's end, then stops it with SIGTERM; returns the seconds that took.</summary>
    internal async Task<double> FinishAsync()
    {
        await Process.UntilAsync(
            s => s.GetProperty("trading").GetProperty("marketTime").GetDateTimeOffset().ToUnixTimeMilliseconds() >= Scene.End.UnixMilliseconds, StartLimit, "the market's end");
        return (await Process.TerminateAsync(TimeSpan.FromSeconds(20))).Seconds;
    }

    /// <summary>Kills it after some milliseconds and waits for its end.</summary>
    internal async Task KillAfterAsync(double milliseconds)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);
        await Process.KillAsync();
    }

    /// <summary>Has it killed as soon as a rule strikes, on the venue's own thread.</summary>
    internal void KillOn(string rule) => Scene.Server.Faults.Struck = strike =>
    {
        if (strike.Rule == rule)
        {
            Process.KillNow();
        }
    };

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"daemon {Process.Id} of seed {Scene.Seed}");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
