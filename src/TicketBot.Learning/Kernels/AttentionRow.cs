using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>Scaled dot-product attention of one query of one sample, in the operations and order of <see cref="AttentionCore"/>: scores add channels
/// ascending, the softmax and the context add steps ascending.</summary>
internal static unsafe class AttentionRow
{
    /// <summary>Scores of all steps; lanes are steps.</summary>
    /// <param name="query"><c>[channels]</c>, scaled.</param>
    /// <param name="keys"><c>[channels][steps]</c>.</param>
    /// <param name="channels">Channels of the head.</param>
    /// <param name="scores"><c>[steps]</c>.</param>
    /// <param name="steps">Steps rounded up to 8.</param>
    /// <param name="form">Which form runs.</param>
    public static void Scores(float* query, float* keys, int channels, float* scores, int steps, KernelForm form)
    {
        for (int t = 0; t < steps; t += 8)
        {
            if (form == KernelForm.Scalar)
            {
                for (int lane = t; lane < t + 8; lane++)
                {
                    scores[lane] = 0f;
                    for (int c = 0; c < channels; c++)
                    {
                        scores[lane] = MathF.FusedMultiplyAdd(query[c], keys[c * steps + lane], scores[lane]);
                    }
                }

                continue;
            }

            Vector256<float> sum = Vector256<float>.Zero;
            for (int c = 0; c < channels; c++)
            {
                sum = Vector256.FusedMultiplyAdd(Vector256.Create(query[c]), Vector256.Load(keys + c * steps + t), sum);
            }

            sum.Store(scores + t);
        }
    }

    /// <summary>Turns the first <paramref name="steps"/> scores into probabilities; the padding is overwritten.</summary>
    public static void Softmax(float* scores, int steps, int paddedSteps, KernelForm form)
    {
        float top = scores[0];
        for (int t = 1; t < steps; t++)
        {
            top = !(scores[t] <= top) ? scores[t] : top;
        }

        for (int t = 0; t < paddedSteps; t += 8)
        {
            if (form == KernelForm.Scalar)
            {
                for (int lane = t; lane < t + 8; lane++)
                {
                    scores[lane] = Exponential.Of(scores[lane] - top);
                }
            }
            else
            {
                Exponential.Of(Vector256.Load(scores + t) - Vector256.Create(top)).Store(scores + t);
            }
        }

        float sum = 0f;
        for (int t = 0; t < steps; t++)
        {
            sum += scores[t];
        }

        float share = 1f / sum;
        for (int t = 0; t < steps; t++)
        {
            float probability = scores[t] * share;
            scores[t] = probability < AttentionCore.ProbabilityFloor ? 0f : probability;
        }
    }

    /// <summary>The values of all steps mixed by their probabilities; lanes are channels. Up to 7 floats behind the context are overwritten.</summary>
    /// <param name="probabilities"><c>[steps]</c>.</param>
    /// <param name="steps">Steps.</param>
    /// <param name="values"><c>[steps][stride]</c>.</param>
    /// <param name="stride">Floats between steps.</param>
    /// <param name="context"><c>[channels]</c>.</param>
    /// <param name="channels">Channels of the head.</param>
    /// <param name="form">Which form runs.</param>
    public static void Mix(float* probabilities, int steps, float* values, int stride, float* context, int channels, KernelForm form)
    {
        for (int c = 0; c < channels; c += 8)
        {
            if (form == KernelForm.Scalar)
            {
                for (int lane = c; lane < c + 8; lane++)
                {
                    context[lane] = 0f;
                    for (int t = 0; t < steps; t++)
                    {
                        context[lane] = MathF.FusedMultiplyAdd(probabilities[t], values[t * stride + lane], context[lane]);
                    }
                }

                continue;
            }

            Vector256<float> sum = Vector256<float>.Zero;
            for (int t = 0; t < steps; t++)
            {
                sum = Vector256.FusedMultiplyAdd(Vector256.Create(probabilities[t]), Vector256.Load(values + t * stride + c), sum);
            }

            sum.Store(context + c);
        }
    }
}
