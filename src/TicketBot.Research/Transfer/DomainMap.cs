using TicketBot.Domain;
using TicketBot.Market.Tables;
using TicketBot.Research.Stages;

namespace TicketBot.Research.Transfer;

/// <summary>How far apart markets lie, each as a source for each other one: rows of candles in one feature space, standardised by the source.</summary>
/// <param name="Interval">Length of a candle.</param>
/// <param name="Symbols">The markets in the order of their names.</param>
/// <param name="Pairs">Every ordered pair that could be measured.</param>
/// <param name="LeftOut">Markets that could not be, with the reason.</param>
public sealed record DomainMap(string Interval, IReadOnlyList<string> Symbols, IReadOnlyList<DomainPair> Pairs, IReadOnlyList<string> LeftOut)
{
    private const ulong Seed = 1;

    /// <summary>Measures every ordered pair.</summary>
    /// <param name="interval">Length of a candle.</param>
    /// <param name="markets">Tables of <see cref="CandleTable"/>.</param>
    /// <param name="leftOut">Markets without a table, with the reason.</param>
    /// <param name="progress">Told of each pair: done, of, and its name; or <c>null</c>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static DomainMap Of(
        Interval interval, IReadOnlyList<(Symbol Symbol, LabelledTable Table)> markets, IReadOnlyList<string> leftOut, Action<int, int, string>? progress, CancellationToken cancellationToken)
    {
        var sorted = markets.OrderBy(market => market.Symbol.Value, StringComparer.Ordinal).ToList();
        var pairs = new List<DomainPair>();
        foreach (var source in sorted)
        {
            foreach (var target in sorted.Where(target => target.Symbol != source.Symbol))
            {
                cancellationToken.ThrowIfCancellationRequested();
                pairs.Add(DomainPair.Of(source, target, Seed));
                progress?.Invoke(pairs.Count, sorted.Count * (sorted.Count - 1), $"{source.Symbol} to {target.Symbol}: similarity {pairs[^1].Similarity:0.000}");
            }
        }

        return new DomainMap(interval.Name, [.. sorted.Select(market => market.Symbol.Value)], pairs, leftOut);
    }

    /// <summary>Returns the sources of a target, the most alike first, of equal ones the nearer.</summary>
    /// <param name="target">The market to be served.</param>
    /// <param name="sources">Markets that may serve it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static IReadOnlyList<DomainPair> SourcesOf(
        (Symbol Symbol, LabelledTable Table) target, IReadOnlyList<(Symbol Symbol, LabelledTable Table)> sources, CancellationToken cancellationToken)
    {
        var pairs = new List<DomainPair>();
        foreach (var source in sources.Where(source => source.Symbol != target.Symbol))
        {
            cancellationToken.ThrowIfCancellationRequested();
            pairs.Add(DomainPair.Of(source, target, Seed));
        }

        return [.. pairs.OrderByDescending(pair => pair.Similarity).ThenBy(pair => pair.Mmd).ThenBy(pair => pair.Source, StringComparer.Ordinal)];
    }
}

/// <summary>How far a market lies from another.</summary>
/// <param name="Source">The market whose rows set the scale.</param>
/// <param name="Target">The other.</param>
/// <param name="Similarity">Calibrated similarity, 1 (told apart by nothing but chance) towards 0.</param>
/// <param name="Mmd">Unbiased squared kernel distance.</param>
/// <param name="MmdPValue">Its p-value by block permutations.</param>
/// <param name="ADistance">Proxy A-distance, 0 to 2.</param>
/// <param name="ADistanceLow">Lower end of its 95 % interval.</param>
/// <param name="ADistanceHigh">Upper end.</param>
/// <param name="Coral">Covariance distance.</param>
public sealed record DomainPair(
    string Source, string Target, double Similarity, double Mmd, double MmdPValue, double ADistance, double ADistanceLow, double ADistanceHigh, double Coral)
{
    internal static DomainPair Of((Symbol Symbol, LabelledTable Table) source, (Symbol Symbol, LabelledTable Table) target, ulong seed)
    {
        var rows = TransferRows.Of([source.Table], target.Table, 0, false);
        var d = DomainDistances.Of(rows.SourceTrain, rows.TargetTrain, rows.Window, StageHash.Seed("domain map", seed));
        return new DomainPair(source.Symbol.Value, target.Symbol.Value, d.Similarity, d.Mmd, d.MmdPValue, d.ADistance, d.ADistanceLow, d.ADistanceHigh, d.Coral);
    }
}
