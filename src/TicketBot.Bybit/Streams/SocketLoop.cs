using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.Extensions.Logging;
using TicketBot.Bybit.Rest;

namespace TicketBot.Bybit.Streams;

/// <summary>The life of one stream: open, subscribe, ping, watch for silence, and open again after a jittered pause whenever it is lost.</summary>
internal sealed class SocketLoop
{
    private const int LargestFrame = 16 * 1024 * 1024;
    private static readonly ReadOnlyMemory<byte> PingFrame = """{"op":"ping"}"""u8.ToArray();

    private readonly string _name;
    private readonly Uri _address;
    private readonly BybitOptions _options;
    private readonly TimeProvider _time;
    private readonly Chance _chance;
    private readonly ILogger _logger;
    private readonly bool _pings;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastFrame;
    private int _failures;

    public SocketLoop(string name, Uri address, bool pings, BybitOptions options, TimeProvider time, Chance chance, ILogger logger) =>
        (_name, _address, _pings, _options, _time, _chance, _logger) = (name, address, pings, options, time, chance, logger);

    /// <summary>Authenticates and subscribes on a fresh socket; a failure of the world closes it, an ExchangeException ends the loop.</summary>
    public required Func<SocketSession, CancellationToken, Task> Open { get; init; }

    /// <summary>Takes one whole frame; must not throw for its content.</summary>
    public required Action<ReadOnlyMemory<byte>> Receive { get; init; }

    /// <summary>Told when a stream that stood is lost.</summary>
    public required Action<string> Lost { get; init; }

    /// <summary>Told when a lost stream stands again.</summary>
    public required Action Restored { get; init; }

    /// <summary>Ends when the stream stood for the first time.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            string reason;
            try
            {
                reason = await LiveAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is WebSocketException or HttpRequestException or IOException or SocketException
                or TimeoutException or OperationCanceledException)
            {
                reason = e.Message;
                Log.StreamLost(_logger, _name, reason);
            }

            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            var pause = Math.Min(_options.ReconnectMaxDelayMs, _options.ReconnectMaxDelayMs / 60.0 * Math.Pow(2, Math.Min(_failures, 16)));
            _failures++;
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(pause * (0.5 + (0.5 * _chance.Next()))), _time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<string> LiveAsync(CancellationToken cancellationToken)
    {
        using var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = TimeSpan.Zero; // The venue counts its own pings, not the protocol's.
        using (var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(_options.RequestTimeoutMs), _time))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken))
        {
            await socket.ConnectAsync(_address, either.Token);
        }

        using var life = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var session = new SocketSession(socket);
        Volatile.Write(ref _lastFrame, _time.GetTimestamp());
        var receiving = ReceiveAsync(socket, life.Token);
        var beating = _pings ? BeatAsync(session, life.Token) : Task.Delay(Timeout.InfiniteTimeSpan, _time, life.Token).ContinueWith(_ => "", TaskScheduler.Default);
        var opening = Open(session, life.Token);
        var stood = false;
        try
        {
            var first = await Task.WhenAny(opening, receiving, beating);
            if (first == opening)
            {
                await opening;
                stood = true;
                _failures = 0;
                Log.StreamOpen(_logger, _name);
                if (!_ready.TrySetResult())
                {
                    Restored();
                }

                first = await Task.WhenAny(receiving, beating);
            }

            var reason = await (Task<string>)first;
            if (!cancellationToken.IsCancellationRequested)
            {
                Log.StreamLost(_logger, _name, reason);
                TellLost(stood, reason);
            }

            return reason;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            TellLost(stood, e.Message);
            throw;
        }
        finally
        {
            if (cancellationToken.IsCancellationRequested && socket.State == WebSocketState.Open)
            {
                using var brief = new CancellationTokenSource(TimeSpan.FromMilliseconds(500), _time);
                await session.CloseAsync(brief.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await life.CancelAsync();
            socket.Abort();
            await Task.WhenAll(receiving, beating, opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void TellLost(bool stood, string reason)
    {
        if (stood)
        {
            Lost(reason);
        }
    }

    private async Task<string> ReceiveAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                if (length >= LargestFrame)
                {
                    return $"a frame was longer than {LargestFrame} bytes";
                }

                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var result = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            Volatile.Write(ref _lastFrame, _time.GetTimestamp());
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return $"the venue closed it: {socket.CloseStatus} {socket.CloseStatusDescription}";
            }

            length += result.Count;
            if (result.EndOfMessage)
            {
                Receive(buffer.AsMemory(0, length));
                length = 0;
            }
        }
    }

    private async Task<string> BeatAsync(SocketSession session, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(_options.PingIntervalMs), _time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var silent = _time.GetElapsedTime(Volatile.Read(ref _lastFrame), _time.GetTimestamp());
            if (silent.TotalMilliseconds > _options.SilenceTimeoutMs)
            {
                return $"no frame for {silent.TotalMilliseconds:F0} ms";
            }

            await session.SendAsync(PingFrame, cancellationToken);
        }

        return "stopped";
    }
}
