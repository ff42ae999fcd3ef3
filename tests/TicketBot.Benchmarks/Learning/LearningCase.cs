using System.Globalization;
using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Benchmarks.Learning;

/// <summary>One net at one batch size.</summary>
/// <param name="Key">How results and targets name it.</param>
/// <param name="Genes">Its layers.</param>
/// <param name="Inputs">Features of a step.</param>
/// <param name="Window">Steps of a row.</param>
/// <param name="Batch">Rows of an update.</param>
/// <param name="Rows">Rows of the set that batches are taken from.</param>
internal sealed record LearningCase(string Key, string Genes, int Inputs, int Window, int Batch, int Rows)
{
    private const int Outputs = 2;

    /// <summary>The nets whose training step and prediction are measured.</summary>
    public static IReadOnlyList<LearningCase> Nets { get; } =
    [
        new("mlp24 B64", "dense:128,dense:64", 24, 1, 64, 20_000),
        new("mlp24 B256", "dense:128,dense:64", 24, 1, 256, 20_000),
        new("mlp512 B64", "dense:512,dense:256", 512, 1, 64, 4_000),
        new("mlp512 B256", "dense:512,dense:256", 512, 1, 256, 4_000),
        new("lstm B64", "lstm:64", 24, 32, 64, 2_000),
        new("conv B64", "conv1d:32x3,conv1d:32x3", 24, 32, 64, 2_000),
        new("attention B64", "dense:64/identity,attention:64x4,mean", 24, 32, 64, 2_000),
    ];

    /// <summary>The nets whose epochs are compared with their own dense epochs, over 20,000 rows.</summary>
    public static IReadOnlyList<LearningCase> Rounds { get; } =
    [
        new("mlp24", "dense:128,dense:64", 24, 1, 64, 20_000),
        new("mlp256", "dense:256,dense:256", 256, 1, 64, 20_000),
        new("mlp512", "dense:512,dense:256", 512, 1, 64, 20_000),
    ];

    /// <summary>For a line of a report.</summary>
    public string Description => string.Create(CultureInfo.InvariantCulture, $"{Inputs}{(Window > 1 ? $" x {Window} steps" : "")} -> {Genes} -> {Outputs}");

    /// <summary>The layer stack.</summary>
    /// <exception cref="FormatException">The engine cannot read a gene.</exception>
    public Architecture Architecture => Architecture.Parse(Genes, Inputs, Outputs, Window);

    /// <summary>The peer's request without its milliseconds; predictions are of one row.</summary>
    public string Request(string kind, double density) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind} {Genes} {Inputs} {Window} {Outputs} {(kind == "train" ? Batch : 1)} {density} {(kind == "train" ? Rows : 1)}");

    /// <summary>Floating-point operations that the products with weights need in one dense update: forward, weight gradient, and input gradient but at the
    /// first layer. Attention's products of activations are not counted.</summary>
    public double Operations => 2.0 * Batch * Architecture.Parameters.Where(p => p.IsPrunable).Sum(p =>
        (double)p.Count * (p.IsOutput ? 1 : Window) * (p.Name is "layer1.weight" or "layer1.input_weight" ? 2 : 3));

    /// <summary>Rows whose class is the sign of two features' sum, a tenth of the labels drawn at random, so that training has gradients to the end.</summary>
    public TrainingSet Set(double noise = 0.1)
    {
        var rng = new Rng(11);
        var count = Inputs * Window;
        var rows = new float[Rows * count];
        foreach (ref var value in rows.AsSpan())
        {
            value = (float)rng.NextGaussian();
        }

        var labels = new int[Rows];
        for (var i = 0; i < Rows; i++)
        {
            var up = rng.NextDouble() < noise ? rng.NextInt(2) == 1 : rows[i * count] + rows[i * count + 1] > 0;
            labels[i] = up ? 1 : 0;
        }

        return new TrainingSet(rows, count, labels);
    }

    /// <summary>A fresh network, the same every time.</summary>
    public Network Net()
    {
        var rng = new Rng(3);
        return Network.Create(Architecture, ref rng);
    }

    /// <summary>A mask with the same share of living weights in every matrix, drawn at random.</summary>
    public MaskSet RandomMask(double density)
    {
        var rng = new Rng(5);
        var full = MaskSet.Full(Architecture);
        var masks = full.ToArrays();
        foreach (var mask in masks.OfType<bool[]>())
        {
            mask.AsSpan((int)Math.Round(density * mask.Length)).Clear();
        }

        return MaskSet.RandomLike(MaskSet.FromArrays(Architecture, masks), ref rng);
    }

    /// <summary>The mask that keeps the largest weights of a net trained for some epochs.</summary>
    public MaskSet MagnitudeMask(double density, TrainingSet set, int epochs)
    {
        var net = Net();
        Trainer.Train(net, MaskSet.Full(net), set, null, Options with { Epochs = epochs }, new Rng(9));
        return MagnitudePruning.Prune(net, MaskSet.Full(net), new PruningOptions { Rate = 1.0 - density, OutputRate = 1.0 - density });
    }

    /// <summary>Adam at 0.001, this batch.</summary>
    public TrainingOptions Options => new() { BatchSize = Batch, Optimizer = Optimizer.Adam };
}
