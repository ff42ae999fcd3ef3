using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;

namespace TicketBot.Learning.Training;

/// <summary>What a network makes of rows before its output layer, as evaluated: without dropout, with running statistics.</summary>
public static class HiddenFeatures
{
    private const int PieceTiles = 4;

    /// <summary>Returns the number of features that a gene hands on; steps and channels alike are features.</summary>
    public static int WidthOf(Network network, int gene) => FlowOf(network, gene).Shape.Rows;

    /// <summary>Returns the outputs of a gene for all rows of a set, <c>[rows, features]</c> row-major.</summary>
    /// <param name="network">The network.</param>
    /// <param name="set">Rows for it.</param>
    /// <param name="gene">The gene, counted from 1; the last gene's outputs are what the output layer reads.</param>
    /// <exception cref="ArgumentException">The rows are not this network's, or the gene does not exist.</exception>
    public static unsafe float[] Of(Network network, TrainingSet set, int gene)
    {
        Flow flow = FlowOf(network, gene);
        int width = flow.Shape.Rows;
        int length = network.Architecture.RowLength;
        if (set.RowLength != length)
        {
            throw new ArgumentException($"expected rows of {length} values for {network.Architecture}, found {set.RowLength}", nameof(set));
        }

        float[] features = new float[set.Rows * width];
        float[] rows = new float[PieceTiles * Tile.Width * length];
        float[] logits = new float[PieceTiles * Tile.Width * network.Architecture.Outputs];
        for (int first = 0; first < set.Rows; first += PieceTiles * Tile.Width)
        {
            int count = Math.Min(PieceTiles * Tile.Width, set.Rows - first);
            for (int i = 0; i < count; i++)
            {
                set.RowOf(first + i).CopyTo(rows.AsSpan(i * length));
            }

            network.LogitsOf(rows, count, logits);
            for (int i = 0; i < count; i++)
            {
                float* from = flow.Values(i / Tile.Width) + i % Tile.Width;
                for (int c = 0; c < width; c++)
                {
                    features[(first + i) * width + c] = from[c * Tile.Width];
                }
            }
        }

        return features;
    }

    private static Flow FlowOf(Network network, int gene) => gene >= 1 && gene <= network.Architecture.Layers.Count
        ? network.Graph.OutputOf(gene)
        : throw new ArgumentOutOfRangeException(nameof(gene), gene, $"expected a gene from 1 to {network.Architecture.Layers.Count} of {network.Architecture}");
}
