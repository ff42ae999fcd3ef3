using System.Runtime.InteropServices;
using TicketBot.Learning.Layers;
using TicketBot.Testing;

namespace TicketBot.Learning.Tests.Reference;

/// <summary>What a recurrent layer must hold beyond <see cref="LayerCheck"/>: freezing, no gradient wanted, nothing denormal, nothing allocated.</summary>
internal static class RecurrentCheck
{
    public static void Fill(TwinLayer twin, ulong seed)
    {
        var rng = new Rng(seed);
        foreach (double[] values in twin.Parameters)
        {
            foreach (ref double value in values.AsSpan())
            {
                value = 0.5 * rng.NextGaussian();
            }
        }
    }

    /// <summary>Sets weights to zero until about the given share is left.</summary>
    public static void Thin(Parameter parameter, double density, ref Rng rng)
    {
        foreach (ref float value in parameter.Values.AsSpan())
        {
            value = rng.NextDouble() < density ? value : 0f;
        }
    }

    /// <summary>Outputs <c>[sample][row]</c> where all inputs have one value.</summary>
    public static float[] Outputs(Layer layer, int samples, float input)
    {
        var run = new RecurrentRun(layer, samples, wantsGradient: false);
        run.FillInput((_, _) => input);
        run.Forward();
        return run.Outputs();
    }

    public static void FrozenKeepsTheInputGradient(Layer layer, int samples)
    {
        float[] free = Backward(layer, samples, wantsGradient: true);
        Assert.Contains(free, g => g != 0f);
        Assert.All(layer.Parameters, parameter => Assert.Contains(parameter.Gradient, g => g != 0f));
        layer.IsFrozen = true;
        SameBits(free, Backward(layer, samples, wantsGradient: true));
        Assert.All(layer.Parameters, parameter => Assert.All(parameter.Gradient, g => Assert.Equal(0f, g)));
    }

    public static void LearnsWithoutAnInputGradient(Layer layer, int samples)
    {
        Backward(layer, samples, wantsGradient: true);
        float[][] expected = [.. layer.Parameters.Select(parameter => (float[])parameter.Gradient.Clone())];
        Backward(layer, samples, wantsGradient: false);
        for (int p = 0; p < expected.Length; p++)
        {
            Assert.Contains(expected[p], g => g != 0f);
            SameBits(expected[p], layer.Parameters[p].Gradient);
        }
    }

    /// <summary>Only the first step has an input and only the last a gradient, as small as loss gradients may be: both fade on their way.
    /// <paramref name="remembered"/> are the layer's gates, which hold the gradients of their sums after the backward pass.</summary>
    public static void LeavesNoDenormals(Layer layer, int samples, Func<float[]> remembered)
    {
        var run = new RecurrentRun(layer, samples, wantsGradient: true);
        run.FillInput((s, r) => r < layer.Input.Channels ? 1f + s + r : 0f);
        run.FillGradient((_, r) => r >= layer.Output.Rows - layer.Output.Channels ? 1e-12f : 0f);
        run.Forward();
        Assert.DoesNotContain(remembered(), float.IsSubnormal);
        Assert.DoesNotContain(run.Outputs(), float.IsSubnormal);
        run.Backward();
        Assert.DoesNotContain(remembered(), float.IsSubnormal);
        Assert.DoesNotContain(run.OutputGradients(), float.IsSubnormal);
        Assert.DoesNotContain(run.InputGradients(), float.IsSubnormal);
    }

    public static long AllocatedByPass(Layer layer, int samples)
    {
        var run = new RecurrentRun(layer, samples, wantsGradient: true);
        run.Forward();
        run.Backward();
        return AllocatedBytes.LeastOf(() =>
        {
            run.Forward();
            run.Backward();
        });
    }

    public static void SameBits(float[] expected, float[] actual) =>
        Assert.True(MemoryMarshal.AsBytes<float>(expected).SequenceEqual(MemoryMarshal.AsBytes<float>(actual)));

    private static float[] Backward(Layer layer, int samples, bool wantsGradient)
    {
        var run = new RecurrentRun(layer, samples, wantsGradient);
        run.FillInput((s, r) => MathF.Sin(s + 3 * r));
        run.FillGradient((s, r) => MathF.Cos(2 * s + r));
        run.Forward();
        run.Backward();
        return wantsGradient ? run.InputGradients() : [];
    }
}
