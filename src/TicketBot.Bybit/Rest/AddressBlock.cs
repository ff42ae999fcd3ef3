using System.Security.Cryptography;

namespace TicketBot.Bybit.Rest;

/// <summary>The rest of all traffic after the venue blocked our address for asking too often. Safe for use by several threads.</summary>
internal sealed class AddressBlock(BybitClock clock, AccountGate gate)
{
    /// <summary>How long traffic rests (https://bybit-exchange.github.io/docs/v5/rate-limit).</summary>
    public const long LengthMs = 600_000;

    private readonly Lock _lock = new();
    private readonly HashSet<(string Path, string Body)> _tried = [];
    private long _untilMs = long.MinValue;

    /// <summary>Begins a block, or begins it anew; returns whether there was none.</summary>
    public bool Begin()
    {
        if (Interlocked.Exchange(ref _untilMs, clock.LocalMs + LengthMs) != long.MinValue)
        {
            return false;
        }

        lock (_lock)
        {
            _tried.Clear();
        }

        gate.AddressBlocked($"the venue blocked this address for asking too often; traffic rests for {LengthMs / 60_000} minutes");
        return true;
    }

    /// <summary>Ends a block whose time is over.</summary>
    public void Look()
    {
        if (Volatile.Read(ref _untilMs) is var until && until != long.MinValue && clock.LocalMs >= until)
        {
            Volatile.Write(ref _untilMs, long.MinValue);
            gate.AddressBlocked(null);
        }
    }

    /// <summary>Says whether a request may go out. Each exit, cancel or stop may be tried once in a block: it protects money, and one request more
    /// does not lengthen a block that is counted over hundreds; repeating it would.</summary>
    public bool MayPass(string path, ReadOnlySpan<byte> body, bool isExit)
    {
        Look();
        if (Volatile.Read(ref _untilMs) == long.MinValue)
        {
            return true;
        }

        if (!isExit)
        {
            return false;
        }

        lock (_lock)
        {
            return _tried.Add((path, Convert.ToHexString(SHA256.HashData(body))));
        }
    }
}
