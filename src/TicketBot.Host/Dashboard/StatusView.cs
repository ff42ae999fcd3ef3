using TicketBot.Host.Alerts;
using TicketBot.Host.Configuration;
using TicketBot.Host.Health;
using TicketBot.Host.Jobs;
using TicketBot.Host.Running;
using TicketBot.Trading;

namespace TicketBot.Host.Dashboard;

/// <summary>The limits that the page draws its gauges against.</summary>
/// <param name="MaxDailyDrawdown">Loss from the day's peak that halts trading, a fraction.</param>
/// <param name="ConfidenceThreshold">Least calibrated confidence of a signal.</param>
/// <param name="MaxPositionFraction">Largest notional of one position, a fraction of equity.</param>
/// <param name="StopLossFraction">Distance of the stop from the entry, a fraction of the price.</param>
public sealed record LimitsView(decimal MaxDailyDrawdown, double ConfidenceThreshold, decimal MaxPositionFraction, decimal StopLossFraction);

/// <summary>What <c>/api/status</c> answers: the daemon, the trader's picture and the jobs.</summary>
/// <param name="Environment">Venue: simulator, testnet, demo or live.</param>
/// <param name="Market">What market it is, in plain words.</param>
/// <param name="Phase">Where the daemon is in its life.</param>
/// <param name="Doing">What it is doing, in plain words.</param>
/// <param name="ProgressAgeSeconds">Wall time since the trading loop last got on.</param>
/// <param name="Limits">Limits in force.</param>
/// <param name="Trading">The trader's picture, without the equity curve and with the newest fills only.</param>
/// <param name="Jobs">Every job.</param>
/// <param name="Configuration">The last edit of a configuration file since the start, or <c>null</c>.</param>
/// <param name="Alerts">What an operator should know now, gravest first.</param>
public sealed record StatusView(
    string Environment, string Market, DaemonPhase Phase, string Doing, double ProgressAgeSeconds, LimitsView Limits, TradingStatus Trading,
    IReadOnlyList<JobStatus> Jobs, ConfigurationEdit? Configuration, IReadOnlyList<Alert> Alerts)
{
    private const int NewestFills = 20;

    /// <summary>Returns the view of this moment.</summary>
    public static StatusView Of(DaemonState state, JobBoard jobs, ProgressWatch watch, AlertWatch alerts, TradingOptions options)
    {
        var trading = state.Trading;
        return new StatusView(
            state.Environment, state.Market, state.Phase, state.Doing, Math.Round(watch.Age.TotalSeconds),
            new LimitsView(options.MaxDailyDrawdown, options.ConfidenceThreshold, options.MaxPositionFraction, options.StopLossFraction),
            trading with { EquityCurve = [], Fills = [.. trading.Fills.Take(NewestFills)] },
            jobs.All(trading.MarketTime), state.Configuration, alerts.Present);
    }
}
