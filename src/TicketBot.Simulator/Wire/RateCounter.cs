namespace TicketBot.Simulator.Wire;

/// <summary>Counts requests per account and endpoint over a rolling second (https://bybit-exchange.github.io/docs/v5/rate-limit). Safe for use by several threads.</summary>
internal sealed class RateCounter
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Key, string Path), Queue<long>> _times = [];

    /// <summary>Counts a request; returns what the answer's headers say.</summary>
    internal (int Limit, int Left, long ResetMs, bool IsOver) Count(string key, string path, long nowMs, bool isEnforced)
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

            if (times.Count >= limit)
            {
                if (isEnforced)
                {
                    return (limit, 0, times.Peek() + 1_000, true);
                }

                times.Dequeue(); // Not enforced: only the newest requests are kept, so that the queue stays small.
            }

            times.Enqueue(nowMs);
            return (limit, limit - times.Count, nowMs, false);
        }
    }

    private static int LimitOf(string path) => path switch
    {
        "/v5/account/fee-rate" => 5,
        "/v5/order/create" or "/v5/order/cancel" or "/v5/order/cancel-all" or "/v5/position/trading-stop"
            or "/v5/position/set-leverage" or "/v5/position/switch-mode" => 10,
        _ => 50,
    };
}
