using TicketBot.Market.Regimes;

namespace TicketBot.Research.Datasets;

/// <summary>The regime of every row of a dataset as the live filter would say it. Immutable.</summary>
public sealed class RegimeColumns
{
    private readonly double[] _probabilities;
    private readonly int[] _states;

    private RegimeColumns(RegimeSet set, double[] probabilities, int[] states)
    {
        Set = set;
        _probabilities = probabilities;
        _states = states;
    }

    /// <summary>The set filtered.</summary>
    public RegimeSet Set { get; }

    /// <summary>State of each row after hysteresis; -1 where the filter's window is incomplete.</summary>
    public ReadOnlySpan<int> States => _states;

    /// <summary>Returns the filtered probability of a state at a row; zero where the window is incomplete.</summary>
    public double Probability(int row, int state) => _probabilities[(row * Set.Names.Count) + state];

    /// <summary>Filters <paramref name="set"/> over the rows of <paramref name="dataset"/>.</summary>
    public static RegimeColumns Of(Dataset dataset, RegimeSet set)
    {
        var states = set.Names.Count;
        var filter = new RegimeFilter(set);
        var probabilities = new double[dataset.Rows * states];
        var estimated = new int[dataset.Rows];
        for (var row = 0; row < dataset.Rows; row++)
        {
            var known = filter.TryEstimate(dataset.Series, dataset.Candles[row], probabilities.AsSpan(row * states, states), out var estimate);
            estimated[row] = known ? estimate.State : -1;
            if (!known)
            {
                probabilities.AsSpan(row * states, states).Clear();
            }
        }

        return new RegimeColumns(set, probabilities, estimated);
    }
}
