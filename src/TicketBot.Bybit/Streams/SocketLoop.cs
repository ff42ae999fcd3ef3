using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.Extensions.Logging;
using TicketBot.Bybit.Rest;

namespace TicketBot.Bybit.Streams;

/// <summary>The life of one stream: open, subscribe, ping, watch for silence, and open again after a jittered pause whenever it is lost.</summary>
internal sealed class SocketLoop
{
    /// <summary>Sockets that one loop opens within <see cref="BudgetSpan"/> at most. The venue allows 500 per address in that time
    /// (https://bybit-exchange.github.io/docs/v5/ws/connect); the two loops of a daemon stay below a fifth of it together.</summary>
    public const int ConnectBudget = 45;

    /// <summary>The time over which connects are counted.</summary>
    public static readonly TimeSpan BudgetSpan = TimeSpan.FromMinutes(5);

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
    private readonly Counters _counters;
    private readonly Queue<long> _connects = new();
    private long _lastFrame;
    private int _failures;

    public SocketLoop(string name, Uri address, bool pings, BybitOptions options, TimeProvider time, Chance chance, Counters counters, ILogger logger) =>
        (_name, _address, _pings, _options, _time, _chance, _counters, _logger) = (name, address, pings, options, time, chance, counters, logger);

    /// <summary>Authenticates and subscribes on a fresh socket; a failure of the world closes it, an ExchangeException ends the loop.</summary>
    public required Func<SocketSession, CancellationToken, Task> Open { get; init; }

    /// <summary>Takes one whole frame; must not throw for its content.</summary>
    public required Action<ReadOnlyMemory<byte>> Receive { get; init; }

    /// <summary>Told when a stream that stood is lost.</summary>
    public required Action<string> Lost { get; init; }

    /// <summary>Told when a lost stream stands again.</summary>
    public required Action Restored { get; init; }

    /// <summary>Runs beside an open stream and ends with a reason to open it anew, or <c>null</c>.</summary>
    public Func<SocketSession, CancellationToken, Task<string>>? Maintain { get; init; }

    /// <summary>Least pause before the stream is opened again, asked after each loss, or <c>null</c>.</summary>
    public Func<TimeSpan>? LeastPause { get; init; }

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

            try
            {
                await Task.Delay(NextPause(), _time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    // Grows with the failures in a row, never so short that the budget of connects is passed.
    private TimeSpan NextPause()
    {
        var backoff = Math.Min(_options.ReconnectMaxDelayMs, _options.ReconnectMaxDelayMs / 60.0 * Math.Pow(2, Math.Min(_failures, 16)));
        _failures++;
        var pause = TimeSpan.FromMilliseconds(backoff * (0.5 + (0.5 * _chance.Next())));
        while (_connects.TryPeek(out var oldest) && _time.GetElapsedTime(oldest) > BudgetSpan)
        {
            _connects.Dequeue();
        }

        if (_connects.Count >= ConnectBudget && BudgetSpan - _time.GetElapsedTime(_connects.Peek()) is var untilFree && untilFree > pause)
        {
            Log.ConnectBudgetSpent(_logger, _name, ConnectBudget, untilFree.TotalSeconds);
            pause = untilFree;
        }

        return LeastPause?.Invoke() is { } least && least > pause ? least : pause;
    }

    private async Task<string> LiveAsync(CancellationToken cancellationToken)
    {
        using var socket = new ClientWebSocket();
        _connects.Enqueue(_time.GetTimestamp());
        _counters.Add(Counter.Connects);
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
        var beating = _pings ? BeatAsync(session, life.Token) : NeverAsync(life.Token);
        var maintaining = NeverAsync(life.Token);
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

                maintaining = Maintain?.Invoke(session, life.Token) ?? maintaining;
                first = await Task.WhenAny(receiving, beating, maintaining);
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
            await Task.WhenAll(receiving, beating, opening, maintaining).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void TellLost(bool stood, string reason)
    {
        if (stood)
        {
            _counters.Add(Counter.Losses);
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

    private async Task<string> NeverAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken);
        return "never";
    }

    // A ping asks for a sign of life; any frame is one.
    private async Task<string> BeatAsync(SocketSession session, CancellationToken cancellationToken)
    {
        var patience = TimeSpan.FromMilliseconds(_options.SilenceTimeoutMs);
        var rest = TimeSpan.FromMilliseconds(Math.Max(1, _options.PingIntervalMs - _options.SilenceTimeoutMs));
        await Task.Delay(TimeSpan.FromMilliseconds(_options.PingIntervalMs), _time, cancellationToken);
        while (true)
        {
            var asked = _time.GetTimestamp();
            try
            {
                await session.SendAsync(PingFrame, cancellationToken).WaitAsync(patience, _time, cancellationToken);
            }
            catch (TimeoutException)
            {
                return $"a ping could not be sent within {patience.TotalMilliseconds:F0} ms";
            }

            await Task.Delay(patience, _time, cancellationToken);
            if (Volatile.Read(ref _lastFrame) < asked)
            {
                return $"no frame within {patience.TotalMilliseconds:F0} ms of a ping";
            }

            await Task.Delay(rest, _time, cancellationToken);
        }
    }
}
