using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>Scaled dot-product attention (Vaswani et al. 2017, section 3.2.1) of one head for one lane group, forward and backward: lanes are samples,
/// so that softmax and sums run over matrices whose elements are lane groups. Queries come already scaled. A few rows of scores are made, normalised
/// and used before the next, while they are near.</summary>
internal static unsafe class AttentionCore
{
    /// <summary>Probabilities below this are zero: steps that are hardly looked at would fill the sums with denormals.</summary>
    public const float ProbabilityFloor = 1e-12f;

    /// <summary>Gradients of scores smaller than this are zero, for the same reason.</summary>
    public const float GradientFloor = 1e-24f;

    private const int RowsAtOnce = 4;

    /// <summary>p = softmax(q k') over the columns, context = p v.</summary>
    /// <param name="q"><c>[steps][width]</c>, scaled.</param>
    /// <param name="k"><c>[steps][width]</c>.</param>
    /// <param name="v"><c>[steps][width]</c>.</param>
    /// <param name="p"><c>[steps][steps]</c>, written; its columns are neighbours.</param>
    /// <param name="context"><c>[steps][width]</c>, written.</param>
    /// <param name="steps">Steps of the window.</param>
    /// <param name="width">Channels of the head.</param>
    /// <param name="form">Which form runs.</param>
    public static void Forward(AttentionCoreMatrix q, AttentionCoreMatrix k, AttentionCoreMatrix v, AttentionCoreMatrix p, AttentionCoreMatrix context, int steps, int width, KernelForm form)
    {
        int lanes = AttentionCoreProduct.LanesOf(form);
        for (int i = 0; i < steps; i += RowsAtOnce)
        {
            int rows = Math.Min(RowsAtOnce, steps - i);
            AttentionCoreProduct.Run(q.From(i), k.Transposed, p.From(i), rows, steps, width, form);
            for (int row = i; row < i + rows; row++)
            {
                Softmax(p.At(row, 0), steps, lanes, form);
            }

            AttentionCoreProduct.Run(p.From(i), v, context.From(i), rows, width, steps, form);
        }
    }

    /// <summary>The gradients by q, k and v from that by the context. They take the places of what is no longer needed: that of v lies in
    /// <paramref name="v"/>, that of k in <paramref name="k"/>, that of q in <paramref name="context"/>.</summary>
    /// <param name="q">As in forward.</param>
    /// <param name="k">As in forward; afterwards its gradient.</param>
    /// <param name="v">As in forward; afterwards its gradient.</param>
    /// <param name="p">Probabilities that forward left.</param>
    /// <param name="context">Gradient of the context <c>[steps][width]</c>; afterwards that of q.</param>
    /// <param name="scores">Room for <c>[steps][steps]</c>; its columns are neighbours.</param>
    /// <param name="steps">Steps of the window.</param>
    /// <param name="width">Channels of the head.</param>
    /// <param name="form">Which form runs.</param>
    public static void Backward(AttentionCoreMatrix q, AttentionCoreMatrix k, AttentionCoreMatrix v, AttentionCoreMatrix p, AttentionCoreMatrix context, AttentionCoreMatrix scores, int steps, int width, KernelForm form)
    {
        int lanes = AttentionCoreProduct.LanesOf(form);
        for (int i = 0; i < steps; i += RowsAtOnce)
        {
            int rows = Math.Min(RowsAtOnce, steps - i);
            AttentionCoreProduct.Run(context.From(i), v.Transposed, scores.From(i), rows, steps, width, form);
            for (int row = i; row < i + rows; row++)
            {
                SoftmaxBackward(p.At(row, 0), scores.At(row, 0), steps, lanes, form);
            }
        }

        AttentionCoreProduct.Run(p.Transposed, context, v, steps, width, steps, form);
        AttentionCoreProduct.Run(scores, k, context, steps, width, steps, form);
        AttentionCoreProduct.Run(scores.Transposed, q, k, steps, width, steps, form);
    }

    // One row of scores, [steps][lanes], becomes probabilities.
    private static void Softmax(float* row, int steps, int lanes, KernelForm form)
    {
        if (form == KernelForm.Scalar)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                SoftmaxOfLane(row + lane, steps, lanes);
            }

            return;
        }

        for (int lane = 0; lane < lanes; lane += 8)
        {
            SoftmaxOfEight(row + lane, steps, lanes);
        }
    }

    private static void SoftmaxOfLane(float* row, int steps, int stride)
    {
        float top = row[0];
        for (int t = 1; t < steps; t++)
        {
            float z = row[t * stride];
            top = !(z <= top) ? z : top;
        }

        float sum = 0f;
        for (int t = 0; t < steps; t++)
        {
            float e = Exponential.Of(row[t * stride] - top);
            row[t * stride] = e;
            sum += e;
        }

        float share = 1f / sum;
        for (int t = 0; t < steps; t++)
        {
            float probability = row[t * stride] * share;
            row[t * stride] = probability < ProbabilityFloor ? 0f : probability;
        }
    }

    private static void SoftmaxOfEight(float* row, int steps, int stride)
    {
        // A NaN makes the sum NaN through its own exponential, so it cannot hide behind the comparison.
        Vector256<float> top = Vector256.Load(row);
        for (int t = 1; t < steps; t++)
        {
            Vector256<float> z = Vector256.Load(row + t * stride);
            top = Vector256.ConditionalSelect(Vector256.LessThanOrEqual(z, top), top, z);
        }

        Vector256<float> sum = Vector256<float>.Zero;
        for (int t = 0; t < steps; t++)
        {
            Vector256<float> e = Exponential.Of(Vector256.Load(row + t * stride) - top);
            e.Store(row + t * stride);
            sum += e;
        }

        Vector256<float> share = Vector256<float>.One / sum;
        for (int t = 0; t < steps; t++)
        {
            Vector256<float> probability = Vector256.Load(row + t * stride) * share;
            Vector256.AndNot(probability, Vector256.LessThan(probability, Vector256.Create(ProbabilityFloor))).Store(row + t * stride);
        }
    }

    // Gradients of probabilities become those of scores: s = p (g - sum of p g).
    private static void SoftmaxBackward(float* p, float* gradient, int steps, int lanes, KernelForm form)
    {
        if (form == KernelForm.Scalar)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                float mean = 0f;
                for (int t = 0; t < steps; t++)
                {
                    mean = MathF.FusedMultiplyAdd(p[t * lanes + lane], gradient[t * lanes + lane], mean);
                }

                for (int t = 0; t < steps; t++)
                {
                    float g = p[t * lanes + lane] * (gradient[t * lanes + lane] - mean);
                    gradient[t * lanes + lane] = MathF.Abs(g) < GradientFloor ? 0f : g;
                }
            }

            return;
        }

        for (int lane = 0; lane < lanes; lane += 8)
        {
            Vector256<float> mean = Vector256<float>.Zero;
            for (int t = 0; t < steps; t++)
            {
                mean = Vector256.FusedMultiplyAdd(Vector256.Load(p + t * lanes + lane), Vector256.Load(gradient + t * lanes + lane), mean);
            }

            for (int t = 0; t < steps; t++)
            {
                Vector256<float> g = Vector256.Load(p + t * lanes + lane) * (Vector256.Load(gradient + t * lanes + lane) - mean);
                Vector256.AndNot(g, Vector256.LessThan(Vector256.Abs(g), Vector256.Create(GradientFloor))).Store(gradient + t * lanes + lane);
            }
        }
    }
}
