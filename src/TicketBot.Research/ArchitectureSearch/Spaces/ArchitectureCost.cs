using TicketBot.Learning;

namespace TicketBot.Research.ArchitectureSearch.Spaces;

/// <summary>What an architecture costs, known before anything is trained.</summary>
/// <param name="Parameters">Values that training changes.</param>
/// <param name="MultiplyAdds">Products of one prediction with every weight alive: only steps that reach the outputs are computed.</param>
/// <param name="TrainingMultiplyAdds">Products of the forward pass of one row in training, where every step is computed.</param>
/// <param name="Genes">Work per gene, the head last.</param>
public sealed record ArchitectureCost(long Parameters, long MultiplyAdds, long TrainingMultiplyAdds, IReadOnlyList<GeneWork> Genes)
{
    private readonly record struct Flow(int Steps, int Channels);

    /// <summary>Returns the number of values that training changes: all but running statistics.</summary>
    public static long ParametersOf(Architecture architecture) => architecture.Parameters.Where(shape => shape.IsTrained).Sum(shape => (long)shape.Count);

    /// <summary>Counts the work of an architecture.</summary>
    public static ArchitectureCost Of(Architecture architecture)
    {
        var flows = new List<Flow> { new(architecture.Window, architecture.Inputs) };
        foreach (var gene in architecture.Layers)
        {
            flows.Add(OutputOf(gene, flows[^1]));
        }

        // From the head backwards: how many of its last steps each output is read at.
        var computed = new int[flows.Count];
        computed[^1] = 1;
        for (var number = architecture.Layers.Count; number >= 1; number--)
        {
            var (gene, needed) = (architecture.Layers[number - 1], computed[number]);
            computed[number - 1] = Math.Max(computed[number - 1], InputSteps(gene, flows[number - 1].Steps, needed));
            foreach (var source in gene.Skips)
            {
                computed[source] = Math.Max(computed[source], Math.Min(needed, flows[source].Steps));
            }
        }

        var work = new List<GeneWork>();
        for (var number = 1; number < flows.Count; number++)
        {
            var (gene, input, output) = (architecture.Layers[number - 1], flows[number - 1], flows[number]);
            int[] projections = [.. gene.Skips.Select(source => flows[source].Channels).Where(channels => channels != output.Channels)];
            var projected = projections.Sum(channels => (long)output.Channels * channels);
            work.Add(new GeneWork(
                gene, input.Channels, output.Channels, input.Steps, computed[number], LayerWork(gene, input, computed[number]) + (computed[number] * projected),
                LayerWork(gene, input, output.Steps) + (output.Steps * projected)) { Projections = projections });
        }

        var head = (long)architecture.Outputs * flows[^1].Channels;
        work.Add(new GeneWork(null, flows[^1].Channels, architecture.Outputs, flows[^1].Steps, 1, head, head));
        return new ArchitectureCost(ParametersOf(architecture), work.Sum(w => w.MultiplyAdds), work.Sum(w => w.TrainingMultiplyAdds), work);
    }

    private static Flow OutputOf(Gene gene, Flow input) => gene switch
    {
        Gene.Dense dense => input with { Channels = dense.Width },
        Gene.Conv1D conv => new Flow(conv.IsCausal ? input.Steps : input.Steps - conv.Kernel + 1, conv.Width),
        Gene.Lstm lstm => input with { Channels = lstm.Width },
        Gene.Gru gru => input with { Channels = gru.Width },
        Gene.Attention attention => input with { Channels = attention.Width },
        Gene.Flatten => new Flow(1, input.Steps * input.Channels),
        Gene.Pool => input with { Steps = 1 },
        Gene.BatchNorm or Gene.LayerNorm or Gene.Identity or Gene.Reversal => input,
        _ => throw new ArgumentOutOfRangeException(nameof(gene), gene, "unknown gene"),
    };

    // Steps of the input, counted from the last, that a gene reads for so many last steps of its output.
    private static int InputSteps(Gene gene, int steps, int needed) => gene switch
    {
        Gene.Conv1D conv => Math.Min(steps, needed + conv.Kernel - 1),
        Gene.Lstm or Gene.Gru or Gene.Attention or Gene.Flatten => steps,
        Gene.Pool { Kind: Pooling.Last } => 1,
        Gene.Pool => steps,
        _ => needed,
    };

    private static long LayerWork(Gene gene, Flow input, int computed) => gene switch
    {
        Gene.Dense dense => (long)computed * dense.Width * input.Channels,
        Gene.Conv1D conv => (long)computed * conv.Width * conv.Kernel * input.Channels,
        Gene.Lstm lstm => 4L * lstm.Width * (((long)input.Steps * input.Channels) + ((input.Steps - 1L) * lstm.Width)),
        Gene.Gru gru => 3L * gru.Width * (((long)input.Steps * input.Channels) + ((input.Steps - 1L) * gru.Width)),
        Gene.Attention attention => (2L * input.Steps * attention.Width * input.Channels)
            + (computed * (((long)attention.Width * input.Channels) + ((long)attention.Width * attention.Width) + (2L * input.Steps * attention.Width))),
        _ => 0,
    };
}
