using TicketBot.Domain;
using TicketBot.Research.Datasets;
using TicketBot.Trading;

namespace TicketBot.Research.Gates;

/// <summary>What a trade of a row brings after fees, slippage, the impact of its size and funding: the cost model of the gates, with the figures that backtest and paper use.</summary>
/// <remarks>Size is priced at entry and exit, each against the candles that had closed when it was decided, as <see cref="MarketImpact"/> says. The gates judge at one size for every ticket, that of
/// an account of <see cref="ResearchOptions.JudgedEquity"/> which takes its whole position cap: neither the replay's balance, large so that lots decide nothing, nor what somebody owns now.</remarks>
public sealed class TradeCosts
{
    private const long FundingMilliseconds = 480 * 60_000L; // Bybit's usual settlement interval: 00:00, 08:00 and 16:00 UTC.

    private readonly CostOptions _costs;
    private readonly double _roundTripBp;
    private readonly double _fundingBp;

    /// <summary>Makes the cost model of <paramref name="costs"/>.</summary>
    /// <param name="costs">Fees, slippage, impact and funding.</param>
    /// <param name="notional">Size of each order in quote coin, at least 0; 0 = so small that size costs nothing.</param>
    public TradeCosts(CostOptions costs, double notional)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(notional);
        _costs = costs;
        Notional = notional;
        _roundTripBp = (double)costs.RoundTripBp;
        _fundingBp = (double)costs.FundingBp;
    }

    /// <summary>Returns the cost model that tickets are judged at: the costs of <paramref name="trading"/> at the position cap of the judged equity.</summary>
    public static TradeCosts Of(TradingOptions trading, ResearchOptions research) => new(trading.Costs, (double)(research.JudgedEquity * trading.MaxPositionFraction));

    /// <summary>Size of each order in quote coin.</summary>
    public double Notional { get; }

    /// <summary>Fees and slippage of opening and closing in basis points, without the impact of their size.</summary>
    public double RoundTripBp => _roundTripBp;

    /// <summary>Returns what opening and closing cost on average over rows of a dataset, impact included, in basis points; without rows, impact left out.</summary>
    public double MeanRoundTripBp(Dataset dataset, IReadOnlyCollection<int> rows) =>
        _roundTripBp + (rows.Count == 0 ? 0 : rows.Average(row => ImpactBp(dataset, dataset.Candles[row], dataset.Candles[row] + dataset.Horizon)));

    /// <summary>Returns the gross return of a trade of <paramref name="row"/> in basis points.</summary>
    public static double GrossBp(Dataset dataset, int row, Side side) =>
        side == Side.Buy ? dataset.Outcomes[row].LongBp : dataset.Outcomes[row].ShortBp;

    /// <summary>Returns the net return of a trade of <paramref name="row"/> in basis points.</summary>
    public double NetBp(Dataset dataset, int row, Side side)
    {
        var candle = dataset.Candles[row];
        return NetBp(dataset, GrossBp(dataset, row, side), side, candle, candle + dataset.Horizon);
    }

    /// <summary>Returns what is left of a gross return, in basis points.</summary>
    /// <param name="dataset">The candles.</param>
    /// <param name="grossBp">Gross return in basis points.</param>
    /// <param name="side">Long or short.</param>
    /// <param name="entry">Candle at whose close the entry was decided: a settlement at that instant comes before the fill.</param>
    /// <param name="exit">Candle at whose close the exit was decided, as if no stop had been met: a settlement at that instant comes before the fill.</param>
    public double NetBp(Dataset dataset, double grossBp, Side side, int entry, int exit)
    {
        var interval = dataset.Series.Interval;
        var decided = interval.CloseOf(new Instant(dataset.Series.OpenTimes[entry]));
        var until = interval.CloseOf(new Instant(dataset.Series.OpenTimes[exit]));
        var funding = side.Sign() * _fundingBp * ((until.UnixMilliseconds / FundingMilliseconds) - (decided.UnixMilliseconds / FundingMilliseconds));
        return grossBp - _roundTripBp - ImpactBp(dataset, entry, exit) - funding;
    }

    private double ImpactBp(Dataset dataset, int entry, int exit) => OneWayBp(dataset, entry) + OneWayBp(dataset, exit);

    private double OneWayBp(Dataset dataset, int candle)
    {
        var count = Math.Min(MarketImpact.Window, candle + 1);
        var first = candle + 1 - count;
        var series = dataset.Series;
        return _costs.ImpactBp(
            MarketImpact.DepthOf(series.High.Slice(first, count), series.Low.Slice(first, count), series.Turnover.Slice(first, count)), Notional);
    }
}
