using TicketBot.Domain;

namespace TicketBot.Research.Backtests;

/// <summary>What a group of closed positions earned. Figures that need a trade, a profit or a loss are <c>null</c> where there is none.</summary>
public sealed record TradeStatistics
{
    /// <summary>What the trades have in common: a regime, a ticket, a side or a contract.</summary>
    public string Name { get; init; } = "";

    /// <summary>Closed positions.</summary>
    public required int Trades { get; init; }

    /// <summary>Those that earned after all costs.</summary>
    public required int Wins { get; init; }

    /// <summary>Those that their stop closed.</summary>
    public required int Stopped { get; init; }

    /// <summary>Profit before fees and funding, settlement coin.</summary>
    public required Money Gross { get; init; }

    /// <summary>Fees paid.</summary>
    public required Money Fees { get; init; }

    /// <summary>Funding paid; below zero when it was received.</summary>
    public required Money Funding { get; init; }

    /// <summary>Sum of the net profits of the trades that earned.</summary>
    public required Money Earned { get; init; }

    /// <summary>Sum of the net losses of the trades that did not, as an amount of at least zero.</summary>
    public required Money Lost { get; init; }

    /// <summary>Mean net return per trade in basis points of the entry's notional: the expectancy.</summary>
    public required double? MeanNetBp { get; init; }

    /// <summary>Median of the same.</summary>
    public required double? MedianNetBp { get; init; }

    /// <summary>Mean return per trade before fees and funding, basis points.</summary>
    public required double? MeanGrossBp { get; init; }

    /// <summary>Mean net return of the trades that earned, basis points.</summary>
    public required double? MeanWinBp { get; init; }

    /// <summary>Mean net return of the trades that did not, basis points: at most zero.</summary>
    public required double? MeanLossBp { get; init; }

    /// <summary>Mean time in position, hours.</summary>
    public required double? MeanHours { get; init; }

    /// <summary>Median time in position, hours.</summary>
    public required double? MedianHours { get; init; }

    /// <summary>Profit after fees and funding.</summary>
    public Money Net => Gross - Fees - Funding;

    /// <summary>Mean cost per trade (fees and funding), basis points.</summary>
    public double? MeanCostBp => MeanGrossBp - MeanNetBp;

    /// <summary>Share of trades that earned, 0..1.</summary>
    public double? WinRate => Trades == 0 ? null : (double)Wins / Trades;

    /// <summary>What the winners earned over what the losers lost, in settlement coin.</summary>
    public double? ProfitFactor => Lost > Money.Zero ? (double)(Earned.Value / Lost.Value) : null;

    /// <summary>The share of winners at which wins and losses of these sizes would pay for each other, 0..1.</summary>
    public double? BreakEvenWinRate => MeanWinBp is { } win && MeanLossBp is { } loss && win - loss > 0 ? -loss / (win - loss) : null;

    /// <summary>Returns the statistics of some trades.</summary>
    public static TradeStatistics Of(string name, IReadOnlyList<BacktestTrade> trades)
    {
        var won = trades.Where(t => t.Net > Money.Zero).ToList();
        var lost = trades.Where(t => t.Net <= Money.Zero).ToList();
        return new TradeStatistics
        {
            Name = name,
            Trades = trades.Count,
            Wins = won.Count,
            Stopped = trades.Count(t => t.WasStopped),
            Gross = Sum(trades, t => t.Gross),
            Fees = Sum(trades, t => t.Fees),
            Funding = Sum(trades, t => t.Funding),
            Earned = Sum(won, t => t.Net),
            Lost = -Sum(lost, t => t.Net),
            MeanNetBp = Mean(trades, t => t.NetBp),
            MedianNetBp = Median(trades, t => t.NetBp),
            MeanGrossBp = Mean(trades, t => t.GrossBp),
            MeanWinBp = Mean(won, t => t.NetBp),
            MeanLossBp = Mean(lost, t => t.NetBp),
            MeanHours = Mean(trades, t => t.Hours),
            MedianHours = Median(trades, t => t.Hours),
        };
    }

    /// <summary>Returns the statistics of each group, those with the most trades first.</summary>
    public static IReadOnlyList<TradeStatistics> By(IReadOnlyList<BacktestTrade> trades, Func<BacktestTrade, string> group) =>
    [
        .. trades.GroupBy(group).Select(g => Of(g.Key, [.. g])).OrderByDescending(s => s.Trades).ThenBy(s => s.Name, StringComparer.Ordinal),
    ];

    private static Money Sum(IEnumerable<BacktestTrade> trades, Func<BacktestTrade, Money> value) => trades.Aggregate(Money.Zero, (sum, t) => sum + value(t));

    private static double? Mean(IReadOnlyList<BacktestTrade> trades, Func<BacktestTrade, double> value) => trades.Count == 0 ? null : trades.Average(value);

    private static double? Median(IReadOnlyList<BacktestTrade> trades, Func<BacktestTrade, double> value)
    {
        double[] sorted = [.. trades.Select(value).Order()];
        var middle = sorted.Length / 2;
        return sorted.Length == 0 ? null : sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
