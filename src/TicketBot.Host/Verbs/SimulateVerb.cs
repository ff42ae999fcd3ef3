using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Host.Running;
using TicketBot.Simulator;
using TicketBot.Simulator.Faults;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Verbs;

/// <summary>Runs the exchange simulator alone, for other clients.</summary>
public static class SimulateVerb
{
    private static readonly Option<int?> Port = new("--port") { Description = "Loopback port; 0 picks a free one" };
    private static readonly Option<string[]> OnlySymbol = new("--symbol") { Description = "Contract of the generated market (repeatable)" };
    private static readonly Option<string?> Interval = new("--interval") { Description = "Candle length of the generated market" };
    private static readonly Option<long?> Seed = new("--seed") { Description = "Seed of everything random" };
    private static readonly Option<double?> Speed = new("--speed") { Description = "Market time per wall time; 0 = as fast as the client follows" };
    private static readonly Option<string?> Market = new("--market") { Description = "Generated market: random, regimes or planted:P" };
    private static readonly Option<string[]> Replay = new("--replay") { Description = "Play recorded candles (repeatable)", HelpName = "FILE" };
    private static readonly Option<double> History = new("--history") { Description = "Share of a replay that is history, 0..1", DefaultValueFactory = _ => 0.6 };
    private static readonly Option<string[]> Funding = new("--funding") { Description = "Recorded funding: VENUE_SYMBOL_funding.csv[.gz] (repeatable)", HelpName = "FILE" };
    private static readonly Option<string?> Instruments = new("--instruments") { Description = "Trading rules as JSON (default: built-in)", HelpName = "FILE" };
    private static readonly Option<string[]> Key = new("--key") { Description = "API key of an account (repeatable, with as many --secret)" };
    private static readonly Option<string[]> Secret = new("--secret") { Description = "API secret of the key at the same place (repeatable)" };
    private static readonly Option<decimal?> Balance = new("--balance") { Description = "USDT of each account at its opening" };
    private static readonly Option<int?> Tick = new("--tick") { Description = "Milliseconds of market time between two moves of the price; 0 plays whole candles" };
    private static readonly Option<string?> FaultFile = new("--faults") { Description = "Fault script as JSON", HelpName = "FILE" };
    private static readonly Option<string?> TestKey = new("--test-key") { Description = "Key that opens /simulator/faults" };

    /// <summary>Returns the verb.</summary>
    public static Command Make(VerbMaker make) => make.Verb(
        "simulate", "The exchange alone; prints where it listens", RunAsync,
        Port, OnlySymbol, Interval, Seed, Speed, Tick, Market, Replay, History, Funding, Instruments, Key, Secret, Balance, FaultFile, TestKey);

    private static async Task<int> RunAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        var replay = verb.Get(Replay) ?? [];
        var settings = verb.Settings(Overrides(verb, replay));
        var options = settings.Get<SimulatorOptions>();
        var request = new RunRequest { Replay = replay, HistoryFraction = verb.Get(History), Funding = verb.Get(Funding) ?? [], Instruments = verb.Get(Instruments) };
        var script = ReadScript(verb.Get(FaultFile));
        var market = SimulatedMarket.Open(request, options, settings.Get<TradingOptions>(), _ => null, TimeProvider.System);
        try
        {
            await using var server = await SimulatorServer.StartAsync(options, market.Source, market.Venue, TimeProvider.System, NullLoggerFactory.Instance, cancellationToken);
            if (script is not null)
            {
                server.Faults.Load(script);
            }

            await verb.Output.WriteLineAsync($"listening {server.RestAddress.ToString().TrimEnd('/')} {server.WebSocketAddress.ToString().TrimEnd('/')}");
            await verb.Output.FlushAsync(cancellationToken);
            var end = new TaskCompletionSource();
            await using var registration = cancellationToken.Register(() => end.TrySetResult());
            await Task.WhenAny(end.Task, FaultOf(server.Completion));
            if (server.Completion.IsFaulted)
            {
                await server.Completion;
            }

            return Exit.Done;
        }
        catch (InvalidOperationException fault)
        {
            throw new ExchangeException(fault.Message, fault);
        }
        catch (ArgumentException fault)
        {
            throw new UsageException(fault.Message, fault);
        }
    }

    private static FaultScript? ReadScript(string? file)
    {
        try
        {
            return file is null ? null : FaultScript.FromFile(file);
        }
        catch (FormatException fault)
        {
            throw new UsageException(fault.Message, fault);
        }
    }

    // A market that has ended still answers; only a failure ends the verb.
    private static async Task FaultOf(Task completion)
    {
        await completion;
        await new TaskCompletionSource().Task;
    }

    private static Dictionary<string, string?> Overrides(VerbContext verb, string[] replay)
    {
        // Other clients know no control channel: the market runs by itself, at the pace of the clock unless told otherwise. Only without a
        // pace does it wait for the client that sets one.
        var values = new Dictionary<string, string?> { ["Simulator:Speed"] = "1", ["Simulator:WaitForClient"] = verb.Get(Speed) == 0 ? "true" : "false" };
        void Give(string key, object? value)
        {
            if (value is not null)
            {
                values[key] = Convert.ToString(value, CultureInfo.InvariantCulture);
            }
        }

        Give("Simulator:Port", verb.Get(Port));
        Give("Simulator:Speed", verb.Get(Speed));
        Give("Simulator:Seed", verb.Get(Seed));
        Give("Simulator:Market", verb.Get(Market));
        Give("Simulator:TickMs", verb.Get(Tick));
        Give("Simulator:TestKey", verb.Get(TestKey));
        GiveKeys(verb.Get(Key) ?? [], verb.Get(Secret) ?? [], values);
        Give("Simulator:InitialBalance", verb.Get(Balance));
        Give("Trading:Interval", verb.Get(Interval));
        var symbols = verb.Get(OnlySymbol) ?? [];
        if (replay.Length > 0)
        {
            var (replayed, interval) = SimulatedMarket.SeriesOf(replay);
            (symbols, values["Trading:Interval"]) = ([.. replayed], interval);
        }

        for (var i = 0; i < symbols.Length; i++)
        {
            values[$"Trading:Symbols:{i}"] = symbols[i];
        }

        return values;
    }

    // The first key is the account of the room's own options, the others are beside it.
    private static void GiveKeys(string[] keys, string[] secrets, Dictionary<string, string?> values)
    {
        if (keys.Length > 1 && keys.Length != secrets.Length)
        {
            throw new UsageException($"--key and --secret come in pairs, were {keys.Length} and {secrets.Length}; give one --secret for each --key, in the same order");
        }

        for (var i = 0; i < Math.Max(keys.Length, secrets.Length); i++)
        {
            if (i == 0)
            {
                values["Simulator:ApiKey"] = keys.Length > 0 ? keys[0] : null;
                values["Simulator:ApiSecret"] = secrets.Length > 0 ? secrets[0] : null;
                continue;
            }

            if (keys.Length <= i || Array.IndexOf(keys, keys[i]) < i)
            {
                throw new UsageException(keys.Length <= i ? "each --secret needs a --key" : $"the key '{keys[i]}' is given twice");
            }

            values[$"Simulator:MoreKeys:{keys[i]}"] = secrets[i];
        }

        foreach (var unset in values.Where(v => v.Value is null && v.Key.StartsWith("Simulator:Api", StringComparison.Ordinal)).Select(v => v.Key).ToList())
        {
            values.Remove(unset);
        }
    }
}
