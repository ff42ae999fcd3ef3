using TicketBot.Domain;
using TicketBot.Research.Datasets;
using TicketBot.Research.Splits;

namespace TicketBot.Research.Gates;

/// <summary>Rules without fitted weights that every ticket is held against.</summary>
public static class Baselines
{
    /// <summary>Returns the rule "the next move reverses the last candle" on every row.</summary>
    public static Func<int, Side?> Reversal(Dataset dataset) => row => Opposite(LastReturn(dataset, row));

    /// <summary>Returns the rule "the next move continues the last candle" on every row.</summary>
    public static Func<int, Side?> Momentum(Dataset dataset) => row => Opposite(-LastReturn(dataset, row));

    /// <summary>Returns the rule "the more frequent training direction" on every row.</summary>
    public static Func<int, Side?> Majority(Dataset dataset, RowRange train)
    {
        var up = 0;
        for (var row = train.Start; row < train.End; row++)
        {
            up += dataset.Labels[row];
        }

        Side? side = 2 * up >= train.Count ? Side.Buy : Side.Sell;
        return _ => side;
    }

    /// <summary>Returns reversal with the same appetite as a ticket: it trades only after the largest moves, as large as make up
    /// <paramref name="tradeShare"/> of the training rows. This is the rule a ticket must beat; reversal on every row pays its costs on every row and would be a straw man.</summary>
    public static Func<int, Side?> SelectiveReversal(Dataset dataset, RowRange train, double tradeShare)
    {
        var moves = new double[train.Count];
        for (var i = 0; i < moves.Length; i++)
        {
            moves[i] = Math.Abs(LastReturn(dataset, train.Start + i));
        }

        Array.Sort(moves);
        var least = moves[Math.Clamp((int)((1 - tradeShare) * moves.Length), 0, moves.Length - 1)];
        return row => Math.Abs(LastReturn(dataset, row)) >= least ? Opposite(LastReturn(dataset, row)) : null;
    }

    private static double LastReturn(Dataset dataset, int row)
    {
        var candle = dataset.Candles[row];
        return Math.Log(dataset.Series.Close[candle] / dataset.Series.Close[candle - 1]);
    }

    private static Side? Opposite(double move) => move > 0 ? Side.Sell : move < 0 ? Side.Buy : null;
}
