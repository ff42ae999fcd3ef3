using System.Threading.Channels;

namespace TicketBot.Host.Alerts;

/// <summary>Posts alerts to a webhook from a queue of its own: whoever raises one never waits, and a channel that is down or slow costs nobody anything.
/// When the queue is full the oldest alert is dropped and counted.</summary>
public sealed class AlertSender : BackgroundService
{
    private const int MostWaiting = 1_000;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private readonly Channel<Alert> _waiting;
    private readonly HttpClient _http;
    private readonly Uri? _address;
    private readonly string _environment;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private long _dropped;

    /// <summary>Makes a sender.</summary>
    /// <param name="options">Timeout.</param>
    /// <param name="address">The address posted to; <c>null</c>: nothing is posted. Treated as a secret, never logged.</param>
    /// <param name="environment">Venue, told with each alert.</param>
    /// <param name="handler">The transport.</param>
    /// <param name="time">Wall time of pauses.</param>
    /// <param name="log">Log.</param>
    public AlertSender(AlertOptions options, Uri? address, string environment, HttpMessageHandler handler, TimeProvider time, ILogger<AlertSender> log)
    {
        (_address, _environment, _time, _log) = (address, environment, time, log);
        _http = new HttpClient(handler) { Timeout = TimeSpan.FromMilliseconds(options.TimeoutMs) };
        _waiting = Channel.CreateBounded<Alert>(
            new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => Interlocked.Increment(ref _dropped));
    }

    /// <summary>Alerts that were dropped because too many waited.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Reads the address from the environment variable that the options name; <c>null</c> when it is not set.</summary>
    /// <exception cref="FormatException">It is set and no http or https address; the message names the variable and not its value.</exception>
    public static Uri? AddressOf(AlertOptions options, Func<string, string?> variable) => variable(options.WebhookVariable) switch
    {
        null or "" => null,
        var text => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new FormatException($"the environment variable {options.WebhookVariable} must hold an http or https address"),
    };

    /// <summary>Queues an alert; never waits.</summary>
    public void Post(Alert alert)
    {
        if (_address is not null)
        {
            _waiting.Writer.TryWrite(alert);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var alert in _waiting.Reader.ReadAllAsync(stoppingToken))
            {
                await DeliverAsync(alert, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What still waits is in the log and in the journal.
        }
    }

    private async Task DeliverAsync(Alert alert, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var text = $"TicketBot {_environment} {alert.Severity}: {alert.Text}";
                using var answer = await _http.PostAsJsonAsync(
                    _address,
                    new { text, environment = _environment, code = alert.Code, subject = alert.Subject, severity = alert.Severity.ToString(), since = alert.Since.ToString(), isOver = alert.IsOver },
                    cancellationToken);
                if ((int)answer.StatusCode is < 500 and not (408 or 429))
                {
                    if (!answer.IsSuccessStatusCode)
                    {
                        Log.AlertRefused(_log, alert.Code, (int)answer.StatusCode); // To repeat it unchanged would change nothing.
                    }

                    return;
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                if (attempt == 0)
                {
                    Log.AlertNotSent(_log, alert.Code, fault.GetType().Name);
                }
            }

            var pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, 1 << Math.Min(attempt, 6)));
            await Task.Delay(pause, _time, cancellationToken);
        }
    }
}
