using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>Layer normalisation of one step of a tile, <c>[channels][64]</c>. Lanes are samples and every sum runs over channels ascending, one lane
/// for itself, so forms cannot differ; 16 lanes, one cache line of each channel, are worked at a time.</summary>
internal static unsafe class LayerNormalization
{
    /// <summary>y = scale (x - mean) inverse + shift; mean and inverse = 1 / sqrt(variance + epsilon) are kept per lane.</summary>
    public static void Forward(float* x, float* y, int channels, int lanes, float* scale, float* shift, float* mean, float* inverse, KernelForm form)
    {
        if (form == KernelForm.Scalar)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                ForwardLane(x + lane, y + lane, channels, scale, shift, mean + lane, inverse + lane);
            }

            return;
        }

        Vector256<float> divisor = Vector256.Create((float)channels);
        for (int lane = 0; lane < lanes; lane += 16)
        {
            float* from = x + lane;
            Vector256<float> sum0 = Vector256<float>.Zero;
            Vector256<float> sum1 = Vector256<float>.Zero;
            for (int c = 0; c < channels; c++)
            {
                sum0 += Vector256.Load(from + c * Tile.Width);
                sum1 += Vector256.Load(from + c * Tile.Width + 8);
            }

            Vector256<float> mean0 = sum0 / divisor;
            Vector256<float> mean1 = sum1 / divisor;
            Vector256<float> square0 = Vector256.Create(Normalization.SquareStart);
            Vector256<float> square1 = square0;
            sum0 = sum1 = Vector256<float>.Zero;
            for (int c = 0; c < channels; c++)
            {
                Vector256<float> d0 = Vector256.Load(from + c * Tile.Width) - mean0;
                Vector256<float> d1 = Vector256.Load(from + c * Tile.Width + 8) - mean1;
                sum0 += d0;
                sum1 += d1;
                square0 = Vector256.FusedMultiplyAdd(d0, d0, square0);
                square1 = Vector256.FusedMultiplyAdd(d1, d1, square1);
            }

            Vector256<float> inverse0 = InverseOf(sum0, square0, divisor);
            Vector256<float> inverse1 = InverseOf(sum1, square1, divisor);
            mean0 += sum0 / divisor;
            mean1 += sum1 / divisor;
            mean0.Store(mean + lane);
            mean1.Store(mean + lane + 8);
            inverse0.Store(inverse + lane);
            inverse1.Store(inverse + lane + 8);
            for (int c = 0; c < channels; c++)
            {
                Vector256<float> a = Vector256.Create(scale[c]);
                Vector256<float> b = Vector256.Create(shift[c]);
                Vector256.FusedMultiplyAdd((Vector256.Load(from + c * Tile.Width) - mean0) * inverse0, a, b).Store(y + lane + c * Tile.Width);
                Vector256.FusedMultiplyAdd((Vector256.Load(from + c * Tile.Width + 8) - mean1) * inverse1, a, b).Store(y + lane + c * Tile.Width + 8);
            }
        }
    }

    /// <summary>With g = dy scale and h = (x - mean) inverse: dx = dx + inverse (g - mean(g) - h mean(g h)).</summary>
    public static void AddInputGradient(float* x, float* dy, float* dx, int channels, int lanes, float* scale, float* mean, float* inverse, KernelForm form)
    {
        if (form == KernelForm.Scalar)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                AddInputGradientLane(x + lane, dy + lane, dx + lane, channels, scale, mean[lane], inverse[lane]);
            }

            return;
        }

        Vector256<float> divisor = Vector256.Create((float)channels);
        for (int lane = 0; lane < lanes; lane += 16)
        {
            Vector256<float> mean0 = Vector256.Load(mean + lane);
            Vector256<float> mean1 = Vector256.Load(mean + lane + 8);
            Vector256<float> inverse0 = Vector256.Load(inverse + lane);
            Vector256<float> inverse1 = Vector256.Load(inverse + lane + 8);
            Vector256<float> sum0 = Vector256<float>.Zero;
            Vector256<float> sum1 = Vector256<float>.Zero;
            Vector256<float> product0 = Vector256<float>.Zero;
            Vector256<float> product1 = Vector256<float>.Zero;
            for (int c = 0; c < channels; c++)
            {
                int at = c * Tile.Width + lane;
                Vector256<float> a = Vector256.Create(scale[c]);
                Vector256<float> g0 = Vector256.Load(dy + at) * a;
                Vector256<float> g1 = Vector256.Load(dy + at + 8) * a;
                sum0 += g0;
                sum1 += g1;
                product0 = Vector256.FusedMultiplyAdd(g0, (Vector256.Load(x + at) - mean0) * inverse0, product0);
                product1 = Vector256.FusedMultiplyAdd(g1, (Vector256.Load(x + at + 8) - mean1) * inverse1, product1);
            }

            sum0 /= divisor;
            sum1 /= divisor;
            product0 = -(product0 / divisor);
            product1 = -(product1 / divisor);
            for (int c = 0; c < channels; c++)
            {
                int at = c * Tile.Width + lane;
                Vector256<float> a = Vector256.Create(scale[c]);
                Vector256<float> g0 = Vector256.FusedMultiplyAdd((Vector256.Load(x + at) - mean0) * inverse0, product0, Vector256.Load(dy + at) * a - sum0);
                Vector256<float> g1 = Vector256.FusedMultiplyAdd((Vector256.Load(x + at + 8) - mean1) * inverse1, product1, Vector256.Load(dy + at + 8) * a - sum1);
                Vector256.FusedMultiplyAdd(inverse0, g0, Vector256.Load(dx + at)).Store(dx + at);
                Vector256.FusedMultiplyAdd(inverse1, g1, Vector256.Load(dx + at + 8)).Store(dx + at + 8);
            }
        }
    }

    /// <summary>sums = sums + dy and products = products + dy h in 16 virtual lanes per channel, <c>[channels][16]</c>; a zero dy adds nothing.</summary>
    public static void AddGradientSums(float* x, float* dy, int channels, int lanes, float* mean, float* inverse, float* sums, float* products, KernelForm form)
    {
        for (int c = 0; c < channels; c++, x += Tile.Width, dy += Tile.Width, sums += Tile.LaneGroup, products += Tile.LaneGroup)
        {
            if (form == KernelForm.Scalar)
            {
                for (int lane = 0; lane < lanes; lane++)
                {
                    sums[lane & 15] += dy[lane];
                    products[lane & 15] = MathF.FusedMultiplyAdd(dy[lane], (x[lane] - mean[lane]) * inverse[lane], products[lane & 15]);
                }

                continue;
            }

            Vector256<float> sum0 = Vector256.Load(sums);
            Vector256<float> sum1 = Vector256.Load(sums + 8);
            Vector256<float> product0 = Vector256.Load(products);
            Vector256<float> product1 = Vector256.Load(products + 8);
            for (int lane = 0; lane < lanes; lane += 16)
            {
                Vector256<float> g0 = Vector256.Load(dy + lane);
                Vector256<float> g1 = Vector256.Load(dy + lane + 8);
                sum0 += g0;
                sum1 += g1;
                product0 = Vector256.FusedMultiplyAdd(g0, (Vector256.Load(x + lane) - Vector256.Load(mean + lane)) * Vector256.Load(inverse + lane), product0);
                product1 = Vector256.FusedMultiplyAdd(g1, (Vector256.Load(x + lane + 8) - Vector256.Load(mean + lane + 8)) * Vector256.Load(inverse + lane + 8), product1);
            }

            sum0.Store(sums);
            sum1.Store(sums + 8);
            product0.Store(products);
            product1.Store(products + 8);
        }
    }

    private static Vector256<float> InverseOf(Vector256<float> sum, Vector256<float> square, Vector256<float> divisor)
    {
        Vector256<float> variance = (square - sum * (sum / divisor)) / divisor;
        variance = Vector256.AndNot(variance, Vector256.LessThan(variance, Vector256.Create(Normalization.VarianceFloor)));
        return Vector256<float>.One / Vector256.Sqrt(variance + Vector256.Create(Normalization.Epsilon));
    }

    private static void ForwardLane(float* x, float* y, int channels, float* scale, float* shift, float* mean, float* inverse)
    {
        float sum = 0f;
        for (int c = 0; c < channels; c++)
        {
            sum += x[c * Tile.Width];
        }

        float center = sum / channels;
        float square = Normalization.SquareStart;
        sum = 0f;
        for (int c = 0; c < channels; c++)
        {
            float d = x[c * Tile.Width] - center;
            sum += d;
            square = MathF.FusedMultiplyAdd(d, d, square);
        }

        float variance = (square - sum * (sum / channels)) / channels;
        variance = variance < Normalization.VarianceFloor ? 0f : variance;
        center += sum / channels;
        float factor = 1f / MathF.Sqrt(variance + Normalization.Epsilon);
        *mean = center;
        *inverse = factor;
        for (int c = 0; c < channels; c++)
        {
            y[c * Tile.Width] = MathF.FusedMultiplyAdd((x[c * Tile.Width] - center) * factor, scale[c], shift[c]);
        }
    }

    private static void AddInputGradientLane(float* x, float* dy, float* dx, int channels, float* scale, float mean, float inverse)
    {
        float sum = 0f;
        float product = 0f;
        for (int c = 0; c < channels; c++)
        {
            float g = dy[c * Tile.Width] * scale[c];
            sum += g;
            product = MathF.FusedMultiplyAdd(g, (x[c * Tile.Width] - mean) * inverse, product);
        }

        sum /= channels;
        product = -(product / channels);
        for (int c = 0; c < channels; c++)
        {
            float g = MathF.FusedMultiplyAdd((x[c * Tile.Width] - mean) * inverse, product, dy[c * Tile.Width] * scale[c] - sum);
            dx[c * Tile.Width] = MathF.FusedMultiplyAdd(inverse, g, dx[c * Tile.Width]);
        }
    }
}
