using TicketBot.Bybit;
using TicketBot.Domain;
using TicketBot.Simulator;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Running;

/// <summary>The venue of a run: our connector, and behind it the built-in simulator when that is the environment.</summary>
public sealed class Venue : IAsyncDisposable
{
    private static readonly Task Never = new TaskCompletionSource().Task;
    private readonly SimulatorServer? _simulator;

    private Venue(IExchange exchange, SimulatorServer? simulator) => (Exchange, _simulator) = (exchange, simulator);

    /// <summary>The account.</summary>
    public IExchange Exchange { get; }

    /// <summary>The simulator's word on the account, or <c>null</c> at a real venue.</summary>
    public SimulatorState? Truth => _simulator?.State;

    /// <summary>Ends with an error when the simulated market cannot go on; never at a real venue.</summary>
    public Task Completion => _simulator?.Completion ?? Never;

    /// <summary>Opens the venue: starts the simulator when a market is given, and makes the connector.</summary>
    /// <param name="bybit">Options of the connector.</param>
    /// <param name="simulator">Options of the simulator.</param>
    /// <param name="market">The simulated market, or <c>null</c> for a real venue.</param>
    /// <param name="venueFolder">Where the simulator remembers the account, or <c>null</c> if it is not to be remembered.</param>
    /// <param name="time">Wall time.</param>
    /// <param name="loggers">Where the rooms log.</param>
    /// <param name="observe">Whether candles carry what was observed beside them.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="ExchangeException">Keys are missing, or the simulator cannot start.</exception>
    public static async Task<Venue> OpenAsync(
        BybitOptions bybit, SimulatorOptions simulator, SimulatedMarket? market, string? venueFolder, TimeProvider time, ILoggerFactory loggers,
        bool observe, CancellationToken cancellationToken)
    {
        var log = loggers.CreateLogger<BybitExchange>();
        if (IsElsewhere(bybit))
        {
            Unlimit(bybit, simulator);
            return new Venue(new BybitExchange(bybit, new BybitCredentials(simulator.ApiKey, simulator.ApiSecret), time, log, observe: observe), null);
        }

        if (market is null)
        {
            return new Venue(new BybitExchange(bybit, BybitCredentials.Read(bybit, Environment.GetEnvironmentVariable), time, log, observe: observe), null);
        }

        simulator.LogFolder = venueFolder;
        try
        {
            var server = await SimulatorServer.StartAsync(simulator, market.Source, market.Venue, time, loggers, cancellationToken);
            bybit.RestAddress = server.RestAddress.ToString();
            bybit.PublicStreamAddress = new Uri(server.WebSocketAddress, "v5/public/linear").ToString();
            bybit.PrivateStreamAddress = new Uri(server.WebSocketAddress, "v5/private").ToString();
            Unlimit(bybit, simulator);
            return new Venue(new BybitExchange(bybit, new BybitCredentials(simulator.ApiKey, simulator.ApiSecret), time, log, observe: observe), server);
        }
        catch (InvalidOperationException fault)
        {
            throw new ExchangeException(fault.Message, fault);
        }
    }

    /// <summary>Whether the options name a simulator that runs in a process of its own.</summary>
    public static bool IsElsewhere(BybitOptions bybit) => bybit.Environment == ExchangeEnvironment.Simulator && bybit.RestAddress.Length > 0;

    /// <summary>Whether a replay is played to its end and the trader has seen it all.</summary>
    public bool HasEnded(Instant traderTime) => Truth is { HasEnded: true } state && state.MarketTimeMs <= traderTime.UnixMilliseconds;

    private static void Unlimit(BybitOptions bybit, SimulatorOptions simulator)
    {
        if (simulator.Speed != 1)
        {
            // Limits per second of wall time have no meaning where a second is minutes of market time.
            (bybit.WritesPerSecond, bybit.ReadsPerSecond) = (null, null);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Exchange.DisposeAsync();
        if (_simulator is not null)
        {
            await _simulator.DisposeAsync();
        }
    }
}
