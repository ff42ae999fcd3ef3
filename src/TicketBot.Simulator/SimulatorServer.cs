using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using TicketBot.Domain;
using TicketBot.Simulator.Faults;
using TicketBot.Simulator.Markets;
using TicketBot.Simulator.Matching;
using TicketBot.Simulator.Wire;

namespace TicketBot.Simulator;

/// <summary>The simulator as a server on loopback that speaks Bybit's V5: REST, public and private streams, and the control channel.</summary>
public sealed class SimulatorServer : IAsyncDisposable
{
    private const long MostBodyBytes = 1_000_000;
    private readonly WebApplication _app;
    private readonly VenueSession _session;
    private readonly CancellationTokenSource _stopping = new();
    private readonly string _key;
    private Task _pump = Task.CompletedTask;
    private SocketDoor? _door;
    private int _hasStopped;

    private SimulatorServer(WebApplication app, VenueSession session, string key) => (_app, _session, _key) = (app, session, key);

    /// <summary>Where REST is spoken, such as <c>http://127.0.0.1:40001/</c>.</summary>
    public Uri RestAddress { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Where streams are spoken, such as <c>ws://127.0.0.1:40001/</c>; the paths are <c>/v5/public/linear</c>, <c>/v5/private</c>, <c>/v5/trade</c> and <c>/simulator/control</c>.</summary>
    public Uri WebSocketAddress { get; private set; } = new("ws://127.0.0.1/");

    /// <summary>The account of the first key now, for reconciliation.</summary>
    public SimulatorState State => _session.StateOf(_key);

    /// <summary>The rules by which the venue fails, and what has struck.</summary>
    public FaultDesk Faults => _session.Faults;

    /// <summary>The task that moves the market; it ends when the server stops, and with an error when the market cannot go on.</summary>
    public Task Completion => _pump;

    /// <summary>Starts a server; it takes connections when the task ends.</summary>
    /// <param name="options">Port, keys, pace, log.</param>
    /// <param name="market">The candles.</param>
    /// <param name="settings">Costs, funding, instrument rules; <c>null</c> for the defaults with the seed and latencies of <paramref name="options"/>.</param>
    /// <param name="clock">Wall time of signatures, heartbeats and pace.</param>
    /// <param name="loggers">Where the room logs.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="InvalidOperationException">The venue log belongs to another venue, or the port is taken.</exception>
    public static async Task<SimulatorServer> StartAsync(
        SimulatorOptions options, MarketSource market, VenueSettings? settings, TimeProvider clock, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var logger = loggers.CreateLogger<SimulatorServer>();
        settings ??= new VenueSettings { Seed = (ulong)options.Seed, MinLatencyMs = options.MinLatencyMs, MaxLatencyMs = options.MaxLatencyMs };
        var session = new VenueSession(options, market, settings, clock, logger);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBodyBytes;
            kestrel.Listen(System.Net.IPAddress.Loopback, options.Port);
        });
        builder.Services.Replace(ServiceDescriptor.Singleton(loggers));
        var app = builder.Build();
        var server = new SimulatorServer(app, session, options.ApiKey);
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        var desk = new RestDesk(session, logger, server._stopping.Token);
        var door = server._door = new SocketDoor(session, logger, server._stopping.Token);
        app.Run(context => context.WebSockets.IsWebSocketRequest ? door.ServeAsync(context) : desk.ServeAsync(context));
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or System.Net.Sockets.SocketException)
        {
            session.Dispose();
            await app.DisposeAsync();
            throw new InvalidOperationException($"the simulator cannot listen on 127.0.0.1:{options.Port}: {fault.Message}. Choose another Simulator:Port, or 0 for a free one.", fault);
        }

        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        server.RestAddress = new Uri($"http://127.0.0.1:{address.Port}/");
        server.WebSocketAddress = new Uri($"ws://127.0.0.1:{address.Port}/");
        server._pump = Task.Run(() => session.PumpAsync(server._stopping.Token), CancellationToken.None);
        Log.Listening(logger, server.RestAddress, market.Description, options.Speed);
        return server;
    }

    /// <summary>Returns the market time before the first step of the venue that a log folder remembers, or <c>null</c> when it remembers none:
    /// a generated market that follows the clock must be made with it again after a restart.</summary>
    public static Instant? RememberedLiveFrom(string folder) => VenueLog.RememberedLiveFrom(folder);

    /// <summary>Returns the account of a key now.</summary>
    /// <exception cref="ArgumentException">No account has that key.</exception>
    public SimulatorState StateOf(string key) => _session.SecretOf(key) is null
        ? throw new ArgumentException($"no account has the key '{key}'", nameof(key))
        : _session.StateOf(key);

    /// <summary>Sockets accepted since the start.</summary>
    public long Connections => _door?.Accepted ?? 0;

    /// <summary>Told the venue after each step, on the task that moves it and under its lock; must be quick and ask nothing of the server.</summary>
    public Action<Venue>? Stepped
    {
        get => _session.Stepped;
        set => _session.Stepped = value;
    }

    /// <summary>Returns what a function reads from the venue and the account of a key, while nothing changes. The function must only read.</summary>
    /// <exception cref="ArgumentException">No account has that key.</exception>
    public T Read<T>(string key, Func<Venue, Account, T> read) => _session.SecretOf(key) is null
        ? throw new ArgumentException($"no account has the key '{key}'", nameof(key))
        : _session.Locked(() => read(_session.Venue, _session.Venue.AccountOf(key)!));

    /// <summary>Moves the market by some steps at once, whoever is waited for; returns how many were left to play.</summary>
    public int Move(int steps) => _session.Move(steps);

    /// <summary>Stops the market, closes all sockets and the log.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _hasStopped, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync();
        try
        {
            await _pump;
        }
        finally
        {
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
            _session.Dispose();
            _stopping.Dispose();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();
}
