using TicketBot.Learning.Kernels;
using TicketBot.Learning.Pruning;

namespace TicketBot.Learning.Sparse;

/// <summary>Packs a masked network. Forward, neurons whose inputs are all constant become constants; backward, only what reaches a logit is kept.
/// A constant other than zero keeps its slot and its place in the sums of the next layer, so no sum changes its order.</summary>
internal static class SparseCompiler
{
    public static (SparseLayer[] Layers, int[] Inputs, float[][] Activations) Compile(Architecture architecture, IReadOnlyList<float[]> weights, MaskSet mask)
    {
        if (architecture.Window != 1 || architecture.Layers.Any(gene => gene is not Gene.Dense || gene.Skips.Count > 0))
        {
            throw new ArgumentException($"expected a stack of dense layers without skips, found {architecture}", nameof(architecture));
        }

        int depth = architecture.Parameters.Count / 2;
        bool[][] edges = [.. Enumerable.Range(0, depth).Select(l => LiveEdges(weights[2 * l], mask.Of(2 * l)))];
        float?[][] constants = FoldConstants(architecture, weights, edges);
        bool[][] needed = FindNeeded(architecture, edges, constants);

        int[][] slots = [.. needed.Select(SlotsOf)];
        float[][] activations = [.. needed.Select(live => new float[live.AsSpan().Count(true)])];
        var layers = new SparseLayer[depth];
        for (int l = 0; l < depth; l++)
        {
            int columns = architecture.Parameters[2 * l].Columns;
            var targets = new List<int>();
            var biases = new List<float>();
            var rowStarts = new List<int> { 0 };
            var indices = new List<int>();
            var values = new List<float>();
            for (int r = 0; r < architecture.Parameters[2 * l].Rows; r++)
            {
                if (!needed[l + 1][r])
                {
                    continue;
                }

                if (constants[l + 1][r] is { } constant)
                {
                    activations[l + 1][slots[l + 1][r]] = constant;
                    continue;
                }

                for (int c = 0; c < columns; c++)
                {
                    if (edges[l][r * columns + c])
                    {
                        indices.Add(slots[l][c]);
                        values.Add(weights[2 * l][r * columns + c]);
                    }
                }

                targets.Add(slots[l + 1][r]);
                biases.Add(weights[2 * l + 1][r]);
                rowStarts.Add(values.Count);
            }

            layers[l] = new SparseLayer(ActivationOf(architecture, l), [.. targets], [.. biases], [.. rowStarts], [.. indices], [.. values]);
        }

        int[] inputs = [.. Enumerable.Range(0, architecture.Inputs).Where(i => needed[0][i])];
        return (layers, inputs, activations);
    }

    private static Activation ActivationOf(Architecture architecture, int layer) =>
        layer < architecture.Layers.Count ? architecture.Layers[layer].Activation : Activation.Identity;

    private static bool[] LiveEdges(float[] weights, ReadOnlySpan<bool> mask)
    {
        bool[] live = new bool[weights.Length];
        for (int i = 0; i < live.Length; i++)
        {
            live[i] = mask[i] && weights[i] != 0f;
        }

        return live;
    }

    /// <summary>Constants per level (level 0 are the inputs, which are none); edges from zero constants are cut on the way.</summary>
    private static float?[][] FoldConstants(Architecture architecture, IReadOnlyList<float[]> weights, bool[][] edges)
    {
        var constants = new float?[edges.Length + 1][];
        constants[0] = new float?[architecture.Inputs];
        for (int l = 0; l < edges.Length; l++)
        {
            int rows = architecture.Parameters[2 * l].Rows;
            int columns = architecture.Parameters[2 * l].Columns;
            constants[l + 1] = new float?[rows];
            for (int r = 0; r < rows; r++)
            {
                float sum = weights[2 * l + 1][r];
                bool isConstant = true;
                for (int c = 0; c < columns; c++)
                {
                    int e = r * columns + c;
                    if (constants[l][c] == 0f)
                    {
                        edges[l][e] = false;
                    }

                    if (!edges[l][e])
                    {
                        continue;
                    }

                    isConstant &= constants[l][c] is not null;
                    sum = MathF.FusedMultiplyAdd(weights[2 * l][e], constants[l][c] ?? 0f, sum);
                }

                constants[l + 1][r] = isConstant ? Activations.Of(ActivationOf(architecture, l), sum) : null;
            }
        }

        return constants;
    }

    private static bool[][] FindNeeded(Architecture architecture, bool[][] edges, float?[][] constants)
    {
        var needed = new bool[edges.Length + 1][];
        needed[^1] = new bool[architecture.Outputs];
        Array.Fill(needed[^1], true);
        for (int l = edges.Length - 1; l >= 0; l--)
        {
            int columns = architecture.Parameters[2 * l].Columns;
            needed[l] = new bool[columns];
            for (int e = 0; e < edges[l].Length; e++)
            {
                int r = e / columns;
                needed[l][e % columns] |= edges[l][e] && needed[l + 1][r] && constants[l + 1][r] is null;
            }
        }

        return needed;
    }

    private static int[] SlotsOf(bool[] live)
    {
        int[] slots = new int[live.Length];
        int next = 0;
        for (int i = 0; i < live.Length; i++)
        {
            slots[i] = live[i] ? next++ : -1;
        }

        return slots;
    }
}
