using System.CommandLine;
using System.Globalization;
using TicketBot.Host.Running;

namespace TicketBot.Host.Verbs;

/// <summary>Runs the daemon.</summary>
public static class RunVerb
{
    private static readonly Option<string[]> Replay = new("--replay") { Description = "Play recorded candles: VENUE_SYMBOL_INTERVAL.csv[.gz] (repeatable)", HelpName = "FILE" };
    private static readonly Option<double?> Speed = new("--speed") { Description = "Market time per wall time; 0 = as fast as possible" };
    private static readonly Option<string?> Duration = new("--duration") { Description = "Stop after this wall time, for example 90s, 10m, 00:01:30", HelpName = "TIME" };
    private static readonly Option<int?> Port = new("--port") { Description = "Port of the page; 0 picks a free one" };
    private static readonly Option<double> History = new("--history") { Description = "Share of a replay that is history, 0..1", DefaultValueFactory = _ => 0.6 };
    private static readonly Option<string[]> Funding = new("--funding") { Description = "Recorded funding: VENUE_SYMBOL_funding.csv[.gz] (repeatable)", HelpName = "FILE" };
    private static readonly Option<string?> Instruments = new("--instruments") { Description = "Trading rules as JSON; else built-in ones", HelpName = "FILE" };
    private static readonly Option<string?> Market = new("--market") { Description = "Generated market: random, regimes or planted:P" };
    private static readonly Option<long?> Seed = new("--seed") { Description = "Seed of the simulated market and of research" };
    private static readonly Option<bool> Stay = new("--stay") { Description = "Stay up when a replay is played to its end" };

    /// <summary>Its options.</summary>
    public static IReadOnlyList<Option> Options { get; } = [Replay, Speed, Duration, Port, History, Funding, Instruments, Market, Seed, Stay];

    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        var replay = verb.Get(Replay) ?? [];
        var settings = verb.Settings(Overrides(verb, replay));
        var history = verb.Get(History);
        if (history is not (> 0 and < 1))
        {
            throw new UsageException($"--history must lie between 0 and 1, was {history.ToString(CultureInfo.InvariantCulture)}");
        }

        var request = new RunRequest
        {
            Replay = replay, HistoryFraction = history, Funding = verb.Get(Funding) ?? [], Instruments = verb.Get(Instruments),
            Duration = verb.Get(Duration) is { } text ? DurationOf(text) : null, Stay = verb.Get(Stay),
        };
        var worker = await Daemon.RunAsync(settings, request, verb.Output, TimeProvider.System, cancellationToken);
        if (worker.Failure is { } failure)
        {
            throw failure;
        }

        Summary.Write(verb.Output, worker);
        return worker.Reconciled?.All(f => f.Agrees) == false ? Exit.Refused : Exit.Done;
    }

    /// <summary>Reads a length of time: <c>90s</c>, <c>10m</c>, <c>2h</c>, <c>1d</c> or <c>hh:mm:ss</c>.</summary>
    /// <exception cref="UsageException">The text has another form or is not above zero.</exception>
    public static TimeSpan DurationOf(string text)
    {
        var unit = text.Length > 1 ? text[^1] : ' ';
        TimeSpan? span = double.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            ? unit switch
            {
                's' => TimeSpan.FromSeconds(count),
                'm' => TimeSpan.FromMinutes(count),
                'h' => TimeSpan.FromHours(count),
                'd' => TimeSpan.FromDays(count),
                _ => null,
            }
            : null;
        span ??= text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var clock) ? clock : null;
        return span is { } found && found > TimeSpan.Zero
            ? found
            : throw new UsageException($"a time is like 90s, 10m, 2h, 1d or 00:01:30 and above zero, was '{text}'");
    }

    private static Dictionary<string, string?> Overrides(VerbContext verb, string[] replay)
    {
        var values = new Dictionary<string, string?>();
        void Give(string key, object? value)
        {
            if (value is not null)
            {
                values[key] = Convert.ToString(value, CultureInfo.InvariantCulture);
            }
        }

        Give("Simulator:Speed", verb.Get(Speed));
        Give("Simulator:Market", verb.Get(Market));
        Give("Simulator:Seed", verb.Get(Seed));
        Give("Research:Seed", verb.Get(Seed));
        Give("Host:DashboardAddress", verb.Get(Port) is { } port ? $"http://127.0.0.1:{port}" : null);
        if (replay.Length > 0)
        {
            Give("Bybit:Environment", "Simulator");
            var (symbols, interval) = SimulatedMarket.SeriesOf(replay);
            Give("Trading:Interval", interval);
            for (var i = 0; i < symbols.Count; i++)
            {
                Give($"Trading:Symbols:{i}", symbols[i]);
            }
        }

        return values;
    }
}
