using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Bybit;
using TicketBot.Storage;
using TicketBot.Trading;

namespace TicketBot.Scenarios.Campaign;

/// <summary>The daemon's trading side composed on a scene's folder: real loop, connector, wire, journal, candle store and registry. It lives until it
/// is stopped, cut off by its blade, or the market ends.</summary>
internal sealed class Trader : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Scene _scene;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SqliteCandleStore _store;
    private readonly SqliteTicketRegistry _registry;
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private bool _disposed;

    private Trader(Scene scene, Blade blade)
    {
        (_scene, Blade) = (scene, blade);
        Options = new TradingOptions
        {
            Interval = Scene.Interval.Name,
            MinSimilarity = 0,
            ReconcileMs = 100, // Many readings fall into a play.
            StopLossFraction = scene.Seed % 3 == 0 ? 0.001m : 0.015m, // In every third play stops are met.
        };
        foreach (var symbol in scene.Options.Symbols)
        {
            Options.Symbols.Add(symbol);
        }

        scene.Options.Trading?.Invoke(Options);
        var bybit = new BybitOptions
        {
            RestAddress = scene.Server.RestAddress.ToString(),
            PublicStreamAddress = new Uri(scene.Server.WebSocketAddress, "v5/public/linear").ToString(),
            PrivateStreamAddress = new Uri(scene.Server.WebSocketAddress, "v5/private").ToString(),
            WritesPerSecond = null,
            ReadsPerSecond = null,
            ReadRetryDelayMs = 5,
            RecvWindowMs = 1_000, // As long is waited until a lost order is absent.
            ReconnectMaxDelayMs = 300,
            StepArrivalMs = 1_000,
        };
        scene.Options.Bybit?.Invoke(bybit);
        Journal = new CutJournal(SqliteJournal.Open(scene.FileOf("journal.db")), blade);
        _store = SqliteCandleStore.Open(scene.FileOf("market.db"));
        _registry = SqliteTicketRegistry.Open(scene.FileOf("research.db"));
        Exchange = new BybitExchange(
            bybit, new BybitCredentials(Scene.Key, Scene.Secret), TimeProvider.System, LoggerOf<BybitExchange>(), scene.Seed, new CutTransport(blade, Note));
        Loop = new TradingLoop(
            Exchange, new CutCandleStore(_store, blade), _registry, Journal, Options, null, TimeProvider.System, LoggerOf<TradingLoop>())
        {
            Published = Look,
        };
        Running = Task.Run(RunAsync);
    }

    /// <summary>Where a campaign that is being looked into writes the logs of its traders, or <c>null</c>.</summary>
    internal static ILoggerFactory? Loggers { get; set; }

    /// <summary>What cuts it off.</summary>
    internal Blade Blade { get; }

    /// <summary>Its limits.</summary>
    internal TradingOptions Options { get; }

    /// <summary>Its journal.</summary>
    internal CutJournal Journal { get; }

    /// <summary>Its connector.</summary>
    internal BybitExchange Exchange { get; }

    /// <summary>The loop.</summary>
    internal TradingLoop Loop { get; }

    /// <summary>Every request it sent: path and query, of a write also the body.</summary>
    internal ConcurrentQueue<string> Sent { get; } = new();

    /// <summary>Told each request just before it leaves.</summary>
    internal Action<string>? Sending { get; set; }

    /// <summary>Ends with the loop; never throws for a stop or a cut.</summary>
    internal Task Running { get; }

    /// <summary>What ended it, when that was neither a stop nor its blade.</summary>
    internal Exception? Fault { get; private set; }

    /// <summary>Whether it trades: recovered, agreed with the venue, not cut off.</summary>
    internal bool IsUp => _up.Task.IsCompleted && !Blade.Fell && !_stop.IsCancellationRequested;

    /// <summary>Wall time from the start until it traded, or <c>null</c> before.</summary>
    internal TimeSpan? Recovery { get; private set; }

    internal static Trader Start(Scene scene, Blade blade) => new(scene, blade);

    /// <summary>Waits until it trades.</summary>
    internal Task UpAsync() => WithinAsync(_up.Task, "the trader trades");

    /// <summary>Waits until its blade has fallen, or the market has ended; returns whether it fell.</summary>
    internal async Task<bool> CutAsync()
    {
        await WithinAsync(Task.WhenAny(Blade.Down, Exchange.MarketEnded, Running), "the blade falls or the market ends");
        return Blade.Fell;
    }

    /// <summary>Waits until its picture says so.</summary>
    internal async Task UntilAsync(Func<TradingStatus, bool> holds, string what)
    {
        async Task PollAsync()
        {
            while (!holds(Loop.Current) && !Running.IsCompleted)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
            }
        }

        await WithinAsync(PollAsync(), what);
    }

    /// <summary>Waits until the market has ended and the trader has seen it all, then stops it in order.</summary>
    internal async Task FinishAsync(TimeSpan? patience = null)
    {
        await WithinAsync(Task.WhenAny(Exchange.MarketEnded, Running), "the market ends", patience);
        await UntilAsync(s => s.MarketTime >= _scene.End, "the last step is seen");
        await StopAsync();
    }

    /// <summary>Stops it as SIGTERM would.</summary>
    internal async Task StopAsync()
    {
        await _stop.CancelAsync();
        await WithinAsync(Running, "the trader stops");
        await DisposeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _stop.CancelAsync();
        await Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Exchange.DisposeAsync();
        await Journal.DisposeAsync();
        _store.Dispose();
        _registry.Dispose();
        Loop.Dispose();
        _stop.Dispose();
    }

    private static ILogger<T> LoggerOf<T>() => Loggers is { } made ? made.CreateLogger<T>() : NullLogger<T>.Instance;

    private static async Task WithinAsync(Task task, string what, TimeSpan? patience = null)
    {
        try
        {
            await task.WaitAsync(patience ?? Patience, TimeProvider.System);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"not within {(patience ?? Patience).TotalSeconds} s: {what}", e);
        }
    }

    private void Note(string what)
    {
        Sent.Enqueue(what);
        Sending?.Invoke(what);
    }

    private void Look(TradingStatus picture)
    {
        if (picture.State == TradingState.Active && Recovery is null)
        {
            Recovery = TimeProvider.System.GetElapsedTime(_started);
            _up.TrySetResult();
        }
    }

    private async Task RunAsync()
    {
        var loop = Loop.RunAsync(_stop.Token);
        var first = await Task.WhenAny(loop, Blade.Down);
        if (first == Blade.Down)
        {
            await _stop.CancelAsync();
        }

        try
        {
            await loop;
        }
        catch (Exception e)
        {
            if (!Blade.Fell)
            {
                Fault = e;
                _scene.Break($"the trader ended with {e.GetType().Name}: {e.Message}");
            }
        }
    }
}
