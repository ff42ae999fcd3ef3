using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace TicketBot.Simulator.Wire;

/// <summary>Counts requests per account and endpoint over a rolling second (https://bybit-exchange.github.io/docs/v5/rate-limit). REST and the
/// trade stream share the budgets. Safe for use by several threads.</summary>
internal sealed class RateCounter
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Key, string Path), Queue<long>> _times = [];

    /// <summary>Counts a request of <paramref name="cost"/>; returns what the answer's headers say.</summary>
    internal RateState Count(string key, string path, int cost, long nowMs, bool isEnforced)
    {
        var limit = LimitOf(path);
        lock (_lock)
        {
            if (!_times.TryGetValue((key, path), out var times))
            {
                _times.Add((key, path), times = new Queue<long>());
            }

            while (times.Count > 0 && times.Peek() <= nowMs - 1_000)
            {
                times.Dequeue();
            }

            if (times.Count + cost > limit && isEnforced)
            {
                return new RateState(limit, Math.Max(0, limit - times.Count), times.Count == 0 ? nowMs + 1_000 : times.Peek() + 1_000, true);
            }

            for (var i = 0; i < Math.Min(cost, limit); i++)
            {
                if (times.Count >= limit)
                {
                    times.Dequeue(); // Not enforced: only the newest requests are kept, so that the queue stays small.
                }

                times.Enqueue(nowMs);
            }

            return new RateState(limit, limit - times.Count, nowMs, false);
        }
    }

    /// <summary>What an answer says that is charged to no account: everything is left.</summary>
    internal static RateState Untouched(string path) => new(LimitOf(path), LimitOf(path), 0, false);

    private static int LimitOf(string path) => path switch
    {
        _ when path.StartsWith("/v5/market/", StringComparison.Ordinal) => 120, // An address may send 600 in 5 seconds.
        "/v5/account/fee-rate" => 5,
        "/v5/order/create" or "/v5/order/amend" or "/v5/order/cancel" or "/v5/order/cancel-all" or "/v5/order/create-batch" or "/v5/order/amend-batch"
            or "/v5/order/cancel-batch" or "/v5/position/trading-stop" or "/v5/position/set-leverage" or "/v5/position/switch-mode" => 10,
        _ => 50,
    };
}

/// <summary>What the rate headers of an answer say.</summary>
/// <param name="Limit">Allowance in a second.</param>
/// <param name="Left">What is left of it.</param>
/// <param name="ResetMs">The time to wait for when over the limit, else the present.</param>
/// <param name="IsOver">Whether the request is refused.</param>
internal readonly record struct RateState(int Limit, int Left, long ResetMs, bool IsOver)
{
    /// <summary>Writes the headers.</summary>
    internal void WriteTo(IHeaderDictionary headers, long nowMs)
    {
        foreach (var (name, value) in Headers(nowMs))
        {
            headers[name] = value;
        }
    }

    /// <summary>Writes the headers as a JSON object's fields, as the trade stream has them.</summary>
    internal void WriteTo(Utf8JsonWriter w, long nowMs)
    {
        foreach (var (name, value) in Headers(nowMs))
        {
            w.WriteString(name, value);
        }
    }

    private (string Name, string Value)[] Headers(long nowMs)
    {
        var now = nowMs.ToString(CultureInfo.InvariantCulture);
        return
        [
            ("X-Bapi-Limit", Limit.ToString(CultureInfo.InvariantCulture)),
            ("X-Bapi-Limit-Status", Left.ToString(CultureInfo.InvariantCulture)),
            ("X-Bapi-Limit-Reset-Timestamp", Math.Max(ResetMs, nowMs).ToString(CultureInfo.InvariantCulture)),
            ("Traceid", Chance.Mix((ulong)nowMs ^ (ulong)Left).ToString("x16", CultureInfo.InvariantCulture)),
            ("Timenow", now),
        ];
    }
}

/// <summary>What a request costs of its budget: a batch counts by its orders.</summary>
internal static class WriteRequestCost
{
    internal static int Of(WireRequest request) => Of(request.Path, request.Json);

    internal static int Of(string path, JsonElement body) =>
        path.EndsWith("-batch", StringComparison.Ordinal) && body.ValueKind == JsonValueKind.Object
            && body.TryGetProperty("request", out var list) && list.ValueKind == JsonValueKind.Array
            ? Math.Max(1, list.GetArrayLength())
            : 1;
}
