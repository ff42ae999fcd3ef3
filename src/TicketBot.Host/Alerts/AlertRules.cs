using System.Globalization;
using TicketBot.Host.Jobs;
using TicketBot.Tickets;
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
    TradingStatus Trading, TradingOptions Limits, IReadOnlyList<JobStatus> Jobs, double StandsStillSeconds, int ProgressLimitSeconds, double? DiskFree)
{
    /// <summary>The machine's clock against the venue's, or <c>null</c> before it was measured.</summary>
    public ClockReading? Clock { get; init; }

    /// <summary>Tickets that trade.</summary>
    public IReadOnlyList<Ticket> Live { get; init; } = [];
}

/// <summary>What the machine's clock was found to be off by.</summary>
/// <param name="OffsetMs">Milliseconds that the venue is ahead; negative if behind.</param>
/// <param name="RoundTripMs">Milliseconds of the round trip it was measured over: it is known to half of that.</param>
public readonly record struct ClockReading(long OffsetMs, long RoundTripMs);

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
    private const long UncertainMs = 10_000;
    private const long LargestClockErrorMs = 300;
    private static readonly (double Part, string Code, AlertSeverity Severity)[] LossStages =
        [(0.5, AlertCodes.DayLoss50, AlertSeverity.Warning), (0.8, AlertCodes.DayLoss80, AlertSeverity.Warning), (1, AlertCodes.DayLoss100, AlertSeverity.Critical)];

    private const double NoDisk = 0.02;
    private const long UnprotectedMs = 5_000;
    private const long SlackMs = 10_000;
    private const long LongInterruptionMs = 60_000;

    /// <summary>Returns the conditions that hold.</summary>
    public static IEnumerable<AlertCondition> Of(AlertInput input) =>
        [.. OfAccount(input), .. OfVenue(input), .. OfPositions(input), .. OfSeries(input), .. OfTickets(input), .. OfSurroundings(input)];

    private static IEnumerable<AlertCondition> OfAccount(AlertInput input)
    {
        var trading = input.Trading;
        if (trading.State == TradingState.Halted)
        {
            yield return new AlertCondition(AlertCodes.Halted, "", AlertSeverity.Critical, $"trading is halted: {trading.StateReason}");
        }

        // Each stage stands on its own: that the loss grew on is no end of the stage before.
        var used = trading.DayLoss / (double)input.Limits.MaxDailyDrawdown;
        foreach (var (part, code, severity) in LossStages)
        {
            if (used >= part)
            {
                yield return new AlertCondition(
                    code, "", severity, string.Create(CultureInfo.InvariantCulture, $"the day's loss is {trading.DayLoss:P2}, past {part:P0} of the {input.Limits.MaxDailyDrawdown:P2} at which trading halts"));
            }
        }
    }

    private static IEnumerable<AlertCondition> OfVenue(AlertInput input)
    {
        var trading = input.Trading;
        foreach (var halt in trading.SymbolHalts)
        {
            yield return new AlertCondition(
                AlertCodes.SymbolHalted, halt.Symbol.Value, AlertSeverity.Critical, $"no position is opened in {halt.Symbol} ({halt.Code}): {halt.Detail}. Look at the venue, then resume {halt.Symbol}");
        }

        foreach (var stream in trading.Interrupted)
        {
            yield return stream == StreamNames.Account
                ? new AlertCondition(AlertCodes.AccountRefused, "", AlertSeverity.Critical, "the venue refuses the key: no position is opened; check key, permissions and bound addresses")
                : new AlertCondition(AlertCodes.Interrupted, stream, AlertSeverity.Warning, $"{stream} has been interrupted for a while: entries wait", LongInterruptionMs);
        }

        if (!trading.IsReconciled && trading.State is not TradingState.Starting)
        {
            yield return new AlertCondition(AlertCodes.NotReconciled, "", AlertSeverity.Warning, $"account and venue do not agree: {trading.Reconcile.LastDifference}", LongInterruptionMs);
        }

        if (trading.Reconcile.Standing.Length > 0)
        {
            yield return new AlertCondition(
                AlertCodes.ReconcileDifference, "", AlertSeverity.Warning, $"two readings of the account on end differed from the journal, the venue's word was taken: {trading.Reconcile.Standing}");
        }

        foreach (var order in trading.UnknownOrders)
        {
            yield return new AlertCondition(
                AlertCodes.OrderUnknown, order.Id.Value, AlertSeverity.Warning,
                $"whether the venue has our {(order.ReduceOnly ? "exit" : "entry")} {order.Id} of {order.Symbol} is still not known: it is looked up on and on, and nothing is opened in {order.Symbol} meanwhile", UncertainMs);
        }

        // The offset is known to half of the round trip; a slow line is no wrong clock.
        if (input.Clock is { } clock && Math.Abs(clock.OffsetMs) - (clock.RoundTripMs / 2) > LargestClockErrorMs)
        {
            yield return new AlertCondition(
                AlertCodes.ClockOff, "", AlertSeverity.Warning,
                string.Create(CultureInfo.InvariantCulture, $"this machine's clock is {Math.Abs(clock.OffsetMs)} ms {(clock.OffsetMs > 0 ? "behind" : "ahead of")} the venue's; requests are stamped with the venue's, but set the clock right"));
        }

        if (trading.JournalFault is { } fault)
        {
            yield return new AlertCondition(AlertCodes.Journal, "", AlertSeverity.Critical, $"the journal cannot be written, no position is opened: {fault}");
        }
    }

    private static IEnumerable<AlertCondition> OfPositions(AlertInput input)
    {
        foreach (var position in input.Trading.Positions)
        {
            if (!position.StopConfirmed)
            {
                yield return new AlertCondition(
                    AlertCodes.PositionWithoutStop, position.Symbol.Value, AlertSeverity.Critical,
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
                    AlertCodes.StaleCandles, series.Series.ToString(), AlertSeverity.Warning, $"no candle of {series.Series} since {series.LastClose}: entries wait");
            }

            if (series.SizeLimit < 1)
            {
                yield return new AlertCondition(
                    AlertCodes.FeatureDrift, series.Series.ToString(), AlertSeverity.Warning,
                    string.Create(CultureInfo.InvariantCulture, $"{series.Series}: {series.SizeLimitReason}. Entries have at most {series.SizeLimit:P0} of their size until new tickets come or the market returns"));
            }
        }
    }

    private static IEnumerable<AlertCondition> OfTickets(AlertInput input) => input.Live.Where(t => t.ExpiresAt <= input.Trading.MarketTime).Select(t => new AlertCondition(
        AlertCodes.TicketExpired, t.Id.Short, AlertSeverity.Warning,
        $"ticket {t.Id.Short} of {t.Symbol} {t.Interval} in {t.Regime} has expired at {t.ExpiresAt} and opens nothing any more; its positions are closed"));

    private static IEnumerable<AlertCondition> OfSurroundings(AlertInput input)
    {
        if (input.StandsStillSeconds > input.ProgressLimitSeconds)
        {
            yield return new AlertCondition(
                AlertCodes.StandsStill, "", AlertSeverity.Critical,
                string.Create(CultureInfo.InvariantCulture, $"the trading loop has not got on for more than {input.ProgressLimitSeconds} s"));
        }

        if (input.DiskFree is { } free && free < LittleDisk)
        {
            yield return new AlertCondition(
                AlertCodes.DiskSpace, "", free < NoDisk ? AlertSeverity.Critical : AlertSeverity.Warning,
                "the disk of the data folder is nearly full: without room for the journal no position is opened");
        }

        foreach (var job in input.Jobs)
        {
            if (job.LastRun is { } last && !job.Running && (job.LastSuccess is not { } good || good < last))
            {
                yield return job.LastOutcome.StartsWith(AgreementWork.Disagreement, StringComparison.Ordinal)
                    ? new AlertCondition(AlertCodes.ReplayDisagrees, "", AlertSeverity.Critical, job.LastOutcome)
                    : new AlertCondition(AlertCodes.JobFailed, job.Name, AlertSeverity.Warning, $"job {job.Name} failed: {job.LastOutcome}");
            }
        }
    }
}
