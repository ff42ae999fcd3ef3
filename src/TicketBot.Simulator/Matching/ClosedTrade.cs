using TicketBot.Domain;

namespace TicketBot.Simulator.Matching;

/// <summary>What one order closed of a position.</summary>
/// <remarks>Source: https://bybit-exchange.github.io/docs/v5/position/close-pnl.</remarks>
public sealed record ClosedTrade
{
    /// <summary>The order after its last fill.</summary>
    public required VenueOrder Order { get; init; }

    /// <summary>Bybit's execType of its fills.</summary>
    public required string ExecutionType { get; init; }

    /// <summary>Base coin closed.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>Quote coin the closed part had cost.</summary>
    public required decimal EntryValue { get; init; }

    /// <summary>Quote coin the closed part brought.</summary>
    public required decimal ExitValue { get; init; }

    /// <summary>Share of the opening fees that belongs to the closed part.</summary>
    public required decimal OpenFee { get; init; }

    /// <summary>Fees of closing.</summary>
    public required decimal CloseFee { get; init; }

    /// <summary>Profit before fees.</summary>
    public required decimal Realised { get; init; }

    /// <summary>Fills.</summary>
    public required int FillCount { get; init; }

    /// <summary>Leverage then.</summary>
    public required decimal Leverage { get; init; }

    /// <summary>Market time of the first closing fill.</summary>
    public required Instant Created { get; init; }

    /// <summary>Market time of the last closing fill.</summary>
    public required Instant Updated { get; init; }

    /// <summary>Ascending number of the last closing fill within the account.</summary>
    public required long Sequence { get; init; }

    /// <summary>The venue's id of the order.</summary>
    public string OrderId => Order.Id;

    /// <summary>Profit after the fees of opening and closing, without funding.</summary>
    public decimal ClosedPnl => Realised - OpenFee - CloseFee;

    internal ClosedTrade With(ClosedTrade more) => more with
    {
        Quantity = Quantity + more.Quantity,
        EntryValue = EntryValue + more.EntryValue,
        ExitValue = ExitValue + more.ExitValue,
        OpenFee = OpenFee + more.OpenFee,
        CloseFee = CloseFee + more.CloseFee,
        Realised = Realised + more.Realised,
        FillCount = FillCount + more.FillCount,
        Created = Created,
    };
}
