using TicketBot.Domain;

namespace TicketBot.Research.Backtests;

/// <summary>Diagnoses that look at the closed positions of a backtest. Pure functions; none of them admits or refuses anything.</summary>
public static class TradeDiagnoses
{
    /// <summary>Trades below which groups of them are not compared.</summary>
    public const int FewestTrades = 10;

    /// <summary>Whether the best two trades earned half of the net profit or more.</summary>
    public static Diagnosis FewTradesEarnAll(IReadOnlyList<BacktestTrade> trades)
    {
        const string Name = "fewTradesEarnAll";
        const double Threshold = 0.5;
        var net = trades.Sum(t => t.Net.Value);
        if (trades.Count < 3 || net <= 0)
        {
            return Diagnosis.Untold(Name, Threshold, $"There is no net profit of at least three trades to be shared out ({trades.Count} trades, net {net:0.##}).");
        }

        var best = trades.Select(t => t.Net.Value).OrderDescending().Take(2).Sum();
        var share = (double)(best / net);
        return Diagnosis.Of(
            Name, share, Threshold, share >= Threshold, $"The best two of {trades.Count} trades earned {best:0.##} of {net:0.##} net ({100 * share:0.#} %).",
            "Read the result without these two trades: what remains is what can be expected. Test a longer period before believing it.");
    }

    /// <summary>Whether a trade earns less before costs than it costs.</summary>
    public static Diagnosis EdgeBelowCost(TradeStatistics all)
    {
        const string Name = "edgeBelowCost";
        if (all.MeanGrossBp is not { } gross || all.MeanCostBp is not { } cost)
        {
            return Diagnosis.Untold(Name, 0, $"There is no trade.");
        }

        return Diagnosis.Of(
            Name, gross, cost, gross < cost, $"A trade earns {gross:0.0} bp before costs and costs {cost:0.0} bp (fees and funding; slippage is in the prices).",
            "Trade more rarely with a higher confidence threshold, hold longer, or pay less: limit orders at the maker fee. More trades of this kind lose more.");
    }

    /// <summary>Whether the tickets have more active weights than the test has trades.</summary>
    public static Diagnosis MoreWeightsThanTrades(int trades, int activeWeights)
    {
        const string Name = "moreWeightsThanTrades";
        if (activeWeights == 0 || trades == 0)
        {
            return Diagnosis.Untold(Name, 1, $"There are {activeWeights} active weights and {trades} trades.");
        }

        var each = (double)activeWeights / trades;
        return Diagnosis.Of(
            Name, each, 1, each > 1, $"The tickets in force have {activeWeights} active weights, the test has {trades} trades: {each:0.0} weights a trade.",
            "So few trades cannot bear out so many weights. Test a longer period, or let research look for a sparser ticket.");
    }

    /// <summary>Whether one regime earned nearly everything while others traded too.</summary>
    public static Diagnosis OneRegimeEarnsAll(IReadOnlyList<TradeStatistics> byRegime)
    {
        const string Name = "oneRegimeEarnsAll";
        const double Threshold = 0.9;
        var net = byRegime.Sum(r => r.Net.Value);
        if (byRegime.Count < 2 || net <= 0)
        {
            return Diagnosis.Untold(Name, Threshold, $"There is no net profit that several regimes could share ({byRegime.Count} traded, net {net:0.##}).");
        }

        var best = byRegime.MaxBy(r => r.Net.Value)!;
        var share = (double)(best.Net.Value / net);
        return Diagnosis.Of(
            Name, share, Threshold, share >= Threshold, $"{NameOf(best)} earned {best.Net.Value:0.##} of {net:0.##} net ({100 * share:0.#} %) with {best.Trades} of {byRegime.Sum(r => r.Trades)} trades.",
            "Retire the tickets of the other regimes: they cost without earning. Expect nothing while the market is in another regime.");
    }

    /// <summary>Whether long and short trades earn so differently that chance is no good reason.</summary>
    /// <remarks>Welch's t of the mean net returns (Biometrika 34, 1947); 2.58 is the 0.5 % point of the normal law.</remarks>
    public static Diagnosis SidesDiffer(IReadOnlyList<BacktestTrade> trades)
    {
        const string Name = "sidesDiffer";
        const double Threshold = 2.58;
        double[] longs = [.. trades.Where(t => t.Side == Side.Buy).Select(t => t.NetBp)];
        double[] shorts = [.. trades.Where(t => t.Side == Side.Sell).Select(t => t.NetBp)];
        if (longs.Length < FewestTrades || shorts.Length < FewestTrades)
        {
            return Diagnosis.Untold(Name, Threshold, $"{longs.Length} long and {shorts.Length} short trades are too few to compare ({FewestTrades} of each are needed).");
        }

        var (first, second) = (longs.Average(), shorts.Average());
        var error = Math.Sqrt((Variance(longs, first) / longs.Length) + (Variance(shorts, second) / shorts.Length));
        var t = error > 0 ? (first - second) / error : 0;
        return Diagnosis.Of(
            Name, Math.Abs(t), Threshold, Math.Abs(t) > Threshold, $"Long trades earn {first:0.0} bp net ({longs.Length}), short ones {second:0.0} bp ({shorts.Length}); t = {t:0.0}.",
            "The test may only have followed the market's drift. Compare with buy and hold, and forbid the losing side (Trading:AllowLong, Trading:AllowShort) only if a longer test says the same.");
    }

    /// <summary>Whether more than half of the trades ended at their stop.</summary>
    public static Diagnosis StopsDominate(TradeStatistics all)
    {
        const string Name = "stopsDominate";
        const double Threshold = 0.5;
        if (all.Trades < FewestTrades)
        {
            return Diagnosis.Untold(Name, Threshold, $"{all.Trades} trades are too few ({FewestTrades} are needed).");
        }

        var share = (double)all.Stopped / all.Trades;
        return Diagnosis.Of(
            Name, share, Threshold, share > Threshold, $"{all.Stopped} of {all.Trades} trades ({100 * share:0.#} %) were closed by their stop.",
            "The stop is nearer than the market's usual way within the horizon. Widen Trading:StopLossFraction and let research judge the tickets again with it.");
    }

    /// <summary>Whether fewer trades win than wins and losses of these sizes need.</summary>
    public static Diagnosis WinRateBelowBreakEven(TradeStatistics all)
    {
        const string Name = "winRateBelowBreakEven";
        if (all.WinRate is not { } rate || all.BreakEvenWinRate is not { } needed)
        {
            return Diagnosis.Untold(Name, 0.5, $"Without both winners and losers there is no break-even win rate ({all.Wins} of {all.Trades} trades won).");
        }

        return Diagnosis.Of(
            Name, rate, needed, rate < needed, $"{100 * rate:0.0} % of the trades won; with wins of {all.MeanWinBp:0.0} bp and losses of {all.MeanLossBp:0.0} bp on average {100 * needed:0.0} % are needed.",
            "Raise Trading:ConfidenceThreshold so that fewer and better signals trade, or cut costs; at this rate each further trade loses on average.");
    }

    private static string NameOf(TradeStatistics group) => group.Name.Length == 0 ? "An unknown regime" : group.Name;

    private static double Variance(double[] values, double mean) => values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1);
}
