using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Losses;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Tests.Reference;

/// <summary>Holds a twin against central differences and a float loss against its twin.</summary>
internal static unsafe class LossCheck
{
    /// <summary>Central differences of the loss against the twin's gradient, below 1e-6 relative to the largest gradient; of long arrays
    /// about 60 places spread over all samples and outputs.</summary>
    public static void TwinAgainstDifferences(Func<double[], double> loss, double[] gradient, double[] z, double step = 1e-5)
    {
        double scale = Math.Max(1e-3, gradient.Max(Math.Abs));
        int stride = Math.Max(1, z.Length / 60) | 1;
        for (int i = 0; i < z.Length; i += stride)
        {
            double value = z[i];
            z[i] = value + step;
            double above = loss(z);
            z[i] = value - step;
            double below = loss(z);
            z[i] = value;
            double difference = (above - below) / (2.0 * step);
            Assert.True(Math.Abs(difference - gradient[i]) <= 1e-6 * scale, $"[{i}]: difference {difference:R}, twin {gradient[i]:R}, scale {scale:R}");
        }
    }

    /// <summary>The twin against differences, the float loss against the twin in loss, gradient and evaluation, and every form against the first bit by bit.</summary>
    public static void Check(Loss loss, TwinLoss twin, TrainingSet set, int outputs, double[] z, double tolerance = 1e-6)
    {
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = (float)z[i];
        }

        double[] expected = twin.GradientOf(z);
        TwinAgainstDifferences(twin.Of, expected, z);
        LossFunction function = loss.CreateFunction(outputs, set.RowLength);
        function.RequireFit(set, nameof(set));
        (double value, float[] gradient) = Run(function, set, outputs, z, KernelForm.Vector256);
        double lossScale = Math.Max(1e-3, Math.Abs(twin.Of(z)));
        Assert.True(Math.Abs(twin.Of(z) - value) <= tolerance * lossScale, $"loss: twin {twin.Of(z):R}, found {value:R}");
        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - gradient[i]) <= tolerance * scale, $"[{i}]: twin {expected[i]:R}, found {gradient[i]:R}, scale {scale:R}");
        }

        foreach (KernelForm form in new[] { KernelForm.Scalar, KernelForm.Vector512 })
        {
            (double again, float[] same) = Run(function, set, outputs, z, form);
            Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(again));
            Assert.Equal(gradient.Select(BitConverter.SingleToInt32Bits), same.Select(BitConverter.SingleToInt32Bits));
        }

        double whole = Evaluate(function, set, outputs, z, z.Length);
        Assert.True(Math.Abs(twin.Of(z) - whole) <= 1e-9 * lossScale, $"evaluation: twin {twin.Of(z):R}, found {whole:R}");
        Assert.Equal(whole, Evaluate(function, set, outputs, z, 3));
    }

    /// <summary>Runs a loss over a batch of all rows in their order. Lanes without a sample hold a number, and their gradient must come out zero.</summary>
    public static (double Loss, float[] Gradient) Run(LossFunction function, TrainingSet set, int outputs, double[] z, KernelForm form = KernelForm.Vector256)
    {
        int samples = set.Rows;
        var flow = new Flow(new LayerShape(1, outputs));
        var pass = new Pass(samples, Training: true, form, default);
        flow.Reserve(pass.Tiles);
        flow.ClearGradient(pass.Tiles);
        for (int i = 0; i < pass.Tiles * Tile.Width; i++)
        {
            for (int o = 0; o < outputs; o++)
            {
                flow.Values(i / Tile.Width)[o * Tile.Width + i % Tile.Width] = i < samples ? (float)z[i * outputs + o] : 7f;
            }
        }

        double loss = function.Run(set, [.. Enumerable.Range(0, samples)], flow, pass);
        float[] gradient = new float[samples * outputs];
        for (int i = 0; i < pass.Tiles * Tile.Width; i++)
        {
            for (int o = 0; o < outputs; o++)
            {
                float g = flow.Gradient(i / Tile.Width)[o * Tile.Width + i % Tile.Width];
                if (i < samples)
                {
                    gradient[i * outputs + o] = g;
                }
                else
                {
                    Assert.Equal(0f, g);
                }
            }
        }

        Assert.DoesNotContain(gradient, g => g != 0f && MathF.Abs(g) < SoftmaxCrossEntropy.GradientFloor);
        return (loss, gradient);
    }

    public static double Evaluate(LossFunction function, TrainingSet set, int outputs, double[] z, int rowsAtOnce)
    {
        float[] values = [.. z.Select(v => (float)v)];
        function.BeginEvaluation();
        for (int first = 0; first < set.Rows; first += rowsAtOnce)
        {
            int count = Math.Min(rowsAtOnce, set.Rows - first);
            function.Evaluate(set, first, values.AsSpan(first * outputs, count * outputs));
        }

        return function.FinishEvaluation();
    }

    public static double[] Draw(int count, ref Rng rng, double deviation = 1.0)
    {
        double[] values = new double[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (float)(deviation * rng.NextGaussian());
        }

        return values;
    }

    /// <summary>Sample weights with every fifth zero, but for the first.</summary>
    public static float[] Weights(int samples, ref Rng rng)
    {
        float[] weights = new float[samples];
        for (int i = 0; i < samples; i++)
        {
            weights[i] = i % 5 == 4 ? 0f : 0.25f + rng.NextFloat();
        }

        return weights;
    }

    public static double[] Doubles(IEnumerable<float> values) => [.. values.Select(v => (double)v)];

    public static float[] Floats(IEnumerable<double> values) => [.. values.Select(v => (float)v)];
}
