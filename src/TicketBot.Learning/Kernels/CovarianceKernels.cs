using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>What the covariance distance of two sets needs. Samples are lanes of packed rows <c>[features][stride]</c>, zero where there is no sample.</summary>
internal static unsafe class CovarianceKernels
{
    /// <summary>Returns the sum of products of two rows in the order of <see cref="LaneSum"/>: 16 virtual lanes, each by fused multiply-add.</summary>
    public static float Dot(float* a, float* b, int lanes, KernelForm form)
    {
        float* sums = stackalloc float[16];
        if (form == KernelForm.Scalar)
        {
            for (int i = 0; i < lanes; i++)
            {
                sums[i & 15] = MathF.FusedMultiplyAdd(a[i], b[i], sums[i & 15]);
            }
        }
        else
        {
            Vector256<float> low = Vector256<float>.Zero;
            Vector256<float> high = Vector256<float>.Zero;
            for (int i = 0; i < lanes; i += 16)
            {
                low = Vector256.FusedMultiplyAdd(Vector256.Load(a + i), Vector256.Load(b + i), low);
                high = Vector256.FusedMultiplyAdd(Vector256.Load(a + i + 8), Vector256.Load(b + i + 8), high);
            }

            low.Store(sums);
            high.Store(sums + 8);
        }

        return LaneSum.Of(sums, 16, form);
    }

    /// <summary>Writes for all lanes the product of one row of a matrix with the features, ascending.</summary>
    public static void Product(float* matrixRow, float* x, int features, int stride, float* result, int lanes, KernelForm form)
    {
        if (form == KernelForm.Scalar)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                float sum = 0f;
                for (int c = 0; c < features; c++)
                {
                    sum = MathF.FusedMultiplyAdd(matrixRow[c], x[c * stride + lane], sum);
                }

                result[lane] = sum;
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
                Vector256<float> factor = Vector256.Create(matrixRow[c]);
                sum0 = Vector256.FusedMultiplyAdd(factor, Vector256.Load(row + lane), sum0);
                sum1 = Vector256.FusedMultiplyAdd(factor, Vector256.Load(row + lane + 8), sum1);
                sum2 = Vector256.FusedMultiplyAdd(factor, Vector256.Load(row + next), sum2);
                sum3 = Vector256.FusedMultiplyAdd(factor, Vector256.Load(row + next + 8), sum3);
            }

            sum0.Store(result + lane);
            sum1.Store(result + lane + 8);
            sum2.Store(result + next);
            sum3.Store(result + next + 8);
        }
    }
}
