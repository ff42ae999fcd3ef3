using TicketBot.Simulator;
using TicketBot.Trading;

namespace TicketBot.Host.Running;

/// <summary>One figure that simulator and journal must agree on, to the last digit.</summary>
/// <param name="What">The figure.</param>
/// <param name="Venue">The simulator's value.</param>
/// <param name="Journal">The journal's value.</param>
public sealed record ReconciledFigure(string What, string Venue, string Journal)
{
    /// <summary>Whether both are equal.</summary>
    public bool Agrees => Venue == Journal;
}

/// <summary>Compares the simulator's account with the account that the trader keeps from its journal.</summary>
public static class Reconciliation
{
    /// <summary>Returns every compared figure.</summary>
    public static IReadOnlyList<ReconciledFigure> Of(SimulatorState venue, TradingStatus journal) =>
    [
        Figure("fills", venue.FillCount, journal.Counts.Fills),
        Figure("funding payments", venue.FundingCount, journal.Counts.FundingPayments),
        Figure("realised", venue.Realised, journal.Realised.Value),
        Figure("fees", venue.Fees, journal.Fees.Value),
        Figure("funding", venue.Funding, journal.Funding.Value),
        Figure("wallet", venue.Wallet.Balance, journal.WalletBalance.Value),
        new("positions", Positions(venue), Positions(journal)),
    ];

    private static ReconciledFigure Figure(string what, decimal venue, decimal journal) => new(what, PlainText.Of(venue), PlainText.Of(journal));

    private static string Positions(SimulatorState venue) =>
        Join(venue.Positions.Select(p => (p.Symbol.Value, p.SignedQuantity)));

    private static string Positions(TradingStatus journal) => Join(journal.Positions.Select(p => (p.Symbol.Value, p.SignedQuantity)));

    private static string Join(IEnumerable<(string Symbol, decimal Quantity)> positions)
    {
        var text = string.Join(", ", positions.Where(p => p.Quantity != 0).OrderBy(p => p.Symbol, StringComparer.Ordinal).Select(p => $"{p.Symbol} {PlainText.Of(p.Quantity)}"));
        return text.Length == 0 ? "flat" : text;
    }
}
