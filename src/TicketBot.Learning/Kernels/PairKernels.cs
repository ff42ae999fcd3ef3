using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>What the kernel distance of two sets needs of every pair of samples. Samples are lanes of packed rows <c>[features][stride]</c>; a pair matrix is
/// <c>[samples][stride]</c>, its lanes a multiple of 16. Each lane does its own sums, features or samples ascending, so the forms agree in every bit.</summary>
internal static unsafe class PairKernels
{
    /// <summary>Writes the squared distances of one sample to all lanes; equal bits for a pair and its reverse.</summary>
    public static void SquaredDistances(float* x, int features, int stride, int sample, float* distances, int lanes, KernelForm form)
    {
        if (form == KernelForm.Scalar)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                float sum = 0f;
                for (int c = 0; c < features; c++)
                {
                    float d = x[c * stride + lane] - x[c * stride + sample];
                    sum = MathF.FusedMultiplyAdd(d, d, sum);
                }

                distances[lane] = sum;
            }

            return;
        }

        for (int lane = 0; lane < lanes; lane += 32)
        {
            // Four sums at once hide the latency of the multiply-add; a last half block is done twice instead of in a loop of its own.
            int next = lane + 16 < lanes ? lane + 16 : lane;
            Vector256<float> sum0 = Vector256<float>.Zero;
            Vector256<float> sum1 = Vector256<float>.Zero;
            Vector256<float> sum2 = Vector256<float>.Zero;
            Vector256<float> sum3 = Vector256<float>.Zero;
            for (int c = 0; c < features; c++)
            {
                float* row = x + c * stride;
                Vector256<float> own = Vector256.Create(row[sample]);
                Vector256<float> d0 = Vector256.Load(row + lane) - own;
                Vector256<float> d1 = Vector256.Load(row + lane + 8) - own;
                Vector256<float> d2 = Vector256.Load(row + next) - own;
                Vector256<float> d3 = Vector256.Load(row + next + 8) - own;
                sum0 = Vector256.FusedMultiplyAdd(d0, d0, sum0);
                sum1 = Vector256.FusedMultiplyAdd(d1, d1, sum1);
                sum2 = Vector256.FusedMultiplyAdd(d2, d2, sum2);
                sum3 = Vector256.FusedMultiplyAdd(d3, d3, sum3);
            }

            sum0.Store(distances + lane);
            sum1.Store(distances + lane + 8);
            sum2.Store(distances + next);
            sum3.Store(distances + next + 8);
        }
    }

    /// <summary>Turns squared distances D into the mean k of five Gaussian kernels e^(-D / g) with g = 4, 2, 1, 1/2, 1/4 times the bandwidth, and writes the mean h of
    /// e^(-D / g) / g. One exponential serves all: each kernel is the square of the one before.</summary>
    public static void Gaussians(float* distances, float bandwidth, float* kernels, float* slopes, int lanes, KernelForm form)
    {
        float rate = -0.25f / bandwidth;
        float share = 0.2f / bandwidth;
        if (form == KernelForm.Scalar)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                float a = Exponential.Of(distances[lane] * rate);
                float b = a * a;
                float c = b * b;
                float d = c * c;
                float e = d * d;
                kernels[lane] = (a + b + c + d + e) * 0.2f;
                float h = MathF.FusedMultiplyAdd(b, 0.5f, a * 0.25f) + c;
                h = MathF.FusedMultiplyAdd(d, 2f, h);
                slopes[lane] = MathF.FusedMultiplyAdd(e, 4f, h) * share;
            }

            return;
        }

        for (int lane = 0; lane < lanes; lane += 8)
        {
            Vector256<float> a = Exponential.Of(Vector256.Load(distances + lane) * rate);
            Vector256<float> b = a * a;
            Vector256<float> c = b * b;
            Vector256<float> d = c * c;
            Vector256<float> e = d * d;
            ((a + b + c + d + e) * 0.2f).Store(kernels + lane);
            Vector256<float> h = Vector256.FusedMultiplyAdd(b, Vector256.Create(0.5f), a * 0.25f) + c;
            h = Vector256.FusedMultiplyAdd(d, Vector256.Create(2f), h);
            (Vector256.FusedMultiplyAdd(e, Vector256.Create(4f), h) * share).Store(slopes + lane);
        }
    }

    /// <summary>Writes for every feature and all lanes i the sum over samples j of <c>factors[j][i] (x_i - x_j)</c>. Differences are taken first: a sum of x_i parts less
    /// a sum of x_j parts would lose its digits where features have a common offset.</summary>
    public static void WeightedDifferences(float* x, int features, float* factors, int stride, int samples, float* sums, int lanes, KernelForm form)
    {
        if (form == KernelForm.Scalar)
        {
            for (int c = 0; c < features; c++)
            {
                for (int lane = 0; lane < lanes; lane++)
                {
                    float sum = 0f;
                    for (int j = 0; j < samples; j++)
                    {
                        sum = MathF.FusedMultiplyAdd(factors[(long)j * stride + lane], x[c * stride + lane] - x[c * stride + j], sum);
                    }

                    sums[c * stride + lane] = sum;
                }
            }

            return;
        }

        // A block of lanes outside, features inside: the factors of a block stay in the first cache while every feature reads them.
        for (int lane = 0; lane < lanes; lane += 32)
        {
            for (int c = 0; c < features; c++)
            {
                DifferencesOfBlock(x + c * stride, factors, stride, samples, sums + c * stride, lane, lane + 16 < lanes ? lane + 16 : lane);
            }
        }
    }

    private static void DifferencesOfBlock(float* x, float* factors, int stride, int samples, float* sums, int lane, int next)
    {
        Vector256<float> own0 = Vector256.Load(x + lane);
        Vector256<float> own1 = Vector256.Load(x + lane + 8);
        Vector256<float> own2 = Vector256.Load(x + next);
        Vector256<float> own3 = Vector256.Load(x + next + 8);
        Vector256<float> sum0 = Vector256<float>.Zero;
        Vector256<float> sum1 = Vector256<float>.Zero;
        Vector256<float> sum2 = Vector256<float>.Zero;
        Vector256<float> sum3 = Vector256<float>.Zero;
        float* row = factors;
        for (int j = 0; j < samples; j++, row += stride)
        {
            Vector256<float> other = Vector256.Create(x[j]);
            sum0 = Vector256.FusedMultiplyAdd(Vector256.Load(row + lane), own0 - other, sum0);
            sum1 = Vector256.FusedMultiplyAdd(Vector256.Load(row + lane + 8), own1 - other, sum1);
            sum2 = Vector256.FusedMultiplyAdd(Vector256.Load(row + next), own2 - other, sum2);
            sum3 = Vector256.FusedMultiplyAdd(Vector256.Load(row + next + 8), own3 - other, sum3);
        }

        sum0.Store(sums + lane);
        sum1.Store(sums + lane + 8);
        sum2.Store(sums + next);
        sum3.Store(sums + next + 8);
    }
}
