using TicketBot.Learning;

namespace TicketBot.Research.Backtests;

/// <summary>Points of a distribution.</summary>
/// <param name="P5">5 % lie below.</param>
/// <param name="P25">25 % lie below.</param>
/// <param name="P50">Median.</param>
/// <param name="P75">75 % lie below.</param>
/// <param name="P95">95 % lie below.</param>
public readonly record struct Percentiles(double P5, double P25, double P50, double P75, double P95)
{
    /// <summary>Returns the points of some values, at least one: the smallest value that so large a share does not exceed.</summary>
    public static Percentiles Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        double At(double level) => sorted[Math.Clamp((int)Math.Ceiling(level * sorted.Length) - 1, 0, sorted.Length - 1)];
        return new Percentiles(At(0.05), At(0.25), At(0.5), At(0.75), At(0.95));
    }
}

/// <summary>What the same trades would have done in another order, and what trades drawn from them would.</summary>
/// <param name="Draws">Orders, and draws, that were played.</param>
/// <param name="Found">Largest drawdown of the order that happened, by closed trades.</param>
/// <param name="OrderDrawdown">Largest drawdown over random orders of the same trades; their end is always the same.</param>
/// <param name="DrawnDrawdown">Largest drawdown over as many trades drawn with replacement.</param>
/// <param name="DrawnFinal">Final equity over the equity at the start of those, 1 = neither won nor lost.</param>
/// <param name="DrawnLoss">Share of those that end with a loss, 0..1.</param>
/// <param name="Deeper">Share of random orders whose drawdown is at least that of the order that happened, 0..1.</param>
public sealed record MonteCarloReport(
    int Draws, double Found, Percentiles OrderDrawdown, Percentiles DrawnDrawdown, Percentiles DrawnFinal, double DrawnLoss, double Deeper);

/// <summary>Plays trades again in random orders. A trade is the share of the equity that it won or lost; drawdowns are seen at closed trades only, so they
/// are smaller than those of the equity at every step.</summary>
public static class MonteCarlo
{
    /// <summary>Most trades played in all orders together: with more trades there are fewer orders, but never fewer than 200.</summary>
    private const int MostSteps = 20_000_000;

    /// <summary>Returns the distributions, or <c>null</c> for fewer than two trades.</summary>
    /// <param name="returns">Net profit of each trade over the equity when it was opened, in the order of their end.</param>
    /// <param name="draws">Orders to be played.</param>
    /// <param name="seed">Seed of the chance.</param>
    public static MonteCarloReport? Of(IReadOnlyList<double> returns, int draws, ulong seed)
    {
        if (returns.Count < 2)
        {
            return null;
        }

        draws = Math.Clamp(Math.Min(draws, MostSteps / returns.Count), 200, Math.Max(200, draws));
        var rng = new Rng(seed);
        double[] order = [.. returns];
        var found = Play(order).Drawdown;
        double[] drawdown = new double[draws], drawnDrawdown = new double[draws], final = new double[draws];
        var drawn = new double[order.Length];
        for (var draw = 0; draw < draws; draw++)
        {
            rng.Shuffle<double>(order);
            drawdown[draw] = Play(order).Drawdown;
            for (var i = 0; i < drawn.Length; i++)
            {
                drawn[i] = returns[rng.NextInt(drawn.Length)];
            }

            (final[draw], drawnDrawdown[draw]) = Play(drawn);
        }

        return new MonteCarloReport(
            draws, found, Percentiles.Of(drawdown), Percentiles.Of(drawnDrawdown), Percentiles.Of(final), final.Count(f => f < 1) / (double)draws,
            drawdown.Count(d => d >= found - 1e-12) / (double)draws);
    }

    /// <summary>Returns each trade's net profit as a share of the equity at the last step before it was opened.</summary>
    public static IReadOnlyList<double> ReturnsOf(BacktestResult result)
    {
        var returns = new double[result.Trades.Count];
        for (var i = 0; i < returns.Length; i++)
        {
            var trade = result.Trades[i];
            var (low, high) = (0, result.Equity.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = result.Equity[middle].Time < trade.OpenedAt ? (middle + 1, high) : (low, middle);
            }

            var before = low > 0 ? result.Equity[low - 1].Equity : result.InitialBalance;
            returns[i] = before > 0 ? (double)(trade.Net.Value / before) : 0;
        }

        return returns;
    }

    private static (double Final, double Drawdown) Play(double[] returns)
    {
        double equity = 1, peak = 1, drawdown = 0;
        foreach (var r in returns)
        {
            equity *= Math.Max(0, 1 + r);
            peak = Math.Max(peak, equity);
            drawdown = Math.Max(drawdown, 1 - (equity / peak));
        }

        return (equity, drawdown);
    }
}
