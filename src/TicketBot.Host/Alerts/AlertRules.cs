using System.Globalization;
using TicketBot.Host.Jobs;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Alerts;

/// <summary>What alerts are judged by: pictures, no clocks.</summary>
/// <param name="Trading">The trader's picture.</param>
/// <param name="Limits">The limits in force.</param>
/// <param name="Jobs">Every job.</param>
/// <param name="StandsStillSeconds">Wall time since the loop last got on, in seconds.</param>
/// <param name="ProgressLimitSeconds">How long it may stand still.</param>
/// <param name="DiskFree">Free part of the data folder's disk, 0..1, or <c>null</c> if unknown.</param>
public sealed record AlertInput(
    TradingStatus Trading, TradingOptions Limits, IReadOnlyList<JobStatus> Jobs, double StandsStillSeconds, int ProgressLimitSeconds, double? DiskFree);

/// <summary>A condition that holds now.</summary>
/// <param name="Code">Its kind.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Text">Plain words.</param>
/// <param name="AfterMs">Milliseconds of market time it must hold before it is told.</param>
public readonly record struct AlertCondition(string Code, string Subject, AlertSeverity Severity, string Text, long AfterMs = 0);

/// <summary>The list of what an operator should know; a pure function.</summary>
public static class AlertRules
{
    private const double LittleDisk = 0.10;
    private const double NoDisk = 0.02;
    private const long UnprotectedMs = 5_000;
    private const long SlackMs = 10_000;
    private const long LongInterruptionMs = 60_000;

    /// <summary>Returns the conditions that hold.</summary>
    public static IEnumerable<AlertCondition> Of(AlertInput input) =>
        [.. OfAccount(input), .. OfVenue(input), .. OfPositions(input), .. OfSeries(input), .. OfSurroundings(input)];

    private static IEnumerable<AlertCondition> OfAccount(AlertInput input)
    {
        var trading = input.Trading;
        if (trading.State == TradingState.Halted)
        {
            yield return new AlertCondition("halted", "", AlertSeverity.Critical, $"trading is halted: {trading.StateReason}");
        }

        var used = trading.DayLoss / (double)input.Limits.MaxDailyDrawdown;
        if (used >= 0.5 && trading.State != TradingState.Halted)
        {
            yield return new AlertCondition(
                used >= 0.8 ? "dayLoss80" : "dayLoss50", "", AlertSeverity.Warning,
                string.Create(CultureInfo.InvariantCulture, $"the day's loss is {trading.DayLoss:P2}; trading halts at {input.Limits.MaxDailyDrawdown:P2}"));
        }
    }

    private static IEnumerable<AlertCondition> OfVenue(AlertInput input)
    {
        var trading = input.Trading;
        foreach (var halt in trading.SymbolHalts)
        {
            yield return new AlertCondition(
                "symbolHalted", halt.Symbol.Value, AlertSeverity.Critical, $"no position is opened in {halt.Symbol} ({halt.Code}): {halt.Detail}. Look at the venue, then resume {halt.Symbol}");
        }

        foreach (var stream in trading.Interrupted)
        {
            yield return stream == StreamNames.Account
                ? new AlertCondition("accountRefused", "", AlertSeverity.Critical, "the venue refuses the key: no position is opened; check key, permissions and bound addresses")
                : new AlertCondition("interrupted", stream, AlertSeverity.Warning, $"{stream} has been interrupted for a while: entries wait", LongInterruptionMs);
        }

        if (!trading.IsReconciled && trading.State is not TradingState.Starting)
        {
            yield return new AlertCondition("notReconciled", "", AlertSeverity.Warning, $"account and venue do not agree: {trading.Reconcile.LastDifference}", LongInterruptionMs);
        }

        if (trading.JournalFault is { } fault)
        {
            yield return new AlertCondition("journal", "", AlertSeverity.Critical, $"the journal cannot be written, no position is opened: {fault}");
        }
    }

    private static IEnumerable<AlertCondition> OfPositions(AlertInput input)
    {
        foreach (var position in input.Trading.Positions)
        {
            if (!position.StopConfirmed)
            {
                yield return new AlertCondition(
                    "positionWithoutStop", position.Symbol.Value, AlertSeverity.Critical,
                    $"the venue has not confirmed a stop for {position.SignedQuantity} {position.Symbol}: look at the venue's own page, set one there or flatten", UnprotectedMs);
            }
        }
    }

    private static IEnumerable<AlertCondition> OfSeries(AlertInput input)
    {
        foreach (var series in input.Trading.Series)
        {
            var late = input.Trading.MarketTime.Since(series.LastClose) - (2 * series.Series.Interval.NominalMilliseconds);
            if (series.LastClose != default && late > SlackMs)
            {
                yield return new AlertCondition(
                    "staleCandles", series.Series.ToString(), AlertSeverity.Warning, $"no candle of {series.Series} since {series.LastClose}: entries wait");
            }
        }
    }

    private static IEnumerable<AlertCondition> OfSurroundings(AlertInput input)
    {
        if (input.StandsStillSeconds > input.ProgressLimitSeconds)
        {
            yield return new AlertCondition(
                "standsStill", "", AlertSeverity.Critical,
                string.Create(CultureInfo.InvariantCulture, $"the trading loop has not got on for more than {input.ProgressLimitSeconds} s"));
        }

        if (input.DiskFree is { } free && free < LittleDisk)
        {
            yield return new AlertCondition(
                "diskSpace", "", free < NoDisk ? AlertSeverity.Critical : AlertSeverity.Warning,
                "the disk of the data folder is nearly full: without room for the journal no position is opened");
        }

        foreach (var job in input.Jobs)
        {
            if (job.LastRun is { } last && !job.Running && (job.LastSuccess is not { } good || good < last))
            {
                yield return new AlertCondition("jobFailed", job.Name, AlertSeverity.Warning, $"job {job.Name} failed: {job.LastOutcome}");
            }
        }
    }
}
