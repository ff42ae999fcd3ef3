using System.Text.Json;

namespace TicketBot.Scenarios.Running;

/// <summary>Runs one scenario after the other, and the search for tickets once for all of them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class DaemonCollection : ICollectionFixture<PreparedTickets>
{
    /// <summary>Name of the collection.</summary>
    public const string Name = "daemon";
}

/// <summary>A data folder in which the daemon has found tickets on a small planted market, to be copied by scenarios that trade.</summary>
public sealed class PreparedTickets : IAsyncLifetime
{
    /// <summary>Longest wait for a start; generous, since other tests may share the machine.</summary>
    internal static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(4);

    private readonly ScenarioFolder _folder = new();

    /// <summary>Seed of market, latencies and research.</summary>
    internal const ulong Seed = 3;

    /// <summary>Cost of size in every scenario: several ticks even for orders of 200 USDT, so that no two ways to play a market agree unless they agree on it.</summary>
    internal const double ImpactCoefficient = 4;

    /// <summary>The market and the limits every scenario trades under: a planted market, small enough to be searched in seconds.</summary>
    internal static IReadOnlyList<string> Market => 
    [
        "run", "--port", "0", "--market", "planted:0.75", "--seed", $"{Seed}",
        "--set", "Simulator:HistoryCandles=20000", "--set", "Research:TicketLifeDays=3650",
        "--set", FormattableString.Invariant($"Trading:Costs:ImpactCoefficient={ImpactCoefficient}"), "--set", "Trading:Costs:ImpactFreeNotional=0",
    ];

    /// <summary>The daemon's first picture after it had found tickets and traded.</summary>
    internal JsonElement FirstTrades { get; private set; }

    /// <summary>What the preparing daemon wrote.</summary>
    internal string Output { get; private set; } = "";

    /// <summary>Exit code and seconds of its stop.</summary>
    internal (int Code, double Seconds) Stop { get; private set; }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        await using var daemon = DaemonProcess.Start([.. Market, "--data-folder", _folder.Path, "--speed", "0"]);
        await daemon.ReadyAsync(StartLimit);
        FirstTrades = await daemon.UntilAsync(s => s.Fills() >= 6, StartLimit, "six fills");
        Stop = await daemon.TerminateAsync(TimeSpan.FromSeconds(30));
        Output = daemon.Output;
    }

    /// <summary>Returns a new data folder with the tickets and nothing else.</summary>
    internal ScenarioFolder NewFolder()
    {
        var folder = new ScenarioFolder();
        folder.Take(_folder, "research.db*");
        folder.Take(_folder, "*.safetensors");
        return folder;
    }

    /// <inheritdoc/>
    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }
}
