using TicketBot.Domain;
using TicketBot.Market.Regimes;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Risk;

namespace TicketBot.Trading.Orders;

/// <content>Which symbols' entries are halted, and what an event says about that.</content>
public sealed partial class AccountState
{
    private readonly Dictionary<Symbol, SortedDictionary<HaltCode, SymbolHalt>> _halts = [];
    private readonly Dictionary<SeriesKey, (RegimeSetId Regimes, double Factor, string Reason)> _sizeLimits = [];

    /// <summary>Halts of single symbols, by symbol and code.</summary>
    public IEnumerable<SymbolHalt> SymbolHalts =>
        _halts.OrderBy(p => p.Key.Value, StringComparer.Ordinal).SelectMany(p => p.Value.Values);

    /// <summary>Whether any symbol is halted.</summary>
    public bool HasSymbolHalts
    {
        get
        {
            foreach (var halts in _halts.Values)
            {
                if (halts.Count > 0)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Returns the halts of a symbol, by code.</summary>
    public IReadOnlyCollection<SymbolHalt> HaltsOf(Symbol symbol) => _halts.TryGetValue(symbol, out var halts) ? halts.Values : [];

    /// <summary>Returns whether entries of a symbol are halted for <paramref name="code"/>.</summary>
    public bool IsHalted(Symbol symbol, HaltCode code) => _halts.TryGetValue(symbol, out var halts) && halts.ContainsKey(code);

    /// <summary>Returns an order of ours that is open or ended not long ago, or <c>null</c>.</summary>
    public TrackedOrder? FindOrder(ClientOrderId id) => Find(id);

    /// <summary>Returns the largest share of the size that entries of a series under a regime set may have, 0..1, and why; 1 where nothing limits it.</summary>
    public (double Factor, string Reason) SizeLimitOf(SeriesKey series, RegimeSetId? regimes) =>
        _sizeLimits.TryGetValue(series, out var limit) && limit.Regimes == regimes ? (limit.Factor, limit.Reason) : (1, "");

    private SortedDictionary<HaltCode, SymbolHalt> HaltsToChange(Symbol symbol)
    {
        if (!_halts.TryGetValue(symbol, out var halts))
        {
            _halts[symbol] = halts = [];
        }

        return halts;
    }
}
