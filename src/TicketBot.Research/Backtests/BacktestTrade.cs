using TicketBot.Domain;
using TicketBot.Tickets;

namespace TicketBot.Research.Backtests;

/// <summary>A position from its first fill until it is flat.</summary>
/// <param name="Symbol">The contract.</param>
/// <param name="Ticket">The ticket that opened it, or <c>null</c> when none is known.</param>
/// <param name="Side">Long or short.</param>
/// <param name="Quantity">Base coin opened.</param>
/// <param name="OpenedAt">Market time of the first fill.</param>
/// <param name="EntryPrice">Average entry price.</param>
/// <param name="ClosedAt">Market time of the last fill.</param>
/// <param name="Gross">Profit before fees and funding.</param>
/// <param name="Fees">Fees paid.</param>
/// <param name="Funding">Funding paid.</param>
/// <param name="Fills">Fills.</param>
public sealed record BacktestTrade(
    Symbol Symbol, TicketId? Ticket, Side Side, Quantity Quantity, Instant OpenedAt, decimal EntryPrice, Instant ClosedAt, Money Gross, Money Fees,
    Money Funding, int Fills)
{
    /// <summary>The regime that the decision to open it was taken in; empty when none is known.</summary>
    public string Regime { get; init; } = "";

    /// <summary>Whether its stop closed it.</summary>
    public bool WasStopped { get; init; }

    /// <summary>Average price of the fills that closed it.</summary>
    public decimal ExitPrice { get; init; }

    /// <summary>Entry price times quantity, in settlement coin.</summary>
    public Money Notional => new(EntryPrice * Quantity.Value);

    /// <summary>Time from the first fill to the last, in hours.</summary>
    public double Hours => ClosedAt.Since(OpenedAt) / 3_600_000.0;

    /// <summary>Profit before fees and funding in basis points of the entry's notional.</summary>
    public double GrossBp => (double)(Gross.Value / (EntryPrice * Quantity.Value)) * 10_000;

    /// <summary>Profit after fees and funding.</summary>
    public Money Net => Gross - Fees - Funding;

    /// <summary>Net profit in basis points of the entry's notional.</summary>
    public double NetBp => (double)(Net.Value / (EntryPrice * Quantity.Value)) * 10_000;
}
