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
        routes.MapGet("/healthz", (ProgressWatch watch, IOptions<HostOptions> options) =>
        {
            var limit = TimeSpan.FromSeconds(options.Value.ProgressLimitSeconds);
            return watch.Age <= limit
                ? Results.Text("ok\n")
                : Results.Text($"the trading loop has not got on for {watch.Age.TotalSeconds:F0} s, allowed are {limit.TotalSeconds:F0} s\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        });
        routes.MapGet("/readyz", (DaemonState state) => state.Phase == DaemonPhase.Trading && state.Trading.State != TradingState.Starting
            ? Results.Text("ready\n")
            : Results.Text($"not ready: {state.Phase}, {state.Doing}\n", statusCode: StatusCodes.Status503ServiceUnavailable));
        routes.MapGet("/metrics", (DaemonState state, JobBoard jobs, ProgressWatch watch) =>
            Results.Text(PrometheusText.Of(state, jobs, watch.Age, Environment.WorkingSet), PrometheusText.ContentType));
    }
}
