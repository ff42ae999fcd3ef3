using TicketBot.Domain;
using TicketBot.Market.Candles;

namespace TicketBot.Research.Labels;

/// <summary>The triple-barrier method: profit and stop at multiples of the volatility known at the decision, and a limit of time.</summary>
/// <remarks>Lopez de Prado 2018, sections 3.3 to 3.5. Barriers stand about the decision's close. Here the path is that of whole candles and not of
/// closes alone: highs and lows touch; an open beyond a barrier ends the path at that open; where one candle touches both, the stop came
/// first, since nobody can know. A label exists only where all candles up to the vertical barrier do, whichever barrier is touched: else the
/// last rows, and those before a gap, would be chosen by their outcome.</remarks>
public static class TripleBarrier
{
    /// <summary>Returns the label of the decision at the close of <paramref name="candle"/>, or <c>null</c> where a candle of the path is
    /// missing or the volatility is not known or zero.</summary>
    /// <param name="series">The candles.</param>
    /// <param name="candle">Index of the decision's candle.</param>
    /// <param name="side">Whose profit it is.</param>
    /// <param name="rule">Where the barriers stand.</param>
    /// <param name="volatility">Volatility per candle as a fraction, known at the decision (<see cref="EwmaVolatility"/>).</param>
    /// <exception cref="ArgumentException">The rule lies outside its ranges.</exception>
    public static BarrierLabel? Of(CandleSeries series, int candle, Side side, BarrierRule rule, double volatility)
    {
        rule.Check();
        if (!(volatility > 0) || candle + rule.Limit >= series.Count || !series.IsContiguous(candle + rule.Limit, rule.Limit + 1))
        {
            return null;
        }

        var sign = side.Sign();
        var start = series.Close[candle];
        var profit = start * (1 + (sign * rule.ProfitMultiple * volatility));
        var stop = start * (1 - (sign * rule.StopMultiple * volatility));
        for (var i = candle + 1; i <= candle + rule.Limit; i++)
        {
            var open = series.Open[i];
            var (worst, best) = sign > 0 ? (series.Low[i], series.High[i]) : (series.High[i], series.Low[i]);
            if (sign * (open - stop) <= 0)
            {
                return End(BarrierKind.Stop, open, i);
            }

            if (sign * (open - profit) >= 0)
            {
                return End(BarrierKind.Profit, open, i);
            }

            if (sign * (worst - stop) <= 0)
            {
                return End(BarrierKind.Stop, stop, i);
            }

            if (sign * (best - profit) >= 0)
            {
                return End(BarrierKind.Profit, profit, i);
            }
        }

        return End(BarrierKind.Time, series.Close[candle + rule.Limit], candle + rule.Limit);

        BarrierLabel End(BarrierKind touched, double price, int at) => new(touched, sign * ((price / start) - 1), new LabelSpan(candle, candle + 1, at));
    }
}
