using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Host.Running;
using TicketBot.Host.Verbs;
using TicketBot.Storage;
using TicketBot.Storage.Csv;
using TicketBot.Testing;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Tests.Verbs;

/// <summary>A folder of one test with a data folder in it, and the command line run on it; deleted with the test.</summary>
internal sealed class VerbFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("ticketbot-verbs-").FullName;

    public VerbFolder() => Data = DataFolder.OfRun(this["data"], ExchangeEnvironment.Simulator, "account");

    public DataFolder Data { get; }

    public string this[string name] => Path.Combine(_path, name);

    /// <summary>Candles of a random walk as a file that says what it holds.</summary>
    public string Candles(int count, ulong seed = 1, string symbol = "BTCUSDT", Instant? start = null)
    {
        var path = this[$"test_{symbol}_15m.csv"];
        CandleCsv.Write(path, RandomCandles.Walk(count, seed, start: start));
        return path;
    }

    /// <summary>Stores a set; its tickets come into force unless <paramref name="activate"/> is false.</summary>
    public async Task StoreAsync(TicketSet set, bool activate = true)
    {
        using var registry = SqliteTicketRegistry.Open(Data.ResearchDatabase);
        await registry.AddAsync(set.Symbol, set.Interval, set.Regimes, set.Tickets, new Instant(1), CancellationToken.None);
        var states = activate ? set.Tickets.ToDictionary(t => t.Id, _ => TicketState.Live) : [];
        await registry.ActivateAsync(set.Symbol, set.Interval, set.Regimes.Id, states, "test", new Instant(2), CancellationToken.None);
    }

    public async Task<(int Code, string Output, string Error)> RunAsync(params string[] words)
    {
        using StringWriter output = new(), error = new();
        var code = await CommandLine.RunAsync([.. words, "--data-folder", this["data"]], output, error, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Runs a verb with <c>--json</c>; fails unless standard output is one document.</summary>
    public async Task<(int Code, JsonElement Document)> JsonAsync(params string[] words)
    {
        var (code, output, error) = await RunAsync([.. words, "--json"]);
        Assert.True(output.Length > 0, error);
        using var document = JsonDocument.Parse(output);
        return (code, document.RootElement.Clone());
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
