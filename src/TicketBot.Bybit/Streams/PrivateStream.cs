using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using TicketBot.Bybit.Rest;
using TicketBot.Bybit.Wire;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Streams;

/// <summary>Follows orders, executions, positions and the wallet of the account.</summary>
/// <remarks>Source: https://bybit-exchange.github.io/docs/v5/websocket/private/order and its sister pages.</remarks>
internal sealed class PrivateStream
{
    private const int RememberedExecutions = 20_000;
    private const int MostAuthRefusals = 3;
    private const long AuthValidMs = 10_000;
    private static readonly string[] Topics = ["order", "execution", "position", "wallet"];

    private readonly Action<StreamInput> _post;
    private readonly Signer _signer;
    private readonly BybitClock _clock;
    private readonly RestClient _rest;
    private readonly ILogger _logger;
    private readonly Requests _requests;
    private readonly BoundedSet _executions = new(RememberedExecutions);
    private readonly Counters _counters;
    private readonly Dictionary<(string Symbol, int Index), PositionRow> _legs = [];
    private int _authRefusals;
    private bool _stoodBefore;

    public PrivateStream(
        Action<StreamInput> post, Uri address, Signer signer, BybitClock clock, RestClient rest, BybitOptions options, TimeProvider time, Chance chance, Counters counters, ILogger logger)
    {
        (_post, _signer, _clock, _rest, _counters, _logger) = (post, signer, clock, rest, counters, logger);
        _requests = new Requests(TimeSpan.FromMilliseconds(options.RequestTimeoutMs), time);
        Loop = new SocketLoop(StreamNames.Private, address, pings: true, options, time, chance, counters, logger)
        {
            Open = OpenAsync,
            Receive = Receive,
            Lost = reason => post(new StreamInput.Lost(StreamNames.Private, reason)),
            Restored = () => post(new StreamInput.Restored(StreamNames.Private)),
            LeastPause = () => rest.Gate.Reason is null ? TimeSpan.Zero : rest.Gate.Pause,
        };
    }

    /// <summary>The socket's life.</summary>
    public SocketLoop Loop { get; }

    /// <summary>Takes one frame.</summary>
    internal void Receive(ReadOnlyMemory<byte> bytes)
    {
        var id = "";
        try
        {
            var head = FrameHead.Read(bytes.Span);
            if (head.Topic.IsEmpty)
            {
                if (JsonSerializer.Deserialize(bytes.Span, WireJson.Default.StreamFrame) is { } frame)
                {
                    _requests.Take(frame);
                }

                return;
            }

            id = Encoding.UTF8.GetString(head.Id);
            var faults = new List<string>();
            var events = Read(head, faults);
            if (faults.Count > 0)
            {
                events.AddRange(Unreadable(string.Join("; ", faults)));
            }

            _post(new StreamInput.Private(id, events));
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            _post(new StreamInput.Private(id, Unreadable(e.Message)));
        }
    }

    // What could not be read may have been a fill: the reader must take a snapshot.
    private ExchangeEvent[] Unreadable(string reason)
    {
        _counters.Add(Counter.FramesUnreadable);
        Log.FrameUnreadable(_logger, StreamNames.Private, reason);
        return [new ExchangeEvent.StreamInterrupted(StreamNames.Private, $"a frame could not be read: {reason}"), new ExchangeEvent.StreamRestored(StreamNames.Private)];
    }

    private List<ExchangeEvent> Read(in FrameHead head, List<string> faults)
    {
        var events = new List<ExchangeEvent>();
        var dot = head.Topic.IndexOf((byte)'.');
        var topic = dot < 0 ? head.Topic : head.Topic[..dot];
        var kind = topic.SequenceEqual("order"u8) ? 'o' : topic.SequenceEqual("execution"u8) ? 'e' : topic.SequenceEqual("position"u8) ? 'p' : topic.SequenceEqual("wallet"u8) ? 'w' : ' ';
        if (kind == ' ')
        {
            return events; // A topic that was not asked for.
        }

        var time = Mapping.ToInstant(head.CreationTime ?? throw new FormatException("creationTime is missing"));
        switch (kind)
        {
            case 'o':
                Each(head.Data, WireJson.Default.ListOrderRow, row => IsLinear(row.Category) ? new ExchangeEvent.OrderChanged(Mapping.ToOrder(row, time)) : null, events, faults);
                break;
            case 'e':
                Each(head.Data, WireJson.Default.ListExecutionRow, row => IsLinear(row.Category) ? New(Mapping.ToExecution(row)) : null, events, faults);
                break;
            case 'p':
                Each(head.Data, WireJson.Default.ListPositionRow, row => IsLinear(row.Category) ? Position(row, time) : null, events, faults);
                break;
            default:
                Each(head.Data, WireJson.Default.ListAccountRow, row => Mapping.ToWallet(row, time) is { } report ? new ExchangeEvent.WalletChanged(report) : null, events, faults);
                break;
        }

        return events;
    }

    // One row that cannot be read does not take the others along.
    private static void Each<T>(
        ReadOnlySpan<byte> data, JsonTypeInfo<List<T>> type, Func<T, ExchangeEvent?> map, List<ExchangeEvent> events, List<string> faults)
    {
        foreach (var row in JsonSerializer.Deserialize(data, type) ?? throw new FormatException("data is null"))
        {
            try
            {
                if (map(row ?? throw new FormatException("a row is null")) is { } one)
                {
                    events.Add(one);
                }
            }
            catch (Exception e) when (WireJson.IsUnreadable(e))
            {
                faults.Add(e.Message);
            }
        }
    }

    private ExchangeEvent.Executed? New(Execution execution) => _executions.Add(execution.Id.Value) ? new ExchangeEvent.Executed(execution) : null;

    // In hedge mode each side has a message of its own: what is known of the other one is put beside it.
    private ExchangeEvent.PositionChanged Position(PositionRow row, Instant time)
    {
        if (row.PositionIdx is not (1 or 2) || row.Symbol is not { } symbol)
        {
            return new ExchangeEvent.PositionChanged(Mapping.ToPosition([row], time));
        }

        _legs[(symbol, row.PositionIdx.Value)] = row;
        return new ExchangeEvent.PositionChanged(
            Mapping.ToPosition(_legs.TryGetValue((symbol, 3 - row.PositionIdx.Value), out var other) ? [row, other] : [row], time));
    }

    // A message without category comes from a categorised topic or an older server: it is ours.
    private static bool IsLinear(string? category) => category is null or "" or "linear";

    private async Task OpenAsync(SocketSession session, CancellationToken cancellationToken)
    {
        var expires = _clock.Now.UnixMilliseconds + AuthValidMs;
        var answer = await _requests.SendAsync(session, "auth", [_signer.ApiKey, expires, _signer.SignStream(expires)], cancellationToken);
        if (!Requests.Succeeded(answer))
        {
            await RefusedAsync(answer, cancellationToken);
        }

        _authRefusals = 0;
        _rest.Gate.KeyWorked(isWrite: false);
        answer = await _requests.SendAsync(session, "subscribe", Topics, cancellationToken);
        if (!Requests.Succeeded(answer))
        {
            throw new IOException($"the private topics were refused: {Requests.TextOf(answer)}");
        }

        _stoodBefore = true;
    }

    private async Task RefusedAsync(StreamFrame answer, CancellationToken cancellationToken)
    {
        var kind = answer.RetCode is { } code ? BybitErrors.KindOf(code) : BybitErrorKind.Unknown;
        _authRefusals++;
        if (kind is BybitErrorKind.Credentials or BybitErrorKind.Forbidden || _authRefusals >= MostAuthRefusals)
        {
            var reason = $"the private stream refused our key ({answer.RetCode?.ToString(CultureInfo.InvariantCulture) ?? "no code"}, {kind}): check that key and secret belong to this environment, and this machine's clock";
            if (!_stoodBefore)
            {
                throw new ExchangeException(reason); // A wrong configuration; what worked once may work again.
            }

            _rest.Gate.KeyRefused(reason, writesOnly: false);
            throw new IOException(reason);
        }

        // A refusal without a code may be the clock's fault: measured anew, the next try is the better one.
        try
        {
            await _rest.MeasureClockAsync(cancellationToken);
        }
        catch (ExchangeException e)
        {
            throw new IOException(e.Message, e);
        }

        throw new IOException("the private stream refused our signature; the clock was measured again");
    }
}
