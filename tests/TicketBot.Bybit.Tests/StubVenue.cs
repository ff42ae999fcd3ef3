using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Tests;

/// <summary>A venue on loopback that a test plays by hand: it acknowledges as the real one does and says what the test tells it to say.</summary>
public sealed class StubVenue : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Peer> _peers = new();
    private readonly ConcurrentDictionary<string, Channel<Peer>> _arrivals = new();

    private StubVenue(WebApplication app) => _app = app;

    public int Port { get; private set; }

    /// <summary>The clock of connector and venue.</summary>
    public MovableTime Time { get; } = new();

    /// <summary>Returns the result of a REST read, or null for "not found".</summary>
    public Func<string, IQueryCollection, string?> Rest { get; set; } = (_, _) => null;

    /// <summary>Answers an operation; null says nothing.</summary>
    public Func<string, JsonElement, string?> Answer { get; set; } = Usual;

    public ConcurrentQueue<(string Path, string Text)> Heard { get; } = new();

    public static async Task<StubVenue> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        var app = builder.Build();
        var venue = new StubVenue(app);
        app.UseWebSockets();
        app.Run(venue.ServeAsync);
        await app.StartAsync();
        venue.Port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        return venue;
    }

    public BybitExchange Connect(ExchangeEnvironment environment, Action<BybitOptions>? change = null, bool observe = false)
    {
        var options = new BybitOptions
        {
            Environment = environment, RestAddress = $"http://127.0.0.1:{Port}", PublicStreamAddress = $"ws://127.0.0.1:{Port}/v5/public/linear",
            PrivateStreamAddress = $"ws://127.0.0.1:{Port}/v5/private", ReconnectMaxDelayMs = 60, ReadRetryDelayMs = 1, StepArrivalMs = 300, CandleConfirmationMs = 60_000,
        };
        change?.Invoke(options);
        return new BybitExchange(options, new BybitCredentials(StubHandler.Key, StubHandler.Secret), Time, NullLogger<BybitExchange>.Instance, observe: observe);
    }

    /// <summary>What the real venue acknowledges.</summary>
    public static string? Usual(string path, JsonElement message) => (path, message.GetProperty("op").GetString()) switch
    {
        ("/v5/public/linear", "ping") => """{"success":true,"ret_msg":"pong","conn_id":"1","req_id":"","op":"ping"}""",
        ("/v5/private", "ping") => """{"req_id":"","op":"pong","args":["1735689600000"],"conn_id":"1"}""",
        ("/v5/private", "auth") => """{"success":true,"ret_msg":"","op":"auth","conn_id":"1"}""",
        (_, "unsubscribe") => """{"success":true,"ret_msg":"","conn_id":"1","req_id":"unsubscribe","op":"unsubscribe"}""",
        (_, "subscribe") => """{"success":true,"ret_msg":"","conn_id":"1","req_id":"subscribe","op":"subscribe"}""",
        ("/simulator/control", "attach") => """{"op":"attached","step":0,"time":1735689600000,"speed":0,"holds":true}""",
        _ => null,
    };

    public Task SayAsync(string path, string text) => _peers[path].SayAsync(text);

    public void Cut(string path) => _peers[path].Socket.Abort();

    /// <summary>Waits until a further socket of that path was opened and has been acknowledged to the end.</summary>
    public async Task OpenedAsync(string path) => await Arrivals(path).Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>Waits until something was heard on a path.</summary>
    public async Task<string> HearAsync(string path, Func<string, bool> wanted)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            if (Heard.Where(one => one.Path == path && wanted(one.Text)).Select(one => one.Text).FirstOrDefault() is { } text)
            {
                return text;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var peer in _peers.Values)
        {
            peer.Socket.Abort();
        }

        await _app.DisposeAsync();
    }

    private Channel<Peer> Arrivals(string path) => _arrivals.GetOrAdd(path, _ => Channel.CreateUnbounded<Peer>());

    private async Task ServeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (!context.WebSockets.IsWebSocketRequest)
        {
            var result = path == "/v5/market/time"
                ? $$"""{"timeNano":"{{Time.NowMs}}000000"}"""
                : Rest(path, context.Request.Query);
            context.Response.StatusCode = result is null ? 404 : 200;
            await context.Response.WriteAsync(result is null ? "no such page" : result.StartsWith("{\"retCode\"", StringComparison.Ordinal) ? result : StubHandler.Ok(result));
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var peer = new Peer(socket);
        _peers[path] = peer;
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer, context.RequestAborted);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }

                var text = Encoding.UTF8.GetString(buffer, 0, received.Count);
                Heard.Enqueue((path, text));
                using var document = JsonDocument.Parse(text);
                if (Answer(path, document.RootElement) is { } answer)
                {
                    await peer.SayAsync(answer);
                }

                if (document.RootElement.GetProperty("op").GetString() is "subscribe" or "attach")
                {
                    Arrivals(path).Writer.TryWrite(peer);
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The client left, or the test cut the line.
        }
    }

    private sealed class Peer(WebSocket socket)
    {
        private readonly SemaphoreSlim _sending = new(1);

        public WebSocket Socket => socket;

        public async Task SayAsync(string text)
        {
            await _sending.WaitAsync();
            try
            {
                await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, default);
            }
            finally
            {
                _sending.Release();
            }
        }
    }
}
