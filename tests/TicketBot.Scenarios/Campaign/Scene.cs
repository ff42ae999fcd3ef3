using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Domain;
using TicketBot.Simulator;
using TicketBot.Simulator.Markets;
using TicketBot.Simulator.Matching;
using TicketBot.Storage;
using TicketBot.Testing;
using TicketBot.Tickets;

namespace TicketBot.Scenarios.Campaign;

/// <summary>One seeded play: a venue that speaks V5 on loopback, a data folder, and the traders that live and die on it one after the other.
/// The market stands still while no trader is there, unless it is moved by hand.</summary>
internal sealed class Scene : IAsyncDisposable
{
    /// <summary>Milliseconds a position may be without a stop while the trader runs, is reconciled and is answered.</summary>
    internal const int ProtectionLimitMs = 5_000;

    internal const string Key = "campaign";
    internal const string Secret = "campaign-secret";
    private const int HistoryCandles = 700;
    private static readonly string Memory = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    private readonly SortedDictionary<Symbol, Watched> _watched = [];
    private readonly List<string> _breaks = [];

    private Scene(ulong seed, SceneOptions options, ReplayMarket market, SimulatorServer server, string root)
    {
        (Seed, Options, Market, Server, Root) = (seed, options, market, server, root);
        Folder = options.InDaemonFolder ? Directory.CreateDirectory(Path.Combine(root, "simulator", "elsewhere")).FullName : root;
        Random = new SeededRandom(seed ^ 0x5EED);
    }

    /// <summary>The seed everything follows from.</summary>
    internal ulong Seed { get; }

    /// <summary>What it was set with.</summary>
    internal SceneOptions Options { get; }

    /// <summary>The candles.</summary>
    internal ReplayMarket Market { get; }

    /// <summary>The venue.</summary>
    internal SimulatorServer Server { get; }

    /// <summary>The data folder.</summary>
    internal string Root { get; }

    /// <summary>Where the account's files lie.</summary>
    internal string Folder { get; }

    /// <summary>Chance of this scene's own.</summary>
    internal SeededRandom Random { get; }

    /// <summary>Whether the venue answers as it should; rows that impair it say so, and nobody is then blamed for a missing stop.</summary>
    internal bool IsVenueWell { get; set; } = true;

    /// <summary>The trader that runs now, or <c>null</c>.</summary>
    internal Trader? Present { get; private set; }

    /// <summary>What was seen to be broken while it played.</summary>
    internal IReadOnlyList<string> Breaks
    {
        get
        {
            lock (_breaks)
            {
                return [.. _breaks];
            }
        }
    }

    internal static readonly Interval Interval = Interval.Parse("1m");

    /// <summary>Sets a scene: the venue listens, the registry holds tickets that trade every other candle, no trader runs.</summary>
    internal static async Task<Scene> SetAsync(ulong seed, SceneOptions? given = null)
    {
        var options = given ?? new SceneOptions();
        var symbols = options.Symbols.Select(s => new Symbol(s)).ToList();
        var source = new GeneratedMarket(MarketSpec.Parse("random"), symbols, Interval, seed, HistoryCandles + options.LiveCandles, Interval.Shift(options.Begin, options.LiveCandles));
        var market = new ReplayMarket(source.Series.ToDictionary(s => s, source.History), options.Begin);
        var simulator = new SimulatorOptions { ApiKey = Key, ApiSecret = Secret, Speed = 0, Seed = (long)(seed & long.MaxValue), TickMs = options.TickMs };
        options.Simulator?.Invoke(simulator);
        var venue = new VenueSettings { Seed = seed, MinLatencyMs = simulator.MinLatencyMs, MaxLatencyMs = simulator.MaxLatencyMs };
        var server = await SimulatorServer.StartAsync(
            simulator, market, options.Venue?.Invoke(venue) ?? venue, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        var folder = Directory.CreateDirectory(Path.Combine(Memory, $"ticketbot-campaign-{Environment.ProcessId}-{Path.GetRandomFileName()}")).FullName;
        if (options.DiskMegabytes is { } size)
        {
            await RunAsync("mount", "-t", "tmpfs", "-o", $"size={size}m", "tmpfs", folder);
        }

        var scene = new Scene(seed, options, market, server, folder);
        server.Stepped = scene.Watch;
        await scene.StockAsync(symbols);
        return scene;
    }

    /// <summary>Starts a trader on the folder, as a process would be started.</summary>
    internal Trader Start(Blade? blade = null) => Present = Trader.Start(this, blade ?? Blade.None);

    /// <summary>Moves the market by hand while no trader is there, but never into its last three candles: the next trader must have time to settle.</summary>
    internal void Move(int ticks)
    {
        var left = (int)((CloseOf(Options.LiveCandles - 4).UnixMilliseconds - Server.State.MarketTimeMs) / Options.TickMs);
        Server.Move(Math.Min(ticks, Math.Max(0, left)));
    }

    /// <summary>Reads the venue's own word on the account.</summary>
    internal T Read<T>(Func<Venue, Account, T> read) => Server.Read(Key, read);

    /// <summary>Notes something that must never be.</summary>
    internal void Break(string what)
    {
        lock (_breaks)
        {
            if (_breaks.Count < 20 && !_breaks.Contains(what))
            {
                _breaks.Add(what);
            }
        }
    }

    /// <summary>Close of the first live candle plus <paramref name="candles"/> more.</summary>
    internal Instant CloseOf(int candles) => Interval.Shift(Options.Begin, candles + 1);

    /// <summary>Market time at which the market ends.</summary>
    internal Instant End => Interval.Shift(Options.Begin, Options.LiveCandles);

    /// <summary>Market time from which no position is opened.</summary>
    internal Instant LastEntry => Interval.Shift(Options.Begin, Options.EntryCandles ?? (Options.LiveCandles - 2));

    internal string FileOf(string name) => Path.Combine(Folder, name);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Present is { } trader)
        {
            await trader.DisposeAsync();
        }

        await Server.DisposeAsync();
        if (Options.DiskMegabytes is not null)
        {
            await RunAsync("umount", "--lazy", Root);
        }

        Directory.Delete(Root, recursive: true);
    }

    private static async Task RunAsync(string command, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(command, words) { RedirectStandardError = true })!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command} {string.Join(' ', words)} ended with {process.ExitCode}: {said.Trim()}; this row needs the rights of root");
        }
    }

    private async Task StockAsync(IEnumerable<Symbol> symbols)
    {
        using var registry = SqliteTicketRegistry.Open(FileOf("research.db"));
        foreach (var symbol in symbols)
        {
            var set = TicketsFor(symbol, Random.NextDouble() < 0.5 ? 0.9 : 0.1, LastEntry);
            await registry.AddAsync(symbol, Interval, set.Regimes, set.Tickets, Options.Begin, CancellationToken.None);
            await registry.ActivateAsync(
                symbol, Interval, set.Regimes.Id, set.Tickets.ToDictionary(t => t.Id, _ => TicketState.Live), "campaign", Options.Begin, CancellationToken.None);
        }
    }

    /// <summary>Tickets that give the same answer to every row of a contract.</summary>
    internal static TicketSet TicketsFor(Symbol symbol, double probabilityUp, Instant expires)
    {
        var made = ConstantTickets.Set(probabilityUp, expires);
        return new TicketSet(symbol, Interval, made.Regimes, [.. made.Tickets.Select(t => Ticket.Seal(t with { Symbol = symbol, Interval = Interval }))]);
    }

    // On the venue's own task, under its lock, after each step.
    private void Watch(Venue venue)
    {
        var account = venue.AccountOf(Key)!;
        foreach (var instrument in venue.Instruments)
        {
            var position = venue.PositionOf(account, instrument.Symbol);
            if (!_watched.TryGetValue(instrument.Symbol, out var watched))
            {
                _watched.Add(instrument.Symbol, watched = new Watched());
            }

            var isBare = position.SignedQuantity != 0 && position.StopLoss is null;
            watched.BareMs = isBare && IsVenueWell && Present is { IsUp: true } ? watched.BareMs + Options.TickMs : isBare ? watched.BareMs : 0;
            if (watched.BareMs > ProtectionLimitMs)
            {
                Break(string.Create(CultureInfo.InvariantCulture, $"I3: {instrument.Symbol} {position.SignedQuantity} without a stop for more than {ProtectionLimitMs} ms"));
            }
        }
    }

    private sealed class Watched
    {
        public long BareMs { get; set; }
    }
}
