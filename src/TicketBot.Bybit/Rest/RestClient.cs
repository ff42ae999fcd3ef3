using System.Collections.Concurrent;
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
    private const int MostPages = 10_000;
    private const long LongestResetWaitMs = 5_000;
    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly Signer _signer;
    private readonly BybitClock _clock;
    private readonly BybitOptions _options;
    private readonly TimeProvider _time;
    private readonly Counters _counters;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline<RestAnswer> _reads;
    private readonly ConcurrentDictionary<string, TokenBucket> _buckets = new();
    private readonly SemaphoreSlim _measuring = new(1);
    private readonly AddressBlock _block;

    public RestClient(
        BybitOptions options, Uri address, Signer signer, BybitClock clock, TimeProvider time, Chance chance, HttpMessageHandler handler, Counters counters,
        ILogger logger)
    {
        (_options, _address, _signer, _clock, _time, _counters, _logger) = (options, address, signer, clock, time, counters, logger);
        Gate = new AccountGate(time, TimeSpan.FromMilliseconds(options.RefusedKeyPauseMs));
        _block = new AddressBlock(clock, Gate);
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
                DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Result is { Kind: BybitErrorKind.RateLimit } limited ? UntilReset(limited) : null),
            });
        }

        _reads = builder.Build();
    }

    /// <summary>Whether requests go out without a rate limit: so at a simulator whose market stands still until we are done.</summary>
    public bool IsUnlimited { get; set; }

    /// <summary>Whether the venue takes this account's word.</summary>
    public AccountGate Gate { get; }

    /// <summary>Reads and returns the result.</summary>
    /// <exception cref="ExchangeException">The venue refused, or failed for longer than the repetitions last.</exception>
    public async Task<(T Result, long? ServerTimeMs)> GetAsync<T>(
        string path, Query? query, bool signed, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var text = query?.ToString() ?? "";
        var answer = await ReadAsync(path, text, signed, cancellationToken);
        if (answer.Kind != BybitErrorKind.None)
        {
            throw new ExchangeException($"GET {path}?{text}: expected success, the venue said {answer.Said} ({answer.Kind}); {BybitErrors.AdviceOf(answer.Kind)}");
        }

        return (ResultOf(answer, type, path, text), answer.ServerTimeMs);
    }

    /// <summary>Reads every page of a list.</summary>
    /// <exception cref="ExchangeException">The venue refused, failed, or its pages do not end.</exception>
    public async Task<List<T>> PagesAsync<T>(
        string path, Func<string?, Query> query, bool signed, JsonTypeInfo<Page<T>> type, CancellationToken cancellationToken)
        where T : class
    {
        var rows = new List<T>();
        string? cursor = null;
        for (var i = 0; i < MostPages; i++)
        {
            var (page, _) = await GetAsync(path, query(cursor), signed, type, cancellationToken);
            rows.AddRange(page.List ?? throw new ExchangeException($"GET {path}: expected a list, found none"));
            if (string.IsNullOrEmpty(page.NextPageCursor) || page.NextPageCursor == cursor || page.List.Count == 0)
            {
                return rows;
            }

            cursor = page.NextPageCursor;
        }

        throw new ExchangeException($"GET {path}: expected an end of the pages, found none after {MostPages}");
    }

    /// <summary>Reads and returns the answer whatever it is, with the repetitions of a read.</summary>
    public async Task<RestAnswer> ReadAsync(string path, string query, bool signed, CancellationToken cancellationToken) =>
        await _reads.ExecuteAsync(async token => await SendAsync(HttpMethod.Get, path, query, default, signed, urgent: false, token), cancellationToken);

    /// <summary>Returns the result of a success.</summary>
    /// <exception cref="ExchangeException">It is not what was promised.</exception>
    public static T ResultOf<T>(RestAnswer answer, JsonTypeInfo<T> type, string path, string query)
        where T : class
    {
        try
        {
            return answer.Result.Deserialize(type) ?? throw new JsonException("the result is null");
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            throw new ExchangeException($"GET {path}?{query}: expected a {typeof(T).Name}, the answer could not be read: {e.Message}", e);
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

    /// <summary>Ends a block of our address whose time is over.</summary>
    public void LookAtBlock() => _block.Look();

    public void Dispose()
    {
        _http.Dispose();
        _measuring.Dispose();
    }

    // Only a reset in the future is a time to wait for; otherwise the ordinary backoff applies.
    private TimeSpan? UntilReset(RestAnswer answer) =>
        answer.Limit.ResetMs is { } reset && reset > _clock.Now.UnixMilliseconds
            ? TimeSpan.FromMilliseconds(Math.Min(reset - _clock.Now.UnixMilliseconds, LongestResetWaitMs))
            : null;

    private async Task<RestAnswer> SendAsync(
        HttpMethod method, string path, string query, ReadOnlyMemory<byte> body, bool signed, bool urgent, CancellationToken cancellationToken)
    {
        var asked = _time.GetTimestamp();
        if (signed && await PrepareClockAsync(cancellationToken) is { } unknown && method == HttpMethod.Post && !urgent)
        {
            // An entry must not be signed with a time that may be wrong: it could lie in the window and yet arrive late. Exits may try.
            return new RestAnswer(BybitErrorKind.Clock, 0, $"nothing was sent: the venue's clock could not be measured ({unknown})");
        }

        var answer = await SendOnceAsync(method, path, query, body, signed, urgent, cancellationToken, asked);
        if (answer.Kind == BybitErrorKind.Clock && signed)
        {
            Log.ClockRefused(_logger, path, answer.Text);
            await MeasureOnceAsync(cancellationToken);
            answer = await SendOnceAsync(method, path, query, body, signed, urgent, cancellationToken, asked);
        }

        return answer;
    }

    // Returns why the offset is unknown, or null when it is known.
    private async ValueTask<string?> PrepareClockAsync(CancellationToken cancellationToken)
    {
        LookAtClock();
        if (_clock.IsSound)
        {
            return null;
        }

        var answer = await MeasureOnceAsync(cancellationToken);
        return answer.Kind == BybitErrorKind.None ? null : answer.Said;
    }

    /// <summary>Looks for a jump of the wall clock.</summary>
    public void LookAtClock()
    {
        if (_clock.Look() is var jump && jump != 0)
        {
            Log.ClockJumped(_logger, jump);
        }
    }

    private async Task<RestAnswer> MeasureOnceAsync(CancellationToken cancellationToken)
    {
        var asked = _time.GetTimestamp();
        await _measuring.WaitAsync(cancellationToken);
        try
        {
            if (_clock.IsSoundSince(asked))
            {
                return new RestAnswer(BybitErrorKind.None, 0, ""); // Somebody else who needed it measured it meanwhile.
            }

            RestAnswer? last = null;
            (long Sent, long Received, long Server)? best = null;
            for (var i = 0; i < BybitClock.Samples; i++)
            {
                var sent = _clock.LocalMs;
                last = await SendOnceAsync(HttpMethod.Get, "/v5/market/time", "", default, signed: false, urgent: false, cancellationToken);
                var received = _clock.LocalMs;
                if (last.Kind != BybitErrorKind.None)
                {
                    break;
                }

                var result = last.Result.Deserialize(WireJson.Default.TimeResult);
                var server = result?.TimeNano / 1_000_000 ?? last.ServerTimeMs ?? result?.TimeSecond * 1000;
                if (server is null)
                {
                    last = new RestAnswer(BybitErrorKind.Ambiguous, 0, "the answer holds no time");
                    break;
                }

                // The shorter the way, the less the midpoint can be off.
                if (best is not { } known || received - sent < known.Received - known.Sent)
                {
                    best = (sent, received, server.Value);
                }
            }

            if (best is not var (bestSent, bestReceived, bestServer))
            {
                return last!;
            }

            _clock.Measure(bestSent, bestReceived, bestServer);
            Log.ClockMeasured(_logger, _clock.OffsetMs, bestReceived - bestSent);
            return new RestAnswer(BybitErrorKind.None, 0, "");
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
        HttpMethod method, string path, string query, ReadOnlyMemory<byte> body, bool signed, bool urgent, CancellationToken cancellationToken, long? asked = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var isWrite = method == HttpMethod.Post;
        if (Refusal(path, body, signed, urgent, isWrite) is { } refusal)
        {
            return refusal;
        }

        var bucket = IsUnlimited ? null : BucketOf(path, isWrite);
        if (bucket is not null)
        {
            await bucket.TakeAsync(urgent, cancellationToken);
        }

        // Signed now it would be valid again, but what it was decided on has passed.
        if (isWrite && !urgent && asked is { } since && _time.GetElapsedTime(since) is var waited && waited.TotalMilliseconds > _options.RecvWindowMs)
        {
            return new RestAnswer(BybitErrorKind.Forbidden, 0, $"nothing was sent: it waited {waited.TotalSeconds:F1} s for the rate limit or the clock, longer than Bybit:RecvWindowMs");
        }

        var sentAt = _time.GetTimestamp();
        using var request = HttpWords.RequestOf(
            _address, method, path, query, body, signed ? (_signer, _clock.Now.UnixMilliseconds, _options.RecvWindowMs) : null);
        using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(_options.RequestTimeoutMs), _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token);
            var bytes = await response.Content.ReadAsByteArrayAsync(either.Token);
            var answer = HttpWords.AnswerOf((int)response.StatusCode, bytes, response.Headers);
            bucket?.Learn(answer.Limit.Allowance, answer.Limit.Left, answer.Kind == BybitErrorKind.RateLimit ? UntilReset(answer) : null);
            Take(answer, method, path, signed, isWrite);
            return answer with { SentAt = sentAt };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _counters.Add(Counter.AnswersLost);
            Log.RestLost(_logger, method.Method, path, "timeout");
            return new RestAnswer(BybitErrorKind.Ambiguous, 0, $"no answer within {_options.RequestTimeoutMs} ms") { SentAt = sentAt };
        }
        catch (OperationCanceledException) when (isWrite)
        {
            return new RestAnswer(BybitErrorKind.Ambiguous, 0, "the wait for the answer was cancelled after sending") { SentAt = sentAt };
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            _counters.Add(Counter.AnswersLost);
            Log.RestLost(_logger, method.Method, path, e.Message);
            return new RestAnswer(BybitErrorKind.Ambiguous, 0, e.Message) { SentAt = sentAt };
        }
    }

    // What is not sent at all.
    private RestAnswer? Refusal(string path, ReadOnlyMemory<byte> body, bool signed, bool urgent, bool isWrite)
    {
        if (!_block.MayPass(path, body.Span, isExit: urgent && isWrite))
        {
            return new RestAnswer(BybitErrorKind.Forbidden, 403, "nothing was sent: the venue blocked this address a moment ago and traffic rests");
        }

        return signed && !IsOptional(path) && !Gate.TryPass(isWrite)
            ? new RestAnswer(BybitErrorKind.Credentials, 0, $"nothing was sent: {Gate.Reason}; it is tried again every {Gate.Pause.TotalSeconds:F0} s")
            : null;
    }

    private void Take(RestAnswer answer, HttpMethod method, string path, bool signed, bool isWrite)
    {
        if (answer.Kind is not (BybitErrorKind.None or BybitErrorKind.AlreadyDone))
        {
            Log.RestFailed(_logger, method.Method, path, answer.Code, answer.Text, answer.Kind, answer.Trace);
        }

        if (answer.Kind == BybitErrorKind.RateLimit)
        {
            _counters.Add(Counter.RateLimited);
        }
        else if (answer.Kind == BybitErrorKind.AddressBlocked)
        {
            if (_block.Begin())
            {
                Log.AddressBlocked(_logger, AddressBlock.LengthMs / 60_000);
            }
        }
        else if (signed && !IsOptional(path) && BybitErrors.EndsTheKey(answer.Code, answer.Kind, isWrite))
        {
            Gate.KeyRefused(
                $"the venue refused our key ({answer.Code} {answer.Kind}); {BybitErrors.AdviceOf(answer.Kind)}", writesOnly: isWrite && BybitErrors.IsPermission(answer.Code));
        }
        else if (signed && BybitErrors.ShowsTheKeyWorks(answer.Kind))
        {
            Gate.KeyWorked(isWrite);
        }
    }

    // Information that an account can do without; a key may lack the right to it.
    private static bool IsOptional(string path) => path is "/v5/user/query-api" or "/v5/account/fee-rate" or "/v5/account/info";

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
