using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Testing;

namespace TicketBot.Learning.Tests.Reference;

/// <summary>Holds a twin against central differences and a float layer against its twin, forward and backward, on drawn values.</summary>
internal static unsafe class LayerCheck
{
    /// <summary>What lanes without a sample hold in a check.</summary>
    private const float Nobodys = 3.25f;

    /// <summary>Central differences against the twin's gradients of sum(r * y), below <paramref name="tolerance"/> relative to the largest gradient of
    /// the array (and each element to its own size where that is larger).</summary>
    public static void TwinAgainstDifferences(TwinLayer twin, int inputLength, int samples, ulong seed, double tolerance = 1e-6)
    {
        var rng = new Rng(seed);
        double[] x = Draw(inputLength, ref rng);
        double[] r = Draw(twin.Forward(x, samples).Length, ref rng);
        Assert.True(twin.ClosestKink > 1e-4, "redraw: a value lies at a kink");
        twin.Forward(x, samples);
        double[] dx = twin.Backward(r);
        double[][] gradients = [.. twin.Gradients.Select(g => (double[])g.Clone())];
        Compare("input", x, dx);
        for (int p = 0; p < gradients.Length; p++)
        {
            Compare($"parameter {p}", twin.Parameters[p], gradients[p]);
        }

        void Compare(string name, double[] values, double[] gradient)
        {
            double scale = Math.Max(1e-3, gradient.Select(Math.Abs).DefaultIfEmpty().Max());
            for (int i = 0; i < values.Length; i++)
            {
                double value = values[i];
                const double Step = 1e-5;
                values[i] = value + Step;
                double above = Weighted(twin.Forward(x, samples), r);
                values[i] = value - Step;
                double below = Weighted(twin.Forward(x, samples), r);
                values[i] = value;
                double difference = (above - below) / (2 * Step);
                Assert.True(Math.Abs(difference - gradient[i]) <= tolerance * scale, $"{name}[{i}]: difference {difference:R}, twin {gradient[i]:R}, scale {scale:R}");
            }
        }
    }

    /// <summary>The float layer in the given form against its twin: outputs, input gradient and parameter gradients, each within <paramref name="tolerance"/> of
    /// the largest size in its array, running statistics too, which are put back afterwards. A frozen layer must leave its parameters' gradients zero. Lanes without a
    /// sample hold numbers that belong to nobody and must not matter, and their input gradients must stay zero. Returns the float results in one
    /// array, for comparing forms bit by bit.</summary>
    public static float[] FloatAgainstTwin(Layer layer, TwinLayer twin, int samples, ulong seed, KernelForm form, double tolerance = 2e-5, bool training = true)
    {
        var rng = new Rng(seed);
        int inputRows = layer.Input.Rows;
        int outputRows = layer.Output.Rows;
        double[] x = Draw(samples * inputRows, ref rng);
        double[] dy = Draw(samples * outputRows, ref rng);
        float[][] start = [.. layer.Parameters.Select(parameter => (float[])parameter.Values.Clone())];
        twin.Training = training;
        for (int p = 0; p < layer.Parameters.Length; p++)
        {
            float[] values = layer.Parameters[p].Values;
            for (int i = 0; i < values.Length; i++)
            {
                twin.Parameters[p][i] = values[i];
            }
        }

        var input = new Flow(layer.Input);
        input.RequireLeadingRows(layer.LeadingRows);
        var output = new Flow(layer.Output);
        var pass = new Pass(samples, training, form, new Rng(seed));
        input.Reserve(pass.Tiles);
        layer.Reserve(pass.Tiles);
        output.Reserve(pass.Tiles);
        for (int tile = 0; tile < pass.Tiles; tile++)
        {
            new Span<float>(input.Values(tile), inputRows * Tile.Width).Fill(Nobodys);
        }

        Spread(x, inputRows, samples, input.Values);
        double[] expected = twin.Forward(x, samples);
        layer.Forward(input, output, pass);
        float[] y = Collect(outputRows, samples, output.Values);
        Close("output", expected, y, tolerance);
        float[][] buffers = [.. layer.Parameters.Where(parameter => !parameter.Shape.IsTrained).Select(parameter => (float[])parameter.Values.Clone())];
        for (int p = 0; p < layer.Parameters.Length; p++)
        {
            Close($"values of {layer.Parameters[p].Name}", twin.Parameters[p], layer.Parameters[p].Values, tolerance);
            start[p].CopyTo(layer.Parameters[p].Values, 0);
        }

        if (!training)
        {
            return y;
        }

        input.ClearGradient(pass.Tiles);
        output.ClearGradient(pass.Tiles);
        Spread(dy, outputRows, samples, output.Gradient);
        double[] expectedInput = twin.Backward(dy);
        layer.BeginGradients();
        layer.Backward(input, output, pass);
        layer.FinishGradients();
        float[] dx = Collect(inputRows, samples, input.Gradient);
        Close("input gradient", expectedInput, dx, tolerance);
        RequireZeroWithoutSample(input, samples, pass.Tiles);
        for (int p = 0; p < layer.Parameters.Length; p++)
        {
            if (layer.IsFrozen)
            {
                Assert.All(layer.Parameters[p].Gradient, g => Assert.Equal(0f, g));
            }
            else if (layer.Parameters[p].Shape.IsTrained)
            {
                Close($"gradient of {layer.Parameters[p].Name}", twin.Gradients[p], layer.Parameters[p].Gradient, tolerance);
            }
        }

        return [.. y, .. dx, .. layer.Parameters.SelectMany(parameter => parameter.Gradient), .. buffers.SelectMany(values => values)];
    }

    /// <summary>Runs the layer forward and backward in all three forms and requires that nothing is allocated once room was made.</summary>
    public static void AllocatesNothing(Layer layer, int samples)
    {
        var input = new Flow(layer.Input);
        input.RequireLeadingRows(layer.LeadingRows);
        var output = new Flow(layer.Output);
        var pass = new Pass(samples, Training: true, KernelForm.Scalar, new Rng(1));
        input.Reserve(pass.Tiles);
        layer.Reserve(pass.Tiles);
        output.Reserve(pass.Tiles);
        RunForms();
        Assert.Equal(0, AllocatedBytes.LeastOf(RunForms));

        void RunForms()
        {
            for (int round = 0; round < 2; round++)
            {
                foreach (KernelForm form in (ReadOnlySpan<KernelForm>)[KernelForm.Scalar, KernelForm.Vector256, KernelForm.Vector512])
                {
                    layer.Reserve(pass.Tiles);
                    layer.BeginGradients();
                    layer.Forward(input, output, pass with { Form = form, Training = round % 2 == 1 });
                    layer.Backward(input, output, pass with { Form = form });
                    layer.FinishGradients();
                }
            }
        }
    }

    /// <summary>A parameter with drawn values.</summary>
    public static Parameter DrawParameter(string name, int rows, int columns, ParameterKind kind, ref Rng rng, int groups = 1, double deviation = 0.5)
    {
        var parameter = new Parameter(new ParameterShape(name, rows, columns, kind, IsOutput: false, groups));
        foreach (ref float value in parameter.Values.AsSpan())
        {
            value = (float)(deviation * rng.NextGaussian());
        }

        return parameter;
    }

    private delegate float* TileOf(int tile);

    private static void Spread(double[] values, int rows, int samples, TileOf tileOf)
    {
        for (int s = 0; s < samples; s++)
        {
            for (int r = 0; r < rows; r++)
            {
                // The twin must see the float value, not the double it was drawn from.
                float value = (float)values[s * rows + r];
                values[s * rows + r] = value;
                tileOf(s / Tile.Width)[r * Tile.Width + s % Tile.Width] = value;
            }
        }
    }

    private static void RequireZeroWithoutSample(Flow input, int samples, int tiles)
    {
        for (int i = samples; i < tiles * Tile.Width; i++)
        {
            for (int r = 0; r < input.Shape.Rows; r++)
            {
                float g = input.Gradient(i / Tile.Width)[r * Tile.Width + i % Tile.Width];
                Assert.True(g == 0f, $"input gradient of row {r} in lane {i}, which has no sample: {g:R}");
            }
        }
    }

    private static float[] Collect(int rows, int samples, TileOf tileOf)
    {
        float[] values = new float[rows * samples];
        for (int s = 0; s < samples; s++)
        {
            for (int r = 0; r < rows; r++)
            {
                values[s * rows + r] = tileOf(s / Tile.Width)[r * Tile.Width + s % Tile.Width];
            }
        }

        return values;
    }

    private static void Close(string name, double[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = Math.Max(1e-3, expected.Select(Math.Abs).DefaultIfEmpty().Max());
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * scale, $"{name}[{i}]: expected {expected[i]:R}, found {actual[i]:R}, scale {scale:R}");
        }
    }

    private static double[] Draw(int count, ref Rng rng)
    {
        double[] values = new double[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = rng.NextGaussian();
        }

        return values;
    }

    private static double Weighted(double[] y, double[] r)
    {
        double sum = 0.0;
        for (int i = 0; i < y.Length; i++)
        {
            sum += y[i] * r[i];
        }

        return sum;
    }
}
