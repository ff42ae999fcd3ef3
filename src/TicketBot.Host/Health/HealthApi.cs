using Microsoft.Extensions.Options;
using TicketBot.Host.Jobs;
using TicketBot.Host.Running;
using TicketBot.Trading;

namespace TicketBot.Host.Health;

/// <summary>Health and metrics over HTTP: <c>/healthz</c> (the loop gets on), <c>/readyz</c> (it trades and its state is certain),
/// <c>/metrics</c> (Prometheus).</summary>
public static class HealthApi
{
    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", (DaemonState state, ProgressWatch watch, JobBoard jobs, IOptions<HostOptions> options) =>
        {
            if (state.Trading.JournalFault is { } fault)
            {
                return Results.Text($"the journal cannot be written, entries wait: {fault}\n", statusCode: StatusCodes.Status503ServiceUnavailable);
            }

            var limit = TimeSpan.FromSeconds(options.Value.ProgressLimitSeconds);
            return watch.Age <= limit
                ? Results.Text($"ok\n{DetailOf(state, jobs)}")
                : Results.Text($"the trading loop has not got on for {watch.Age.TotalSeconds:F0} s, allowed are {limit.TotalSeconds:F0} s\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        });
        routes.MapGet("/readyz", (DaemonState state) => NotReady(state) is { } reason
            ? Results.Text($"not ready: {reason}\n", statusCode: StatusCodes.Status503ServiceUnavailable)
            : Results.Text("ready\n"));
        routes.MapGet("/metrics", (DaemonState state, JobBoard jobs, ProgressWatch watch) =>
            Results.Text(PrometheusText.Of(state, jobs, watch.Age, Environment.WorkingSet), PrometheusText.ContentType));
    }

    // The process is well and a restart would mend nothing; but whoever looks must see it.
    private static string DetailOf(DaemonState state, JobBoard jobs) => string.Concat(
        jobs.All(state.Trading.MarketTime).Where(j => j.LastOutcome.StartsWith(AgreementWork.Disagreement, StringComparison.Ordinal)).Select(j => $"{j.LastOutcome}\n"));

    // A pause or a halt is the operator's or the limit's will, not bad health.
    private static string? NotReady(DaemonState state)
    {
        var trading = state.Trading;
        return state.Phase != DaemonPhase.Trading || trading.State == TradingState.Starting ? $"{state.Phase}, {state.Doing}"
            : trading.JournalFault is { } fault ? $"the journal cannot be written: {fault}"
            : trading.Interrupted.Count > 0 ? $"interrupted: {string.Join(", ", trading.Interrupted)}"
            : trading.IsReconciled ? null : "account and venue do not agree";
    }
}
