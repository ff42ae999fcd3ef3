using TicketBot.Domain;
using TicketBot.Research.Datasets;

namespace TicketBot.Research.Gates;

/// <summary>What a rule does on a list of rows and what it brings: per row the net return (zero without a trade) and whether it traded.</summary>
public sealed class RowTrades
{
    private RowTrades(double[] netBp, double[] traded, double[] grossBp, int hits)
    {
        NetBp = netBp;
        Traded = traded;
        GrossBp = grossBp;
        Hits = hits;
        Count = (int)traded.Sum();
    }

    /// <summary>Net return per row in basis points, zero where the rule does not trade.</summary>
    public IReadOnlyList<double> NetBp { get; }

    /// <summary>1 where the rule trades, else 0.</summary>
    public IReadOnlyList<double> Traded { get; }

    /// <summary>Gross return per row in basis points, zero where the rule does not trade.</summary>
    public IReadOnlyList<double> GrossBp { get; }

    /// <summary>Trades.</summary>
    public int Count { get; }

    /// <summary>Trades whose gross return is above zero.</summary>
    public int Hits { get; }

    /// <summary>Share of trades whose gross return is above zero; zero without trades.</summary>
    public double Accuracy => Count == 0 ? 0 : (double)Hits / Count;

    /// <summary>Mean gross return per trade in basis points; zero without trades.</summary>
    public double GrossPerTradeBp => Count == 0 ? 0 : GrossBp.Sum() / Count;

    /// <summary>Mean net return per trade in basis points; zero without trades.</summary>
    public double NetPerTradeBp => Count == 0 ? 0 : NetBp.Sum() / Count;

    /// <summary>Returns the net returns of the trades alone, in the order of the rows, in basis points.</summary>
    public double[] Returns() => [.. NetBp.Where((_, row) => Traded[row] > 0)];

    /// <summary>Applies a rule that gives a side, or none, for a row of the dataset.</summary>
    public static RowTrades Of(Dataset dataset, IReadOnlyList<int> rows, TradeCosts costs, Func<int, Side?> rule)
    {
        var net = new double[rows.Count];
        var traded = new double[rows.Count];
        var gross = new double[rows.Count];
        var hits = 0;
        for (var i = 0; i < rows.Count; i++)
        {
            if (rule(rows[i]) is { } side)
            {
                net[i] = costs.NetBp(dataset, rows[i], side);
                gross[i] = TradeCosts.GrossBp(dataset, rows[i], side);
                traded[i] = 1;
                hits += gross[i] > 0 ? 1 : 0;
            }
        }

        return new RowTrades(net, traded, gross, hits);
    }

    /// <summary>Applies the confidence threshold to calibrated probabilities, one per row.</summary>
    public static RowTrades OfProbabilities(
        Dataset dataset, IReadOnlyList<int> rows, TradeCosts costs, IReadOnlyList<double> probabilityUp, double confidence)
    {
        var position = 0;
        return Of(dataset, rows, costs, _ => SideOf(probabilityUp[position++], confidence));
    }

    /// <summary>Returns the side whose probability reaches the threshold, or none.</summary>
    public static Side? SideOf(double probabilityUp, double confidence) =>
        probabilityUp >= confidence ? Side.Buy : 1 - probabilityUp >= confidence ? Side.Sell : null;
}
