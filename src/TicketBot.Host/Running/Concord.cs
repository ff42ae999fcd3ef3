using TicketBot.Domain;
using TicketBot.Simulator;
using TicketBot.Trading;

namespace TicketBot.Host.Running;

/// <summary>Compares simulator and trader all through a run, whenever both stand at the same market time: a stop in the middle of a step
/// cannot hide a disagreement that was there before it. Used by one thread at a time.</summary>
public sealed class Concord
{
    // Of a step with several messages a picture may show only the first; a true disagreement stays.
    private const int Persistent = 3;
    private int _apart;

    /// <summary>When both last stood at the same time and agreed, or <c>null</c>.</summary>
    public Instant? AgreedAt { get; private set; }

    /// <summary>The newest comparison at the same time; empty before the first.</summary>
    public IReadOnlyList<ReconciledFigure> Newest { get; private set; } = [];

    /// <summary>Whether they have disagreed several times on end, and still did when last compared.</summary>
    public bool IsBroken => _apart >= Persistent;

    /// <summary>Compares, if both stand at the same time.</summary>
    /// <param name="venue">The simulator's word, or <c>null</c> at a real venue.</param>
    /// <param name="trader">The trader's picture.</param>
    public void Look(SimulatorState? venue, TradingStatus trader)
    {
        if (venue is null || trader.State == TradingState.Starting || venue.MarketTimeMs != trader.MarketTime.UnixMilliseconds)
        {
            return;
        }

        Newest = Reconciliation.Of(venue, trader);
        if (Newest.All(f => f.Agrees))
        {
            (_apart, AgreedAt) = (0, trader.MarketTime);
        }
        else
        {
            _apart++;
        }
    }
}
