using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using TicketBot.Bybit.Wire;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Rest;

/// <summary>Signed and unsigned V5 requests over HTTP. Reads are repeated for passing reasons; a write is sent once, and its answer says
/// whether the outcome is known. Safe for use by several threads.</summary>
internal sealed class RestClient : IDisposable
{
    /// <summary>How long all traffic stops after the venue blocked our address (https://bybit-exchange.github.io/docs/v5/rate-limit).</summary>
    public const long BlockMs = 600_000;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly Signer _signer;
    private readonly BybitClock _clock;
    private readonly BybitOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline<RestAnswer> _reads;
    private readonly ConcurrentDictionary<string, TokenBucket> _buckets = new();
    private readonly SemaphoreSlim _measuring = new(1);
    private long _blockedUntilMs = long.MinValue;

    public RestClient(
        BybitOptions options, Uri address, Signer signer, BybitClock clock, TimeProvider time, Chance chance, HttpMessageHandler handler, ILogger logger)
    {
        (_options, _address, _signer, _clock, _time, _logger) = (options, address, signer, clock, time, logger);
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        var builder = new ResiliencePipelineBuilder<RestAnswer> { TimeProvider = time };
        if (options.ReadRetries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<RestAnswer>
            {
                MaxRetryAttempts = options.ReadRetries,
                Delay = TimeSpan.FromMilliseconds(options.ReadRetryDelayMs),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Randomizer = chance.Next,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result is { } answer
                    && (BybitErrors.IsTransient(answer.Kind) || (answer.Kind == BybitErrorKind.Unknown && arguments.AttemptNumber == 0))),
                DelayGenerator = arguments => ValueTask.FromResult(UntilReset(arguments.Outcome.Result)),
            });
        }

        _reads = builder.Build();
    }

    /// <summary>Whether requests go out without a rate limit: so at a simulator whose market stands still until we are done.</summary>
    public bool IsUnlimited { get; set; }

    /// <summary>Reads and returns the result.</summary>
    /// <exception cref="ExchangeException">The venue refused, or failed for longer than the repetitions last.</exception>
    public async Task<(T Result, long? ServerTimeMs)> GetAsync<T>(
        string path, Query? query, bool signed, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var text = query?.ToString() ?? "";
        var answer = await _reads.ExecuteAsync(
            async token => await SendAsync(HttpMethod.Get, path, text, default, signed, urgent: false, token), cancellationToken);
        if (answer.Kind != BybitErrorKind.None)
        {
            throw new ExchangeException($"GET {path}?{text}: expected success, the venue said {answer.Said} ({answer.Kind}). {Remedy(answer.Kind)}");
        }

        try
        {
            return (answer.Result.Deserialize(type) ?? throw new JsonException("the result is null"), answer.ServerTimeMs);
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            throw new ExchangeException($"GET {path}?{text}: expected a {typeof(T).Name}, the answer could not be read: {e.Message}", e);
        }
    }

    /// <summary>Writes once (twice only when the clock was refused, since such a request is never executed) and returns the answer.</summary>
    /// <param name="path">Path of the endpoint.</param>
    /// <param name="body">JSON bytes: exactly these are signed and sent.</param>
    /// <param name="urgent">Whether it may use the rate that is kept for exits.</param>
    /// <param name="cancellationToken">Ends the waiting; after sending, the answer is then "ambiguous".</param>
    public Task<RestAnswer> PostAsync(string path, ReadOnlyMemory<byte> body, bool urgent, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, "", body, signed: true, urgent, cancellationToken);

    /// <summary>Writes something that may safely be repeated, with the repetitions of a read.</summary>
    public async Task<RestAnswer> PostRepeatableAsync(string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        await _reads.ExecuteAsync(async token => await PostAsync(path, body, urgent: true, token), cancellationToken);

    /// <summary>Measures the venue's clock.</summary>
    /// <exception cref="ExchangeException">The venue's time could not be read.</exception>
    public async Task MeasureClockAsync(CancellationToken cancellationToken)
    {
        var answer = await _reads.ExecuteAsync(async token => await MeasureOnceAsync(token), cancellationToken);
        if (answer.Kind != BybitErrorKind.None)
        {
            throw new ExchangeException($"GET /v5/market/time at {_address}: expected the venue's time, got {answer.Said}. Check the address and the network");
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _measuring.Dispose();
    }

    private static string Remedy(BybitErrorKind kind) => kind switch
    {
        BybitErrorKind.Credentials => "Check that key and secret belong to this environment and have the permission to trade",
        BybitErrorKind.Forbidden => "The account or region is not allowed to do this",
        BybitErrorKind.Clock => "Check this machine's clock",
        BybitErrorKind.AddressBlocked => "Traffic stops for ten minutes; lower the configured rates",
        _ => "",
    };

    private TimeSpan? UntilReset(RestAnswer? answer)
    {
        // Only a reset in the future is a time to wait for; otherwise the ordinary backoff applies.
        if (answer is not { Kind: BybitErrorKind.RateLimit, ResetMs: { } reset } || reset <= _clock.Now.UnixMilliseconds)
        {
            return null;
        }

        return TimeSpan.FromMilliseconds(Math.Min(reset - _clock.Now.UnixMilliseconds, 5_000));
    }

    private async Task<RestAnswer> SendAsync(
        HttpMethod method, string path, string query, ReadOnlyMemory<byte> body, bool signed, bool urgent, CancellationToken cancellationToken)
    {
        if (signed && !_clock.IsMeasured)
        {
            await MeasureOnceAsync(cancellationToken);
        }

        var answer = await SendOnceAsync(method, path, query, body, signed, urgent, cancellationToken);
        if (answer.Kind == BybitErrorKind.Clock && signed)
        {
            Log.ClockRefused(_logger, path, answer.Text);
            await MeasureOnceAsync(cancellationToken);
            answer = await SendOnceAsync(method, path, query, body, signed, urgent, cancellationToken);
        }

        return answer;
    }

    private async Task<RestAnswer> MeasureOnceAsync(CancellationToken cancellationToken)
    {
        await _measuring.WaitAsync(cancellationToken);
        try
        {
            var sent = _clock.LocalMs;
            var answer = await SendOnceAsync(HttpMethod.Get, "/v5/market/time", "", default, signed: false, urgent: true, cancellationToken);
            var received = _clock.LocalMs;
            if (answer.Kind != BybitErrorKind.None)
            {
                return answer;
            }

            var result = answer.Result.Deserialize(WireJson.Default.TimeResult);
            var server = result?.TimeNano / 1_000_000 ?? answer.ServerTimeMs ?? result?.TimeSecond * 1000;
            if (server is null)
            {
                return new RestAnswer(BybitErrorKind.Ambiguous, 0, "the answer holds no time");
            }

            _clock.Measure(sent, received, server.Value);
            Log.ClockMeasured(_logger, _clock.OffsetMs, received - sent);
            return answer;
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            return new RestAnswer(BybitErrorKind.Ambiguous, 0, $"the time could not be read: {e.Message}");
        }
        finally
        {
            _measuring.Release();
        }
    }

    private async Task<RestAnswer> SendOnceAsync(
        HttpMethod method, string path, string query, ReadOnlyMemory<byte> body, bool signed, bool urgent, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var isWrite = method == HttpMethod.Post;
        if (!urgent && _clock.LocalMs < Volatile.Read(ref _blockedUntilMs))
        {
            return new RestAnswer(BybitErrorKind.Forbidden, 403, "nothing was sent: the venue blocked this address a moment ago and traffic rests");
        }

        if (!IsUnlimited && BucketOf(path, isWrite) is { } bucket)
        {
            await bucket.TakeAsync(urgent, cancellationToken);
        }

        using var request = RequestOf(method, path, query, body, signed);
        using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(_options.RequestTimeoutMs), _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token);
            var bytes = await response.Content.ReadAsByteArrayAsync(either.Token);
            var answer = AnswerOf((int)response.StatusCode, bytes, response.Headers);
            if (answer.Kind is not (BybitErrorKind.None or BybitErrorKind.AlreadyDone))
            {
                Log.RestFailed(_logger, method.Method, path, answer.Code, answer.Text, answer.Kind, answer.Trace);
            }

            if (answer.Kind == BybitErrorKind.AddressBlocked)
            {
                Volatile.Write(ref _blockedUntilMs, _clock.LocalMs + BlockMs);
                Log.AddressBlocked(_logger, BlockMs / 60_000);
            }

            return answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Log.RestLost(_logger, method.Method, path, "timeout");
            return new RestAnswer(BybitErrorKind.Ambiguous, 0, $"no answer within {_options.RequestTimeoutMs} ms");
        }
        catch (OperationCanceledException) when (isWrite)
        {
            return new RestAnswer(BybitErrorKind.Ambiguous, 0, "the wait for the answer was cancelled after sending");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            Log.RestLost(_logger, method.Method, path, e.Message);
            return new RestAnswer(BybitErrorKind.Ambiguous, 0, e.Message);
        }
    }

    private HttpRequestMessage RequestOf(HttpMethod method, string path, string query, ReadOnlyMemory<byte> body, bool signed)
    {
        // The address must go out exactly as it was signed, so nothing may be canonicalised on the way.
        var text = query.Length == 0 ? $"{_address.AbsoluteUri.TrimEnd('/')}{path}" : $"{_address.AbsoluteUri.TrimEnd('/')}{path}?{query}";
        var request = new HttpRequestMessage(method, new Uri(text, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (method == HttpMethod.Post)
        {
            request.Content = new ReadOnlyMemoryContent(body);
            request.Content.Headers.ContentType = Json;
        }

        if (signed)
        {
            var timestamp = _clock.Now.UnixMilliseconds;
            var signature = _signer.Sign(timestamp, _options.RecvWindowMs, method == HttpMethod.Post ? body.Span : Encoding.UTF8.GetBytes(query));
            request.Headers.TryAddWithoutValidation("X-BAPI-API-KEY", _signer.ApiKey);
            request.Headers.TryAddWithoutValidation("X-BAPI-TIMESTAMP", timestamp.ToString(CultureInfo.InvariantCulture));
            request.Headers.TryAddWithoutValidation("X-BAPI-RECV-WINDOW", _options.RecvWindowMs.ToString(CultureInfo.InvariantCulture));
            request.Headers.TryAddWithoutValidation("X-BAPI-SIGN", signature);
        }

        return request;
    }

    private static RestAnswer AnswerOf(int status, byte[] bytes, HttpResponseHeaders headers)
    {
        var trace = First(headers, "Traceid") ?? "";
        RestEnvelope? envelope = null;
        try
        {
            envelope = JsonSerializer.Deserialize(bytes, WireJson.Default.RestEnvelope);
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            // A body that is no JSON belongs to a gateway, not to the venue: the status decides below.
        }

        if (envelope?.RetCode is not { } code || status >= 500)
        {
            return new RestAnswer(BybitErrors.KindOfStatus(status), status, $"HTTP status {status} without a readable answer", Trace: trace);
        }

        if (code == 0 && status >= 400)
        {
            return new RestAnswer(BybitErrors.KindOfStatus(status), status, $"HTTP status {status}", Trace: trace);
        }

        var kind = BybitErrors.KindOf(code);

        // The text of a refused signature repeats what was signed, the key included.
        var text = kind == BybitErrorKind.Credentials ? "key, signature or permission refused" : envelope.RetMsg ?? "";
        var reset = long.TryParse(First(headers, "X-Bapi-Limit-Reset-Timestamp"), CultureInfo.InvariantCulture, out var parsed) ? parsed : (long?)null;
        return new RestAnswer(kind, code, text, envelope.Result, envelope.Time, reset, trace);
    }

    private static string? First(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private TokenBucket? BucketOf(string path, bool isWrite)
    {
        if ((isWrite ? _options.WritesPerSecond : _options.ReadsPerSecond) is not { } rate)
        {
            return null;
        }

        return _buckets.GetOrAdd(
            path, static (_, made) => new TokenBucket(made.Rate, made.Reserve, made.Time),
            (Rate: (double)rate, Reserve: isWrite ? _options.WritesReservedForExits : 0d, Time: _time));
    }
}
