using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Simulator.Markets;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Tests.Wire;

/// <summary>A small V5 client over real HTTP and WebSockets.</summary>
internal sealed class Client : IAsyncDisposable
{
    internal const string Key = "simulator";
    internal const string Secret = "simulator-secret";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly HttpClient _http;
    private readonly Uri _streams;
    private readonly TimeProvider _clock;
    private readonly List<ClientWebSocket> _sockets = [];

    internal Client(SimulatorServer server, TimeProvider? clock = null) =>
        (_http, _streams, _clock) = (new HttpClient { BaseAddress = server.RestAddress }, server.WebSocketAddress, clock ?? TimeProvider.System);

    /// <summary>The headers of the last signed answer.</summary>
    internal Dictionary<string, string> LastHeaders { get; private set; } = [];

    internal static Task<SimulatorServer> StartAsync(
        MarketSource market, double speed = 0, string? folder = null, Action<SimulatorOptions>? change = null, TimeProvider? clock = null)
    {
        var options = new SimulatorOptions { Speed = speed, LogFolder = folder };
        change?.Invoke(options);
        return SimulatorServer.StartAsync(options, market, new VenueSettings(), clock ?? TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
    }

    internal async Task<JsonElement> GetAsync(string path, string? query = null)
    {
        using var answer = await _http.GetAsync(new Uri(query is null ? path : $"{path}?{query}", UriKind.Relative));
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    internal Task<JsonElement> SignedGetAsync(string path, string query, string key = Key, string secret = Secret, long offsetMs = 0, bool upper = false) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, query.Length == 0 ? path : $"{path}?{query}"), query, key, secret, offsetMs, upper);

    internal Task<(int Status, string Text)> SignedGetTextAsync(string path, string query) =>
        SendTextAsync(new HttpRequestMessage(HttpMethod.Get, query.Length == 0 ? path : $"{path}?{query}"), query, Key, Secret, 0, false, CancellationToken.None);

    internal async Task<JsonElement> PostAsync(string path, string body, CancellationToken cancellationToken = default) =>
        JsonDocument.Parse((await PostTextAsync(path, body, cancellationToken: cancellationToken)).Text).RootElement;

    internal Task<(int Status, string Text)> PostTextAsync(string path, string body, string type = "application/json", CancellationToken cancellationToken = default) => SendTextAsync(
        new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, type) }, body, Key, Secret, 0, false, cancellationToken);

    internal async Task<(int Status, string Text)> GetTextAsync(string path)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative));
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    internal async Task<(int Status, string Text)> SendRawAsync(HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _http.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    internal async Task<(int Status, string Text)> FaultsAsync(HttpMethod method, string query, string? testKey, string? body = null)
    {
        using var request = new HttpRequestMessage(method, "/simulator/faults" + query);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        if (testKey is not null)
        {
            request.Headers.Add("X-Simulator-Test-Key", testKey);
        }

        using var answer = await _http.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    internal async Task<Socket> OpenAsync(string path)
    {
        var socket = new ClientWebSocket();
        _sockets.Add(socket);
        await socket.ConnectAsync(new Uri(_streams, path), CancellationToken.None);
        return new Socket(socket);
    }

    internal async Task<Socket> OpenPrivateAsync(params string[] topics)
    {
        var socket = await OpenAsync("/v5/private");
        var expires = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + 10_000;
        await socket.SendAsync($$"""{"req_id":"a","op":"auth","args":["{{Key}}",{{expires}},"{{Sign(Secret, $"GET/realtime{expires}")}}"]}""");
        Assert.True((await socket.ReadAsync()).GetProperty("success").GetBoolean());
        await socket.SendAsync($$"""{"op":"subscribe","args":[{{string.Join(',', topics.Select(t => $"\"{t}\""))}}]}""");
        Assert.True((await socket.ReadAsync()).GetProperty("success").GetBoolean());
        return socket;
    }

    /// <summary>Plays steps of a market that stands still.</summary>
    internal async Task StepAsync(SimulatorServer server, int count = 1)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(_streams, "/simulator/control"), CancellationToken.None);
        var control = new Socket(socket);
        await control.SendAsync($$"""{"op":"attach","key":"{{Key}}"}""");
        var step = (await control.ReadAsync()).GetProperty("step").GetInt64();
        for (var i = 0; i < count; i++)
        {
            await control.SendAsync($$"""{"op":"sent","step":{{step + i}}}""");
            await control.ReadAsync();
        }

        Assert.Equal(step + count, server.State.Step);
    }

    internal async Task<Socket> OpenControlAsync()
    {
        var socket = await OpenAsync("/simulator/control");
        await socket.SendAsync($$"""{"op":"attach","key":"{{Key}}"}""");
        return socket;
    }

    public ValueTask DisposeAsync()
    {
        _sockets.ForEach(s => s.Dispose());
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    internal static string Sign(string secret, string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));

    private async Task<JsonElement> SendAsync(HttpRequestMessage request, string payload, string key, string secret, long offsetMs, bool upper) =>
        JsonDocument.Parse((await SendTextAsync(request, payload, key, secret, offsetMs, upper, CancellationToken.None)).Text).RootElement;

    private async Task<(int Status, string Text)> SendTextAsync(
        HttpRequestMessage request, string payload, string key, string secret, long offsetMs, bool upper, CancellationToken cancellationToken)
    {
        var stamp = (_clock.GetUtcNow().ToUnixTimeMilliseconds() + offsetMs).ToString(CultureInfo.InvariantCulture);
        var sign = Sign(secret, stamp + key + "5000" + payload);
        request.Headers.Add("X-BAPI-API-KEY", key);
        request.Headers.Add("X-BAPI-TIMESTAMP", stamp);
        request.Headers.Add("X-BAPI-RECV-WINDOW", "5000");
        request.Headers.Add("X-BAPI-SIGN", upper ? sign.ToUpperInvariant() : sign);
        using var answer = await _http.SendAsync(request, cancellationToken);
        request.Dispose();
        LastHeaders = answer.Headers.ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    internal sealed class Socket(ClientWebSocket socket)
    {
        internal Task SendAsync(string text) =>
            socket.SendAsync(Encoding.UTF8.GetBytes(text).AsMemory(), WebSocketMessageType.Text, true, CancellationToken.None).AsTask();

        internal async Task<bool> IsCutAsync()
        {
            try
            {
                while (true)
                {
                    await ReadAsync();
                }
            }
            catch (WebSocketException)
            {
                return true;
            }
        }

        /// <summary>Whether nothing comes for a while.</summary>
        internal async Task<bool> IsSilentAsync()
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
            try
            {
                await socket.ReceiveAsync(new byte[1].AsMemory(), patience.Token);
                return false;
            }
            catch (OperationCanceledException)
            {
                return true;
            }
        }

        internal async Task<JsonElement> ReadAsync() => JsonDocument.Parse(await ReadTextAsync()).RootElement;

        internal async Task<string> ReadTextAsync()
        {
            using var patience = new CancellationTokenSource(Patience);
            var buffer = new byte[64 * 1024];
            using var message = new MemoryStream();
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
                message.Write(buffer, 0, part.Count);
                if (part.EndOfMessage)
                {
                    return Encoding.UTF8.GetString(message.ToArray());
                }
            }
        }
    }
}
