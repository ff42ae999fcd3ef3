namespace TicketBot.Bybit.Rest;

/// <summary>Whether the venue takes this account's word at all. While it refuses the key, one request per pause goes out to see whether it
/// works again; the rest are answered here, so that a refused key never becomes a storm. Safe for use by several threads.</summary>
internal sealed class AccountGate
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private Action<string?>? _changed;
    private string? _key;
    private string? _address;
    private bool _writesOnly;
    private long _lastTry;

    public AccountGate(TimeProvider time, TimeSpan pause) => (_time, Pause) = (time, pause);

    /// <summary>Pause between two tries with a refused key.</summary>
    public TimeSpan Pause { get; }

    /// <summary>Why the account cannot be used now, or <c>null</c>.</summary>
    public string? Reason
    {
        get
        {
            lock (_lock)
            {
                return _key ?? _address;
            }
        }
    }

    /// <summary>Whether the key stands refused and its next try is due.</summary>
    public bool IsTryDue
    {
        get
        {
            lock (_lock)
            {
                return _key is not null && _time.GetElapsedTime(_lastTry) >= Pause;
            }
        }
    }

    /// <summary>Whether only orders are refused: the key may read but not trade.</summary>
    public bool RefusesWritesOnly
    {
        get
        {
            lock (_lock)
            {
                return _key is not null && _writesOnly;
            }
        }
    }

    /// <summary>Tells every change from now on (the reason, or <c>null</c> when all is well), and at once the reason there is.</summary>
    public void Follow(Action<string?> changed)
    {
        string? reason;
        lock (_lock)
        {
            (_changed, reason) = (changed, _key ?? _address);
        }

        if (reason is not null)
        {
            changed(reason);
        }
    }

    /// <summary>Whether a signed request may go out now; a refused key is tried once per pause.</summary>
    public bool TryPass(bool isWrite)
    {
        lock (_lock)
        {
            if (_key is null || (_writesOnly && !isWrite))
            {
                return true;
            }

            if (_time.GetElapsedTime(_lastTry) < Pause)
            {
                return false;
            }

            _lastTry = _time.GetTimestamp();
            return true;
        }
    }

    /// <summary>The venue refused the key.</summary>
    /// <param name="reason">Plain words, without the key.</param>
    /// <param name="writesOnly">Whether it lacks only the right to trade.</param>
    public void KeyRefused(string reason, bool writesOnly)
    {
        Action<string?>? changed;
        lock (_lock)
        {
            _lastTry = _time.GetTimestamp();
            (changed, _writesOnly) = (_key is null ? _changed : null, writesOnly && (_key is null || _writesOnly));
            _key ??= reason;
        }

        changed?.Invoke(reason);
    }

    /// <summary>The venue took a signed request.</summary>
    public void KeyWorked(bool isWrite)
    {
        Action<string?>? changed;
        string? left;
        lock (_lock)
        {
            if (_key is null || (_writesOnly && !isWrite))
            {
                return;
            }

            (_key, _writesOnly, changed, left) = (null, false, _changed, _address);
        }

        changed?.Invoke(left);
    }

    /// <summary>The venue blocked this address, or (<c>null</c>) the block is over.</summary>
    public void AddressBlocked(string? reason)
    {
        Action<string?>? changed;
        string? now;
        lock (_lock)
        {
            if ((_address is null) == (reason is null))
            {
                return;
            }

            _address = reason;
            (changed, now) = (_changed, _key ?? _address);
        }

        changed?.Invoke(now);
    }
}
