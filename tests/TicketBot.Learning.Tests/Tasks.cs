using System.Security.Cryptography;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Tests;

/// <summary>Small learnable data sets and a hash of weights.</summary>
public static class Tasks
{
    /// <summary>Class 1 when a product of two features plus a third is positive; the remaining features are noise.</summary>
    public static TrainingSet Interaction(int rows, int features, ulong seed, double labelNoise = 0.0)
    {
        var rng = new Rng(seed);
        float[] x = new float[rows * features];
        int[] y = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            for (int f = 0; f < features; f++)
            {
                x[i * features + f] = (float)rng.NextGaussian();
            }

            bool up = x[i * features] * x[i * features + 1] + x[i * features + 2] > 0;
            y[i] = (rng.NextDouble() < labelNoise ? rng.NextInt(2) == 1 : up) ? 1 : 0;
        }

        return new TrainingSet(x, features, y);
    }

    public static string HashOf(IEnumerable<float[]> weights)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (float[] values in weights)
        {
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values));
        }

        return Convert.ToHexString(hash.GetHashAndReset())[..16];
    }

    public static double AccuracyOf(Network network, TrainingSet set)
    {
        float[] logits = network.Forward(set.Features, set.Rows);
        int right = 0;
        for (int i = 0; i < set.Rows; i++)
        {
            right += (logits[2 * i + 1] > logits[2 * i] ? 1 : 0) == set.Labels[i] ? 1 : 0;
        }

        return (double)right / set.Rows;
    }

    public static bool IsDenormal(float value) => float.IsSubnormal(value);
}
