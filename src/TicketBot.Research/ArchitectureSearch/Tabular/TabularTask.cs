using TicketBot.Learning;
using TicketBot.Market.Tables;
using TicketBot.Research.ArchitectureSearch.Spaces;
using TicketBot.Research.Experiments;

namespace TicketBot.Research.ArchitectureSearch.Tabular;

/// <summary>The rows and the small space of the tabular benchmark: windows of two noise features, whose class is the sign of a product across time and a sum, with some
/// labels turned over. A network must remember, multiply and add; no gene alone is best.</summary>
public static class TabularTask
{
    private const int Window = 6;
    private const int Features = 2;
    private const double Turned = 0.1;

    /// <summary>Rows to train, to validate and to test, one third each.</summary>
    public const int Rows = 2_400;

    /// <summary>The space: up to two layers of five kinds and two widths, with skips, read in three ways.</summary>
    public static ArchitectureSpace Space { get; } = new(new SpaceOptions
    {
        Inputs = Features, Outputs = 2, Window = Window, Places = 2, Widths = [8, 24], Activations = [Activation.Relu], Kernels = [3], Dropouts = [0.0],
        Kinds = [GeneKind.Identity, GeneKind.Dense, GeneKind.Conv1D, GeneKind.Lstm, GeneKind.Gru, GeneKind.Attention], Heads = 2, Readings = ["last", "mean", "flatten"],
    });

    /// <summary>Returns the rows.</summary>
    public static ExperimentRows Make()
    {
        var rng = new Rng(20_261_122);
        const int Width = Window * Features;
        var values = new float[Rows * Width];
        var labels = new int[Rows];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)rng.NextGaussian();
        }

        for (var row = 0; row < Rows; row++)
        {
            float At(int back, int feature) => values[(row * Width) + ((Window - 1 - back) * Features) + feature];
            var score = (At(0, 0) * At(2, 1)) + (0.7 * At(4, 0)) + (0.5 * At(1, 1));
            labels[row] = score > 0 ^ rng.NextDouble() < Turned ? 1 : 0;
        }

        string[] columns = [.. Enumerable.Range(0, Width).Select(i => FormattableString.Invariant($"f{i % Features}_t{i / Features}"))];
        TableBlock[] blocks = [.. Enumerable.Range(0, Rows).Select(row => (TableBlock)(row * 3 / Rows))];
        return ExperimentRows.Of(new LabelledTable(columns, values, labels, blocks, Window), raw: true);
    }
}
