using TicketBot.Domain;
using TicketBot.Research.Datasets;
using TicketBot.Trading;

namespace TicketBot.Research.Gates;

/// <summary>What a trade of a row brings after fees, slippage and funding: the cost model of the gates, with the figures that backtest and paper use.</summary>
public sealed class TradeCosts
{
    private const long FundingMilliseconds = 480 * 60_000L; // Bybit's usual settlement interval: 00:00, 08:00 and 16:00 UTC.

    private readonly double _roundTripBp;
    private readonly double _fundingBp;

    /// <summary>Makes the cost model of <paramref name="costs"/>.</summary>
    public TradeCosts(CostOptions costs)
    {
        _roundTripBp = (double)costs.RoundTripBp;
        _fundingBp = (double)costs.FundingBp;
    }

    /// <summary>Fees and slippage of opening and closing in basis points.</summary>
    public double RoundTripBp => _roundTripBp;

    /// <summary>Returns the gross return of a trade of <paramref name="row"/> in basis points.</summary>
    public static double GrossBp(Dataset dataset, int row, Side side) =>
        side == Side.Buy ? dataset.Outcomes[row].LongBp : dataset.Outcomes[row].ShortBp;

    /// <summary>Returns the net return of a trade of <paramref name="row"/> in basis points.</summary>
    public double NetBp(Dataset dataset, int row, Side side)
    {
        var decided = dataset.CloseOf(row);
        return NetBp(GrossBp(dataset, row, side), side, decided, dataset.Series.Interval.Shift(decided, dataset.Horizon));
    }

    /// <summary>Returns what is left of a gross return, in basis points.</summary>
    /// <param name="grossBp">Gross return in basis points.</param>
    /// <param name="side">Long or short.</param>
    /// <param name="from">When the entry was decided: a settlement at that instant comes before the fill.</param>
    /// <param name="until">When the exit was decided: a settlement at that instant comes before the fill.</param>
    public double NetBp(double grossBp, Side side, Instant from, Instant until) =>
        grossBp - _roundTripBp - (side.Sign() * _fundingBp * ((until.UnixMilliseconds / FundingMilliseconds) - (from.UnixMilliseconds / FundingMilliseconds)));
}
