using TicketBot.Domain;
using TicketBot.Market.Candles;

namespace TicketBot.Research.Labels;

/// <summary>Whether a primary signal was worth taking (Lopez de Prado 2018, section 3.6): the side is somebody else's, the label is the bet.</summary>
/// <param name="Take">Whether it brought more than its cost.</param>
/// <param name="Side">The primary signal.</param>
/// <param name="Path">What became of it.</param>
public readonly record struct MetaLabel(bool Take, Side Side, BarrierLabel Path)
{
    /// <summary>Returns one entry per decision: the meta-label of its primary signal, or <c>null</c> where there is no signal or no path.</summary>
    /// <param name="series">The candles.</param>
    /// <param name="decisions">Candle of each decision.</param>
    /// <param name="primary">Returns the primary signal of a decision, by its position in <paramref name="decisions"/>, or <c>null</c>.</param>
    /// <param name="rule">Where the barriers stand.</param>
    /// <param name="volatility">Volatility per candle of the series, known at its close (<see cref="EwmaVolatility"/>).</param>
    /// <param name="costBp">What a trade costs there and back in basis points, at least 0.</param>
    /// <exception cref="ArgumentException">There is not one volatility per candle, or the cost or the rule lies outside its range.</exception>
    public static MetaLabel?[] Of(
        CandleSeries series, ReadOnlySpan<int> decisions, Func<int, Side?> primary, BarrierRule rule, ReadOnlySpan<double> volatility, double costBp)
    {
        if (volatility.Length != series.Count)
        {
            throw new ArgumentException($"expected one volatility per candle ({series.Count}), found {volatility.Length}", nameof(volatility));
        }

        if (!(costBp >= 0))
        {
            throw new ArgumentException(FormattableString.Invariant($"the cost must be at least 0 basis points, was {costBp}"), nameof(costBp));
        }

        var labels = new MetaLabel?[decisions.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            if (primary(i) is { } side && TripleBarrier.Of(series, decisions[i], side, rule, volatility[decisions[i]]) is { } path)
            {
                labels[i] = new MetaLabel(path.Return * Datasets.TradeOutcome.BpOfOne > costBp, side, path);
            }
        }

        return labels;
    }
}
