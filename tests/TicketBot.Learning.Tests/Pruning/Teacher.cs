using TicketBot.Learning.Training;

namespace TicketBot.Learning.Tests.Pruning;

/// <summary>A planted sparse teacher: of all features only a few decide the class.</summary>
internal static class Teacher
{
    public const int Features = 24;

    public static readonly int[] Relevant = [3, 11, 17];

    /// <summary>Class 1 when x3 - x11 + x17 + |x3| / 2 passes 0.4.</summary>
    public static TrainingSet Rows(int rows, ulong seed)
    {
        var rng = new Rng(seed);
        float[] x = new float[rows * Features];
        int[] y = new int[rows];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (float)rng.NextGaussian();
        }

        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> features = x.AsSpan(row * Features, Features);
            y[row] = LabelOf(features[3], features[11], features[17]);
        }

        return new TrainingSet(x, Features, y);
    }

    public static int LabelOf(float a, float b, float c) => a - b + c + 0.5f * Math.Abs(a) > 0.4f ? 1 : 0;

    /// <summary>The same rows with their labels dealt out anew.</summary>
    public static TrainingSet Shuffled(TrainingSet rows, ulong seed)
    {
        var rng = new Rng(seed);
        int[] labels = rows.Labels.ToArray();
        rng.Shuffle(labels.AsSpan());
        return new TrainingSet(rows.Features.ToArray(), Features, labels);
    }

    /// <summary>The inputs with the most weight on them, as many as are relevant, ascending.</summary>
    public static int[] Strongest(double[] perInput) => [.. Enumerable.Range(0, Features).OrderByDescending(i => perInput[i]).Take(Relevant.Length).Order()];

    /// <summary>Living first-layer weights of each input.</summary>
    public static double[] Survivors(ReadOnlySpan<bool> firstLayer)
    {
        double[] counts = new double[Features];
        for (int i = 0; i < firstLayer.Length; i++)
        {
            counts[i % Features] += firstLayer[i] ? 1 : 0;
        }

        return counts;
    }

    /// <summary>Sum of the squares of the first-layer weights of each input.</summary>
    public static double[] Mass(ReadOnlySpan<float> firstLayer)
    {
        double[] mass = new double[Features];
        for (int i = 0; i < firstLayer.Length; i++)
        {
            mass[i % Features] += (double)firstLayer[i] * firstLayer[i];
        }

        return mass;
    }
}
