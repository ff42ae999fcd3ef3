using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Tests;

/// <summary>One request as the transport saw it.</summary>
public sealed record Seen(string Method, string Path, string Query, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public bool IsSigned => Headers.ContainsKey("X-BAPI-SIGN");

    public string? this[string name] =>
        Query.Split('&').Select(pair => pair.Split('=', 2)).Where(pair => pair[0] == name).Select(pair => Uri.UnescapeDataString(pair[1])).FirstOrDefault();
}

/// <summary>A transport that answers from a function and remembers what it was asked.</summary>
public sealed class StubHandler : HttpMessageHandler
{
    public const string Key = "key-1234";
    public const string Secret = "secret-5678";
    private readonly Func<Seen, (HttpStatusCode Status, string Body)> _answer;
    private readonly TimeProvider _time;

    public StubHandler(TimeProvider time, Func<Seen, (HttpStatusCode Status, string Body)> answer) => (_time, _answer) = (time, answer);

    public List<Seen> Requests { get; } = [];

    public IEnumerable<Seen> Beside(string path) => Requests.Where(seen => seen.Path != path);

    public static string Ok(string result) => $$"""{"retCode":0,"retMsg":"OK","result":{{result}},"retExtInfo":{},"time":1735689600000}""";

    public static string Refusal(int code, string text = "refused") =>
        $$"""{"retCode":{{code}},"retMsg":"{{text}}","result":{},"retExtInfo":{},"time":1735689600000}""";

    /// <summary>A testnet connector over this transport: reads are repeated without long pauses.</summary>
    public BybitExchange Connect(Action<BybitOptions>? change = null)
    {
        var options = new BybitOptions { Environment = ExchangeEnvironment.Testnet, ReadRetryDelayMs = 1 };
        change?.Invoke(options);
        return new BybitExchange(options, new BybitCredentials(Key, Secret), _time, NullLogger<BybitExchange>.Instance, seed: 1, this);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var seen = new Seen(
            request.Method.Method, request.RequestUri!.AbsolutePath, request.RequestUri.Query.TrimStart('?'), body,
            request.Headers.ToDictionary(header => header.Key, header => header.Value.First()));
        lock (Requests)
        {
            Requests.Add(seen);
        }

        // The clock is measured by each fresh connector; its answer is the same everywhere unless a test gives its own.
        var (status, text) = _answer(seen) is { Body.Length: > 0 } given ? given
            : seen.Path == "/v5/market/time" ? (HttpStatusCode.OK, Ok($$"""{"timeSecond":"1","timeNano":"{{_time.GetUtcNow().ToUnixTimeMilliseconds()}}000000"}"""))
            : (HttpStatusCode.NotFound, "no such page");
        return new HttpResponseMessage(status) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
    }
}
