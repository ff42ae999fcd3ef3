using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using TicketBot.Benchmarks.OrderPath;
using TicketBot.Domain;
using TicketBot.Research.Backtests;
using TicketBot.Tickets;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Benchmarks.Backtests;

/// <summary>Prints how many candles a second a backtest plays on one core: without a ticket, with tickets that rarely signal, with tickets that trade; each with features
/// and regimes made candle by candle and made ahead.</summary>
public static class BacktestReport
{
    private const int Runs = 5;
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(3); // Until the just-in-time compiler, whose time counts, has done its work.

    /// <summary>Measures and prints; returns the exit code.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var candles = 100_000;
        if (arguments is ["--candles", var text] && int.TryParse(text, CultureInfo.InvariantCulture, out var asked) && asked > 0)
        {
            candles = asked;
        }
        else if (arguments.Count > 0)
        {
            Console.Error.WriteLine($"usage: backtest [--candles N]; was given '{string.Join(' ', arguments)}'");
            return 2;
        }

        var stage = new Stage(candles);
        Console.WriteLine($"processor   {OrderPathReport.Processor()}, {Environment.ProcessorCount} logical, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}");
        Console.WriteLine($"load        {(File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Trim() : "unknown")} (/proc/loadavg before the first run)");
        Console.WriteLine("method      BacktestRunner over a random walk of 15m candles: the real trading core and the in-process exchange, one thread; nothing is");
        Console.WriteLine("            written, decisions and fills stay in memory; processor time of the whole process, so waiting for other work does not count");
        Console.WriteLine($"sample      {candles:N0} candles after {Stage.WarmCandles:N0} of history, dense:32,dense:16 at density 0.1 for each of 3 regimes; {Warm.TotalSeconds:0} s to warm up, then the median of {Runs} runs");
        Console.WriteLine();
        Console.WriteLine($"{"backtest",-58}{"candles/s",12}{"slowest",12}{"fastest",12}{"us/candle",11}{"bytes/candle",14}{"trades",9}");
        var (key, interval) = (Stage.Series.Symbol, Stage.Series.Interval);
        await PrintAsync("no ticket, no regime set", RequestOf(stage, [], 0.65));
        foreach (var (name, tickets, threshold) in new (string, IReadOnlyList<Ticket>, double)[]
        {
            ("regime set without a ticket", [], 0.65),
            ("tickets asked at each candle, none signals", stage.Tickets, 1.0),
            ("tickets that trade whenever they are flat", stage.Tickets, 0.5),
        })
        {
            var request = RequestOf(stage, [new TicketSet(key, interval, stage.Regimes, tickets)], threshold);
            await PrintAsync(name, request);
            await PrintAsync("  the same, features precomputed", request.Prepare());
        }

        PrintPreparation(RequestOf(stage, [new TicketSet(key, interval, stage.Regimes, stage.Tickets)], 1.0));
        return 0;
    }

    private static BacktestRequest RequestOf(Stage stage, IReadOnlyList<TicketSet> sets, double threshold) => new()
    {
        Candles = new Dictionary<SeriesKey, IReadOnlyList<Candle>> { [Stage.Series] = stage.All },
        LiveFrom = Stage.Series.Interval.CloseOf(stage.All[Stage.WarmCandles - 1].OpenTime),
        Tickets = sets,
        Trading = new TradingOptions { Symbols = [Stage.Series.Symbol.Value], Interval = Stage.Series.Interval.Name, ConfidenceThreshold = threshold, MinSimilarity = 0, MaxDailyDrawdown = 1 },
        Balance = 100_000m,
    };

    private static void PrintPreparation(BacktestRequest request)
    {
        var times = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            var began = ProcessorTime();
            request.Prepare();
            times.Add((ProcessorTime() - began).TotalMicroseconds / request.Candles[Stage.Series].Count);
        }

        times.Sort();
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"precomputing features and regimes: {times[Runs / 2]:0.00} us/candle ({times[0]:0.00} to {times[^1]:0.00}), once for all backtests over the candles"));
    }

    private static async Task PrintAsync(string name, BacktestRequest request)
    {
        BacktestResult played = null!;
        for (var start = ProcessorTime(); ProcessorTime() - start < Warm;)
        {
            await BacktestRunner.RunAsync(request, null, null, CancellationToken.None);
        }

        var rates = new List<double>();
        var bytes = 0L;
        for (var run = 0; run < Runs; run++)
        {
            GC.Collect();
            var (allocated, began) = (GC.GetTotalAllocatedBytes(precise: true), ProcessorTime());
            played = await BacktestRunner.RunAsync(request, null, null, CancellationToken.None);
            rates.Add(played.Candles / (ProcessorTime() - began).TotalSeconds);
            bytes = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        }

        rates.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-58}{rates[Runs / 2],12:N0}{rates[0],12:N0}{rates[^1],12:N0}{1e6 / rates[Runs / 2],11:0.00}{(double)bytes / played.Candles,14:N0}{played.Trades.Count,9:N0}"));
    }

    private static TimeSpan ProcessorTime()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
