namespace TicketBot.Scenarios.Campaign;

/// <summary>Where a running trader may be cut off from the world.</summary>
internal enum CutPlace
{
    /// <summary>A batch of journal entries is about to be made durable.</summary>
    BeforeCommit,

    /// <summary>A batch of journal entries was made durable.</summary>
    AfterCommit,

    /// <summary>A request is about to leave.</summary>
    BeforeSend,

    /// <summary>A request was answered; the trader has not seen the answer.</summary>
    AfterAnswer,

    /// <summary>One entry is about to be appended to the journal; nothing of its batch is on disk.</summary>
    Append,

    /// <summary>Closed candles are about to be stored.</summary>
    BeforeStore,

    /// <summary>Tickets are being read or taken into force.</summary>
    Registry,
}

/// <summary>A place that a trader passes.</summary>
/// <param name="Place">Which kind of place.</param>
/// <param name="What">Of a commit the kinds of its entries in order, separated by commas; of a request its path and body; else a name.</param>
internal readonly record struct Cut(CutPlace Place, string What);

/// <summary>Cuts a trader off at one place of its life, as a kill would: from then on nothing it does is stored or leaves. The trader is not
/// told; it is thrown away. Safe for use by several threads.</summary>
internal sealed class Blade
{
    private readonly Lock _lock = new();
    private readonly Func<Cut, bool> _falls;
    private readonly TaskCompletionSource _down = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes a blade that falls at the <paramref name="nth"/> place (from 1) for which <paramref name="here"/> holds.</summary>
    internal Blade(Func<Cut, bool> here, int nth = 1)
    {
        var left = nth;
        _falls = cut => here(cut) && --left == 0;
    }

    /// <summary>A blade that never falls.</summary>
    internal static Blade None => new(_ => false);

    /// <summary>Whether it has fallen.</summary>
    internal bool Fell { get; private set; }

    /// <summary>Where it fell; empty before.</summary>
    internal string At { get; private set; } = "";

    /// <summary>Ends when it falls.</summary>
    internal Task Down => _down.Task;

    /// <summary>Tells that the trader passes a place; throws when it is or was cut off there.</summary>
    /// <exception cref="CutOffException">The blade has fallen.</exception>
    internal void Pass(CutPlace place, string what)
    {
        lock (_lock)
        {
            if (!Fell && _falls(new Cut(place, what)))
            {
                Fall_NeedsLock($"{place} {(what.Length > 120 ? what[..120] : what)}");
            }
        }

        Refuse();
    }

    /// <summary>Lets it fall now.</summary>
    internal void Fall(string at)
    {
        lock (_lock)
        {
            if (!Fell)
            {
                Fall_NeedsLock(at);
            }
        }
    }

    /// <summary>Throws when it has fallen.</summary>
    internal void Refuse()
    {
        if (Fell)
        {
            throw new CutOffException();
        }
    }

    private void Fall_NeedsLock(string at)
    {
        (Fell, At) = (true, at);
        _down.TrySetResult();
    }
}

/// <summary>What a trader that was cut off finds wherever it turns.</summary>
internal sealed class CutOffException() : IOException("cut off: this process is no more");
