using TicketBot.Simulator.Markets;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Wire;

/// <summary>Plays a market into a venue and its candles, step by step, anew or from a log. Use it only inside <see cref="VenueSession.Locked"/>.</summary>
internal sealed class MarketPlayer(MarketSource market, Venue venue, CandleBook candles) : IDisposable
{
    private readonly StepFeed _feed = new(market, 0);

    /// <summary>Length of a tick in milliseconds; 0 plays whole candles.</summary>
    public int TickMs { get; private set; }

    /// <summary>The step that comes next, null after the last.</summary>
    public MarketStep? Next => _feed.Next;

    /// <summary>Whether no step is left.</summary>
    public bool HasEnded => _feed.Next is null;

    /// <summary>Plays the next step and returns it.</summary>
    public MarketStep Play()
    {
        var step = _feed.Next!;
        _feed.Move();
        venue.Advance(step);
        candles.Add(step);
        return step;
    }

    /// <summary>Changes the length of the ticks from here on.</summary>
    public void Switch(int tickMs)
    {
        _feed.Switch(tickMs);
        venue.TickMs = tickMs;
        TickMs = tickMs;
    }

    /// <summary>Plays what a log holds: steps, requests, acts and changes of the ticks, in their order. Tells nothing to anybody.</summary>
    /// <exception cref="InvalidOperationException">The market ends before the log does.</exception>
    public void Rebuild(IReadOnlyList<VenueLog.Entry> past)
    {
        foreach (var entry in past)
        {
            if (entry.TickMs is { } tickMs)
            {
                Switch(tickMs);
                continue;
            }

            while (venue.Step < entry.Step)
            {
                if (HasEnded)
                {
                    throw new InvalidOperationException(
                        $"the venue log reaches step {entry.Step}, but the market ends at step {venue.Step}: the replay files have changed");
                }

                Play();
            }

            if (entry.Path is { } path)
            {
                var account = venue.AccountOf(entry.Key!)!;
                _ = path == ActText.Path ? venue.Act(account, ActText.Read(entry.Body)).Code : WriteRequests.Apply(venue, account, path, entry.Body).Code;
            }
        }

        foreach (var account in venue.Accounts)
        {
            account.TakeEvents(); // Told before the restart, or found by the reads that every client begins with.
        }
    }

    public void Dispose() => _feed.Dispose();
}
