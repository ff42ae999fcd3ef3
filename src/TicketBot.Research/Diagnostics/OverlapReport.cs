using TicketBot.Learning.Pruning;

namespace TicketBot.Research.Diagnostics;

/// <summary>Overlap of every mask of a list with every other. Matrices are <c>[mask][mask]</c>, in the order of the names.</summary>
/// <param name="Names">What each mask was drawn from.</param>
/// <param name="IntersectionOverUnion">Weights kept by both over weights kept by either, 0..1.</param>
/// <param name="Distance">Weights on which they differ over what random masks of the same counts differ by: 0 = equal, 1 = chance.</param>
/// <param name="Layers">The same per weight array.</param>
public sealed record OverlapReport(
    IReadOnlyList<string> Names, IReadOnlyList<IReadOnlyList<double>> IntersectionOverUnion, IReadOnlyList<IReadOnlyList<double>> Distance,
    IReadOnlyList<LayerOverlapReport> Layers)
{
    /// <summary>Compares masks.</summary>
    public static OverlapReport Of(IReadOnlyList<(string Name, MaskSet Mask)> masks)
    {
        var matrix = MaskOverlapMatrix.Of(masks);
        IReadOnlyList<IReadOnlyList<double>> Table(Func<MaskOverlap, double> value) =>
            [.. Enumerable.Range(0, masks.Count).Select(row => (double[])[.. Enumerable.Range(0, masks.Count).Select(column => value(matrix[row, column]))])];
        return new OverlapReport(
            matrix.Names, Table(overlap => overlap.IntersectionOverUnion), Table(overlap => overlap.Distance),
            [.. masks[0].Mask.Layers.Select((layer, i) => new LayerOverlapReport(
                layer.Name, Table(overlap => overlap.Layers[i].IntersectionOverUnion), Table(overlap => overlap.Layers[i].Distance)))]);
    }
}

/// <summary>The matrices of one weight array.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IntersectionOverUnion">As of the whole mask.</param>
/// <param name="Distance">As of the whole mask.</param>
public sealed record LayerOverlapReport(string Name, IReadOnlyList<IReadOnlyList<double>> IntersectionOverUnion, IReadOnlyList<IReadOnlyList<double>> Distance);
