using TicketBot.Domain;
using TicketBot.Host.Configuration;
using TicketBot.Host.Running;
using TicketBot.Market.Candles;
using TicketBot.Research;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Jobs;

/// <summary>Runs the daemon's jobs: research in child processes, upkeep in this one; one job per symbol at a time. A job that fails is
/// logged, journalled and harmless to trading. Safe for use by several threads.</summary>
public sealed class JobRunner
{
    private readonly JobBoard _board;
    private readonly SymbolLocks _locks = new();
    private readonly ChildProcess _child;
    private readonly Settings _settings;
    private readonly DataFolder _folder;
    private readonly ICandleStore _candles;
    private readonly Func<Instant> _marketTime;
    private readonly TimeProvider _time;
    private readonly ILogger<JobRunner> _log;

    /// <summary>Makes a runner.</summary>
    /// <param name="board">Takes how jobs stand.</param>
    /// <param name="settings">Configuration; children run with exactly this one.</param>
    /// <param name="folder">Data folder.</param>
    /// <param name="candles">Candle store of the history job.</param>
    /// <param name="state">The daemon, for market time.</param>
    /// <param name="time">Clock.</param>
    /// <param name="log">Log.</param>
    public JobRunner(
        JobBoard board, Settings settings, DataFolder folder, ICandleStore candles, DaemonState state, TimeProvider time, ILogger<JobRunner> log)
    {
        (_board, _settings, _folder, _candles, _time, _log) = (board, settings, folder, candles, time, log);
        (_marketTime, _child) = (() => state.Trading.MarketTime, new ChildProcess(time));
    }

    /// <summary>The venue that the history job reads; jobs fail with a reason before it is there.</summary>
    public IExchange? Exchange { get; set; }

    /// <summary>Takes what is to be journalled.</summary>
    public Action<JobResult> Journal { get; set; } = _ => { };

    /// <summary>The program and first arguments of research children.</summary>
    public (string File, IReadOnlyList<string> Arguments) Program { get; set; } = ChildProcess.ThisProgram();

    /// <summary>Cancelled when the daemon stops: running jobs end and their children die.</summary>
    public CancellationToken Stopping { get; set; }

    /// <summary>Runs a job for every configured symbol; returns whether all succeeded, <c>false</c> also when it was interrupted.</summary>
    public async Task<bool> RunAsync(string name, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Stopping);
        cancellationToken = either.Token;
        _board.Started(name);
        var succeeded = true;
        var outcomes = new List<string>();
        try
        {
            if (JobNames.IsOfAccount(name))
            {
                var result = await RunOneAsync(name, null, cancellationToken);
                succeeded = result.Succeeded;
                outcomes.Add(result.Outcome);
                return succeeded;
            }

            foreach (var symbol in _settings.Get<TradingOptions>().Symbols.Select(s => new Symbol(s)).Order())
            {
                using var held = await _locks.TakeAsync(symbol, cancellationToken);
                var result = await RunOneAsync(name, symbol, cancellationToken);
                succeeded &= result.Succeeded;
                outcomes.Add($"{symbol}: {result.Outcome}");
            }
        }
        catch (OperationCanceledException)
        {
            succeeded = false;
            outcomes.Add("interrupted");
        }
        finally
        {
            _board.Ended(name, succeeded, string.Join("; ", outcomes), _marketTime() is { UnixMilliseconds: > 0 } now ? now : null);
        }

        return succeeded;
    }

    private async Task<JobResult> RunOneAsync(string name, Symbol? contract, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var symbol = contract?.Value ?? "";
        Log.JobStarted(_log, name, symbol);
        var (succeeded, outcome) = contract is { } one && !JobNames.HasChild(name)
            ? await HistoryAsync(one, cancellationToken)
            : await ChildAsync(name, symbol, cancellationToken);
        var result = new JobResult(name, symbol, succeeded, outcome, Math.Round(_time.GetElapsedTime(started).TotalSeconds, 1));
        if (succeeded)
        {
            Log.JobDone(_log, name, symbol, result.Seconds, outcome);
        }
        else if (outcome.StartsWith(AgreementWork.Disagreement, StringComparison.Ordinal))
        {
            Log.Disagreement(_log, outcome);
        }
        else
        {
            Log.JobFailed(_log, name, symbol, result.Seconds, outcome);
        }

        Journal(result);
        return result;
    }

    private async Task<(bool Succeeded, string Outcome)> ChildAsync(string name, string symbol, CancellationToken cancellationToken)
    {
        _settings.WriteEffective(_folder.EffectiveConfiguration);
        string[] words = ["job", "run", name, "--child", "--config", _folder.EffectiveConfiguration, .. symbol.Length > 0 ? new[] { "--symbol", symbol } : []];
        var last = "";
        var outcome = await _child.RunAsync(
            Program.File, [.. Program.Arguments, .. words], ChildLimits.Of(_settings.Get<HostOptions>().Jobs),
            line =>
            {
                last = line;
                Log.ChildSaid(_log, name, symbol, line);
            },
            cancellationToken);
        var isAnswer = outcome.Succeeded || last.StartsWith(AgreementWork.Disagreement, StringComparison.Ordinal);
        return (outcome.Succeeded, isAnswer && last.Length > 0 ? last : outcome.ToString()!);
    }

    private async Task<(bool Succeeded, string Outcome)> HistoryAsync(Symbol symbol, CancellationToken cancellationToken)
    {
        if (Exchange is not { } exchange)
        {
            return (false, "the venue is not connected yet");
        }

        try
        {
            var trading = _settings.Get<TradingOptions>();
            var count = Math.Max(_settings.Get<ResearchOptions>().HistoryCandles, trading.CandlesInMemory);
            var changed = await CandleHistory.RefreshAsync(exchange, _candles, new SeriesKey(symbol, Interval.Parse(trading.Interval)), count, cancellationToken);
            return (true, $"{changed} candles new or changed");
        }
        catch (Exception fault) when (fault is ExchangeException or IOException or Storage.StorageException)
        {
            return (false, fault.Message);
        }
    }
}
