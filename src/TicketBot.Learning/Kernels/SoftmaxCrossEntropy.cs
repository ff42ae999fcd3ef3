using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>Softmax, weighted cross-entropy and the gradient of the logits in one pass over a tile <c>[classes][64]</c>; lanes are samples.</summary>
internal static unsafe class SoftmaxCrossEntropy
{
    /// <summary>Loss gradients smaller than this are zero: saturated samples would otherwise fill the backward pass with denormals.</summary>
    public const float GradientFloor = 1e-12f;

    /// <summary>Writes the gradient of the loss into <paramref name="gradient"/> and returns the sum of weight times loss over the samples.</summary>
    /// <param name="logits"><c>[classes][64]</c>.</param>
    /// <param name="gradient"><c>[classes][64]</c>; zero in lanes that hold no sample.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="count">Samples in the tile.</param>
    /// <param name="lanes"><paramref name="count"/> rounded up to 16.</param>
    /// <param name="labels">Class per sample.</param>
    /// <param name="weights">Weight per lane, zero beyond <paramref name="count"/>; for the loss.</param>
    /// <param name="scales">Weight per lane divided by the sum of weights of the batch; for the gradient.</param>
    /// <param name="form">Which form runs.</param>
    public static double Run(float* logits, float* gradient, int classes, int count, int lanes, ReadOnlySpan<int> labels, float* weights, float* scales, KernelForm form)
    {
        float* largest = stackalloc float[Tile.Width];
        float* sums = stackalloc float[Tile.Width];
        if (form == KernelForm.Scalar)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                RunLane(logits, gradient, classes, lane, scales[lane], largest, sums);
            }
        }
        else
        {
            for (int lane = 0; lane < lanes; lane += 8)
            {
                RunEightLanes(logits, gradient, classes, lane, scales, largest, sums);
            }
        }

        double loss = 0.0;
        for (int i = 0; i < count; i++)
        {
            int at = labels[i] * Tile.Width + i;
            gradient[at] = Cut(gradient[at] - scales[i]);
            loss += weights[i] * ((double)largest[i] + PortableMath.Log(sums[i]) - logits[at]);
        }

        return loss;
    }

    private static float Cut(float g) => MathF.Abs(g) < GradientFloor ? 0f : g;

    private static void RunLane(float* logits, float* gradient, int classes, int lane, float scale, float* largest, float* sums)
    {
        float top = logits[lane];
        for (int c = 1; c < classes; c++)
        {
            float z = logits[c * Tile.Width + lane];
            top = !(z <= top) ? z : top;
        }

        float sum = 0f;
        for (int c = 0; c < classes; c++)
        {
            float e = Exponential.Of(logits[c * Tile.Width + lane] - top);
            gradient[c * Tile.Width + lane] = e;
            sum += e;
        }

        float factor = scale / sum;
        for (int c = 0; c < classes; c++)
        {
            gradient[c * Tile.Width + lane] = Cut(gradient[c * Tile.Width + lane] * factor);
        }

        largest[lane] = top;
        sums[lane] = sum;
    }

    private static void RunEightLanes(float* logits, float* gradient, int classes, int lane, float* scales, float* largest, float* sums)
    {
        // A NaN in any class makes the sum NaN through its own exponential, so it cannot hide behind the comparison.
        Vector256<float> top = Vector256.Load(logits + lane);
        for (int c = 1; c < classes; c++)
        {
            Vector256<float> z = Vector256.Load(logits + c * Tile.Width + lane);
            top = Vector256.ConditionalSelect(Vector256.LessThanOrEqual(z, top), top, z);
        }

        Vector256<float> sum = Vector256<float>.Zero;
        for (int c = 0; c < classes; c++)
        {
            Vector256<float> e = Exponential.Of(Vector256.Load(logits + c * Tile.Width + lane) - top);
            e.Store(gradient + c * Tile.Width + lane);
            sum += e;
        }

        Vector256<float> factor = Vector256.Load(scales + lane) / sum;
        for (int c = 0; c < classes; c++)
        {
            Vector256<float> g = Vector256.Load(gradient + c * Tile.Width + lane) * factor;
            g = Vector256.AndNot(g, Vector256.LessThan(Vector256.Abs(g), Vector256.Create(GradientFloor)));
            g.Store(gradient + c * Tile.Width + lane);
        }

        top.Store(largest + lane);
        sum.Store(sums + lane);
    }
}
