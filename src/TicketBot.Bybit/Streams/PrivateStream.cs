using System.Text.Json;
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
    /// <summary>The stream's name in events.</summary>
    public const string Name = "private";

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
    private int _authRefusals;

    public PrivateStream(
        Action<StreamInput> post, Uri address, Signer signer, BybitClock clock, RestClient rest, BybitOptions options, TimeProvider time, Chance chance, ILogger logger)
    {
        (_post, _signer, _clock, _rest, _logger) = (post, signer, clock, rest, logger);
        _requests = new Requests(TimeSpan.FromMilliseconds(options.RequestTimeoutMs), time);
        Loop = new SocketLoop(Name, address, pings: true, options, time, chance, logger)
        {
            Open = OpenAsync,
            Receive = Receive,
            Lost = reason => post(new StreamInput.Lost(Name, reason)),
            Restored = () => post(new StreamInput.Restored(Name)),
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
            var frame = JsonSerializer.Deserialize(bytes.Span, WireJson.Default.StreamFrame);
            if (frame?.Topic is null)
            {
                if (frame is not null)
                {
                    _requests.Take(frame);
                }

                return;
            }

            id = frame.Id ?? "";
            _post(new StreamInput.Private(id, Read(frame)));
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            // What could not be read may have been a fill: the reader must take a snapshot.
            Log.FrameUnreadable(_logger, Name, e.Message);
            _post(new StreamInput.Private(
                id, [new ExchangeEvent.StreamInterrupted(Name, $"a frame could not be read: {e.Message}"), new ExchangeEvent.StreamRestored(Name)]));
        }
    }

    private List<ExchangeEvent> Read(StreamFrame frame)
    {
        var dot = frame.Topic!.IndexOf('.', StringComparison.Ordinal);
        var topic = dot < 0 ? frame.Topic : frame.Topic[..dot];
        var events = new List<ExchangeEvent>();
        if (!Topics.Contains(topic))
        {
            return events; // A topic that was not asked for.
        }

        var time = new Instant(frame.CreationTime ?? throw new FormatException("creationTime is missing"));
        switch (topic)
        {
            case "order":
                events.AddRange(Rows(frame, WireJson.Default.ListOrderRow).Where(row => IsLinear(row.Category))
                    .Select(row => new ExchangeEvent.OrderChanged(Mapping.ToOrder(row, time))));
                break;
            case "execution":
                events.AddRange(Rows(frame, WireJson.Default.ListExecutionRow).Where(row => IsLinear(row.Category))
                    .Select(Mapping.ToExecution).Where(execution => _executions.Add(execution.Id.Value))
                    .Select(execution => new ExchangeEvent.Executed(execution)));
                break;
            case "position":
                events.AddRange(Rows(frame, WireJson.Default.ListPositionRow).Where(row => IsLinear(row.Category))
                    .Select(row => new ExchangeEvent.PositionChanged(Mapping.ToPosition(row, time))));
                break;
            case "wallet":
                events.AddRange(Rows(frame, WireJson.Default.ListAccountRow).Select(row => Mapping.ToWallet(row, time))
                    .OfType<WalletReport>().Select(report => new ExchangeEvent.WalletChanged(report)));
                break;
            default:
                throw new FormatException($"topic {topic} has no rule");
        }

        return events;
    }

    private static List<T> Rows<T>(StreamFrame frame, System.Text.Json.Serialization.Metadata.JsonTypeInfo<List<T>> type) =>
        frame.Data.Deserialize(type) ?? throw new FormatException("data is null");

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
        answer = await _requests.SendAsync(session, "subscribe", Topics, cancellationToken);
        if (!Requests.Succeeded(answer))
        {
            throw new IOException($"the private topics were refused: {Requests.TextOf(answer)}");
        }
    }

    private async Task RefusedAsync(StreamFrame answer, CancellationToken cancellationToken)
    {
        var kind = answer.RetCode is { } code ? BybitErrors.KindOf(code) : BybitErrorKind.Unknown;
        _authRefusals++;
        if (kind is BybitErrorKind.Credentials or BybitErrorKind.Forbidden || _authRefusals >= MostAuthRefusals)
        {
            throw new ExchangeException(
                $"the private stream refused our key ({(answer.RetCode?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no code")}, {kind}): check that key and secret belong to this environment, and this machine's clock");
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
