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
        switch (form)
        {
            case KernelForm.Vector512:
                Softmax<SixteenLanes>(row, steps, lanes);
                break;
            case KernelForm.Vector256:
                Softmax<EightLanes>(row, steps, lanes);
                break;
            default:
                Softmax<OneLane>(row, steps, lanes);
                break;
        }
    }

    private static void Softmax<T>(float* row, int steps, int lanes)
        where T : struct, ILanes<T>
    {
        float* end = row + steps * lanes;
        for (int lane = 0; lane < lanes; lane += T.Count, row += T.Count, end += T.Count)
        {
            // A NaN makes the sum NaN through its own exponential, so it cannot hide behind the comparison.
            T top = T.Load(row);
            for (float* at = row + lanes; at < end; at += lanes)
            {
                top = T.Max(top, T.Load(at));
            }

            T sum = T.All(0f);
            for (float* at = row; at < end; at += lanes)
            {
                T e = Exponential.Of(T.Load(at) - top);
                e.Store(at);
                sum += e;
            }

            T share = T.All(1f) / sum;
            for (float* at = row; at < end; at += lanes)
            {
                T probability = T.Load(at) * share;
                T.WhereBelow(probability, T.All(ProbabilityFloor), T.All(0f), probability).Store(at);
            }
        }
    }

    // Gradients of probabilities become those of scores: s = p (g - sum of p g).
    private static void SoftmaxBackward(float* p, float* gradient, int steps, int lanes, KernelForm form)
    {
        switch (form)
        {
            case KernelForm.Vector512:
                SoftmaxBackward<SixteenLanes>(p, gradient, steps, lanes);
                break;
            case KernelForm.Vector256:
                SoftmaxBackward<EightLanes>(p, gradient, steps, lanes);
                break;
            default:
                SoftmaxBackward<OneLane>(p, gradient, steps, lanes);
                break;
        }
    }

    private static void SoftmaxBackward<T>(float* p, float* gradient, int steps, int lanes)
        where T : struct, ILanes<T>
    {
        for (int lane = 0; lane < lanes; lane += T.Count)
        {
            T mean = T.All(0f);
            for (int at = lane; at < steps * lanes; at += lanes)
            {
                mean = T.FusedMultiplyAdd(T.Load(p + at), T.Load(gradient + at), mean);
            }

            for (int at = lane; at < steps * lanes; at += lanes)
            {
                T g = T.Load(p + at) * (T.Load(gradient + at) - mean);
                T.WhereBelow(T.Abs(g), T.All(GradientFloor), T.All(0f), g).Store(gradient + at);
            }
        }
    }
}
