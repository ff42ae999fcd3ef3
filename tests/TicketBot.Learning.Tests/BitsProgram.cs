using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TicketBot.Learning.Kernels;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Sparse;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Tests;

/// <summary>Trains and compiles networks of every layer and prints a hash of their weights and predictions. Run as a process of its own, it shows what the
/// settings of that process do to the bits.</summary>
public static class BitsProgram
{
    private static readonly string[] Genes =
        ["dense:40,dense:20/gelu", "flatten,dense:16/sigmoid,batchnorm,dense:8+0", "conv1d:6x3/gelu,lstm:5@0.2,layernorm,dense:7/tanh+1", "gru:9,mean", "attention:8x2+0,max"];

    public static int Main(string[] args)
    {
        int threads = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 1;
        string[] hashes = new string[2 * Genes.Length];
        Parallel.For(0, hashes.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => hashes[i] = HashOf(Genes[i / 2], i % 2 == 0 ? 1.0 : 0.2));
        Console.WriteLine($"{KernelForms.Best} avx512={Avx512F.IsSupported} vector256={Vector256.IsHardwareAccelerated} fma={Fma.IsSupported}");
        Console.WriteLine(string.Join(' ', hashes));
        return 0;
    }

    private static string HashOf(string genes, double density)
    {
        var rng = new Rng(7);
        Architecture architecture = Architecture.Parse(genes, 5, 2, window: 6);
        Network network = Network.Create(architecture, ref rng);
        float[] features = new float[300 * architecture.RowLength];
        int[] labels = new int[300];
        for (int i = 0; i < features.Length; i++)
        {
            features[i] = (float)rng.NextGaussian();
        }

        for (int r = 0; r < labels.Length; r++)
        {
            labels[r] = features[r * architecture.RowLength] * features[(r + 1) * architecture.RowLength - 5] > 0 ? 1 : 0;
        }

        var set = new TrainingSet(features, architecture.RowLength, labels);
        MaskSet mask = MagnitudePruning.Prune(network, MaskSet.Full(network), PruningOptions.ToDensity(density));
        Trainer.Train(network, mask, set, set, new TrainingOptions { Epochs = 3, BatchSize = 100, LearningRate = 3e-3, WeightDecay = 1e-3, ClipNorm = 2.0, Schedule = LearningRateSchedule.OneCycle }, rng);
        var compiled = new CompiledNetwork(architecture, network.CaptureWeights(), mask);
        float[] outputs = new float[2 * 20];
        for (int r = 0; r < 20; r++)
        {
            compiled.Predict(features.AsSpan(r * architecture.RowLength, architecture.RowLength), outputs.AsSpan(2 * r, 2));
        }

        return Tasks.HashOf([.. network.CaptureWeights(), network.Forward(features, 300), outputs]);
    }
}
