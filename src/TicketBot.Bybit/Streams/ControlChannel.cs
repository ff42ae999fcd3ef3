using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using TicketBot.Bybit.Rest;
using TicketBot.Bybit.Wire;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Streams;

/// <summary>The channel beside V5 on which the built-in simulator tells its market time and waits for our orders. Safe for use by
/// several threads.</summary>
internal sealed class ControlChannel
{
    private const string Name = "control";
    private readonly Lock _lock = new();
    private readonly string _key;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeSpan _timeout;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<ControlFrame>? _attaching;
    private SocketSession? _session;
    private Action<StreamInput>? _post;
    private long _seenStep;
    private Instant _marketTime;
    private long _marketTimeStamp;
    private double _speed = 1;
    private bool _holds = true;
    private bool _runs;
    private long _doneStep = long.MinValue;
    private Instant _doneTime;
    private long _sentStep = long.MinValue;
    private bool _attachedBefore;

    public ControlChannel(Uri address, string key, BybitOptions options, TimeProvider time, Chance chance, Counters counters, ILogger logger)
    {
        (_key, _time, _logger) = (key, time, logger);
        _timeout = TimeSpan.FromMilliseconds(options.RequestTimeoutMs);
        Loop = new SocketLoop(Name, address, pings: false, options, time, chance, counters, logger)
        {
            Open = OpenAsync,
            Receive = Receive,
            Lost = _ => { }, // The streams have their own say; attaching again tells what was missed.
            Restored = () => { },
        };
    }

    /// <summary>The socket's life.</summary>
    public SocketLoop Loop { get; }

    /// <summary>Ends when the simulator said that its market is over.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Whether the simulator waits for our report after each step.</summary>
    public bool Holds
    {
        get
        {
            lock (_lock)
            {
                return _holds;
            }
        }
    }

    /// <summary>Market time per wall time; 0 is as fast as we follow.</summary>
    public double Speed
    {
        get
        {
            lock (_lock)
            {
                return _speed;
            }
        }
    }

    /// <summary>Market time: that of the last step; where the market runs with the clock, moved on by the wall time since then.</summary>
    public Instant MarketTime
    {
        get
        {
            lock (_lock)
            {
                return _holds || !_runs
                    ? _marketTime
                    : _marketTime.Plus((long)(_time.GetElapsedTime(_marketTimeStamp, _time.GetTimestamp()).TotalMilliseconds * _speed));
            }
        }
    }

    /// <summary>Gives the steps from now on to a pump; those before were history.</summary>
    public void Follow(Action<StreamInput> post)
    {
        lock (_lock)
        {
            _post = post;
            (_doneStep, _doneTime) = (_seenStep, _marketTime);
        }
    }

    /// <summary>Notes that everything of a step has been handed on.</summary>
    public void Done(long step, Instant time)
    {
        lock (_lock)
        {
            (_doneStep, _doneTime) = (step, time);
        }
    }

    /// <summary>Tells the simulator that all orders caused by events up to <paramref name="marketTime"/> are sent.</summary>
    public async ValueTask ReportSentAsync(Instant marketTime, CancellationToken cancellationToken)
    {
        SocketSession? session;
        long step;
        lock (_lock)
        {
            // A report made inside a step, before its end was handed on, is not yet the report of that step.
            if (_doneStep == long.MinValue || marketTime < _doneTime)
            {
                return;
            }

            (session, step) = (_session, _doneStep);
            _sentStep = step;
            if (!_runs)
            {
                _runs = true;
                _marketTimeStamp = _time.GetTimestamp();
            }
        }

        if (session is not null)
        {
            await SendAsync(session, step, cancellationToken);
        }
    }

    /// <summary>Takes one frame.</summary>
    internal void Receive(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var frame = JsonSerializer.Deserialize(bytes.Span, WireJson.Default.ControlFrame);
            if (frame?.Op == "attached")
            {
                Interlocked.Exchange(ref _attaching, null)?.TrySetResult(frame);
            }
            else if (frame?.Op == "step")
            {
                Take(ToStep(frame));
            }
            else if (frame?.Op == "end")
            {
                _ended.TrySetResult();
            }
            else if (frame?.Op == "refused")
            {
                Log.ControlRefused(_logger, frame.Reason ?? "no reason given");
            }
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            Log.FrameUnreadable(_logger, Name, e.Message);
        }
    }

    private static StreamInput.Step ToStep(ControlFrame frame) => new(
        frame.Step ?? throw new FormatException("step is missing"),
        new Instant(frame.Time ?? throw new FormatException("time is missing")),
        [.. (frame.Candles ?? []).Select(row => row.GetArrayLength() < 3 ? throw new FormatException("a candle needs symbol, interval and open time") : (
            new SeriesKey(new Symbol(row[0].GetString() ?? ""), Interval.Parse(row[1].GetString() ?? "")), new Instant(row[2].GetInt64())))],
        frame.Private ?? []);

    private void Take(StreamInput.Step step)
    {
        Action<StreamInput>? post;
        lock (_lock)
        {
            (_seenStep, _marketTime, _marketTimeStamp, _runs, post) = (step.Number, step.Time, _time.GetTimestamp(), true, _post);
            if (!_holds)
            {
                (_doneStep, _doneTime) = (step.Number, step.Time); // Nobody waits for the end of a step here.
            }
        }

        post?.Invoke(step);
    }

    private async Task OpenAsync(SocketSession session, CancellationToken cancellationToken)
    {
        var attaching = new TaskCompletionSource<ControlFrame>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _attaching, attaching);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("op", "attach");
            json.WriteString("key", _key);
            json.WriteEndObject();
        }

        await session.SendAsync(buffer.WrittenMemory, cancellationToken);
        var frame = await attaching.Task.WaitAsync(_timeout, _time, cancellationToken);
        if (frame is not { Step: { } step, Time: { } ms })
        {
            throw new IOException("the simulator attached us without naming step and time");
        }

        var time = new Instant(ms);
        Action<StreamInput>? post;
        bool again, sendAgain;
        lock (_lock)
        {
            _session = session;
            _speed = frame.Speed ?? 1;
            _holds = frame.Holds ?? false;
            again = _attachedBefore && step != _doneStep;
            sendAgain = _attachedBefore && step == _sentStep;
            _attachedBefore = true;
            (_seenStep, _marketTime, _marketTimeStamp, _runs, post) = (step, time, _time.GetTimestamp(), _runs || step > 0, _post);
        }

        Log.Attached(_logger, step, time.ToString(), frame.Speed ?? 1, frame.Holds ?? false);
        if (again)
        {
            post?.Invoke(new StreamInput.Reattached(step, time));
        }
        else if (sendAgain)
        {
            await SendAsync(session, step, cancellationToken); // Our report may have been lost with the socket.
        }
    }

    private async ValueTask SendAsync(SocketSession session, long step, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("op", "sent");
            json.WriteNumber("step", step);
            json.WriteEndObject();
        }

        try
        {
            await session.SendAsync(buffer.WrittenMemory, cancellationToken);
        }
        catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            Log.StreamLost(_logger, Name, e.Message); // Attaching again repeats the report.
        }
    }
}
