using System.Net.Http.Headers;
using System.Text.Json;
using TicketBot.Bybit;
using TicketBot.Host.Configuration;
using TicketBot.Host.Running;
using TicketBot.Storage;

namespace TicketBot.Host.Verbs;

/// <summary>Talks to the running daemon over its local HTTP API, found through the file it writes to the data folder.</summary>
public sealed class DaemonClient : IDisposable
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);
    private readonly HttpClient _http;
    private readonly DaemonFile _daemon;

    private DaemonClient(DaemonFile daemon, TimeSpan within)
    {
        _daemon = daemon;
        _http = new HttpClient { BaseAddress = new Uri(daemon.Address + "/"), Timeout = within };
    }

    /// <summary>Returns a client of the daemon that runs on the configured data folder; <paramref name="port"/> overrides the port it announced,
    /// <paramref name="within"/> how long an answer may take.</summary>
    /// <exception cref="IOException">No daemon has announced itself there.</exception>
    public static DaemonClient Find(Settings settings, int? port, TimeSpan? within = null)
    {
        var folder = DataFolder.OfLastRun(settings.Get<StorageOptions>().DataFolder, settings.Get<BybitOptions>().Environment);
        var daemon = DaemonFile.Read(folder.DaemonFile)
            ?? throw new IOException($"no daemon runs on the data folder '{folder.Path}': start it with 'ticketbot run', or name its folder with --data-folder");
        return new DaemonClient(port is { } given ? daemon with { Address = new UriBuilder(daemon.Address) { Port = given }.Uri.ToString().TrimEnd('/') } : daemon, within ?? AnswerWithin);
    }

    /// <summary>Returns the answer to a reading request.</summary>
    /// <exception cref="IOException">The daemon does not answer.</exception>
    /// <exception cref="UsageException">The daemon refuses the request.</exception>
    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) => AskAsync(HttpMethod.Get, path, cancellationToken);

    /// <summary>Returns the answer to an action.</summary>
    /// <exception cref="IOException">The daemon does not answer.</exception>
    /// <exception cref="UsageException">The daemon refuses the action.</exception>
    public Task<JsonElement> PostAsync(string path, CancellationToken cancellationToken) => AskAsync(HttpMethod.Post, path, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> AskAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            if (method == HttpMethod.Post)
            {
                // Reading needs no token, so it is not shown to whatever may answer there.
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _daemon.Token);
            }

            using var response = await _http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            var answer = JsonDocument.Parse(text).RootElement;
            return response.IsSuccessStatusCode
                ? answer
                : throw new UsageException($"the daemon refused: {(answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("error", out var words) ? words.GetString() : text)}");
        }
        catch (JsonException fault)
        {
            throw new IOException($"what answers at {_daemon.Address} is not the daemon: the answer is not JSON. Check --port", fault);
        }
        catch (HttpRequestException fault)
        {
            throw new IOException($"the daemon at {_daemon.Address} (process {_daemon.ProcessId}) does not answer: {fault.Message}", fault);
        }
        catch (TaskCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"the daemon at {_daemon.Address} gave no answer within {AnswerWithin.TotalSeconds} s", fault);
        }
    }
}
