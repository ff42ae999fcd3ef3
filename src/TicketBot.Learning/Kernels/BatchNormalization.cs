using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>Sums and maps of batch normalisation over one tile <c>[steps][channels][64]</c>. Every channel has 16 virtual lanes <c>[channels][16]</c> that
/// take every sixteenth sample and are carried over steps and tiles in ascending order; <see cref="LaneSum"/> folds them once at the end, so all forms add in
/// one order. Lanes beyond the samples of the tile are left out of what would count them.</summary>
internal static unsafe class BatchNormalization
{
    /// <summary>sums = sums + x over the samples.</summary>
    public static void AddSums(float* x, int steps, int channels, int count, float* sums, KernelForm form)
    {
        for (int row = 0; row < steps * channels; row++, x += Tile.Width)
        {
            float* sum = sums + row % channels * Tile.LaneGroup;
            if (form == KernelForm.Scalar)
            {
                for (int lane = 0; lane < count; lane++)
                {
                    sum[lane & 15] += x[lane];
                }

                continue;
            }

            Vector256<float> low = Vector256.Load(sum);
            Vector256<float> high = Vector256.Load(sum + 8);
            int first = 0;
            for (; first + 16 <= count; first += 16)
            {
                low += Vector256.Load(x + first);
                high += Vector256.Load(x + first + 8);
            }

            if (first < count)
            {
                // A lane without a sample keeps its sum as it is, as in the plain form.
                low = Vector256.ConditionalSelect(Normalization.LanesBelow(count, first), low + Vector256.Load(x + first), low);
                high = Vector256.ConditionalSelect(Normalization.LanesBelow(count, first + 8), high + Vector256.Load(x + first + 8), high);
            }

            low.Store(sum);
            high.Store(sum + 8);
        }
    }

    /// <summary>sums = sums + d and squares = squares + d^2 over the samples, with d = x - mean.</summary>
    public static void AddDeviations(float* x, int steps, int channels, int count, float* mean, float* sums, float* squares, KernelForm form)
    {
        for (int row = 0; row < steps * channels; row++, x += Tile.Width)
        {
            int channel = row % channels;
            float* sum = sums + channel * Tile.LaneGroup;
            float* square = squares + channel * Tile.LaneGroup;
            if (form == KernelForm.Scalar)
            {
                for (int lane = 0; lane < count; lane++)
                {
                    float d = x[lane] - mean[channel];
                    sum[lane & 15] += d;
                    square[lane & 15] = MathF.FusedMultiplyAdd(d, d, square[lane & 15]);
                }

                continue;
            }

            Vector256<float> center = Vector256.Create(mean[channel]);
            Vector256<float> sumLow = Vector256.Load(sum);
            Vector256<float> sumHigh = Vector256.Load(sum + 8);
            Vector256<float> squareLow = Vector256.Load(square);
            Vector256<float> squareHigh = Vector256.Load(square + 8);
            int first = 0;
            for (; first + 16 <= count; first += 16)
            {
                Vector256<float> low = Vector256.Load(x + first) - center;
                Vector256<float> high = Vector256.Load(x + first + 8) - center;
                sumLow += low;
                sumHigh += high;
                squareLow = Vector256.FusedMultiplyAdd(low, low, squareLow);
                squareHigh = Vector256.FusedMultiplyAdd(high, high, squareHigh);
            }

            if (first < count)
            {
                Vector256<float> low = Vector256.Load(x + first) - center;
                Vector256<float> high = Vector256.Load(x + first + 8) - center;
                Vector256<float> keepLow = Normalization.LanesBelow(count, first);
                Vector256<float> keepHigh = Normalization.LanesBelow(count, first + 8);
                sumLow = Vector256.ConditionalSelect(keepLow, sumLow + low, sumLow);
                sumHigh = Vector256.ConditionalSelect(keepHigh, sumHigh + high, sumHigh);
                squareLow = Vector256.ConditionalSelect(keepLow, Vector256.FusedMultiplyAdd(low, low, squareLow), squareLow);
                squareHigh = Vector256.ConditionalSelect(keepHigh, Vector256.FusedMultiplyAdd(high, high, squareHigh), squareHigh);
            }

            sumLow.Store(sum);
            sumHigh.Store(sum + 8);
            squareLow.Store(square);
            squareHigh.Store(square + 8);
        }
    }

    /// <summary>y = (x - mean) factor + shift, the last two in one rounding.</summary>
    public static void Normalize(float* x, float* y, int steps, int channels, int lanes, float* mean, float* factor, float* shift, KernelForm form)
    {
        for (int row = 0; row < steps * channels; row++, x += Tile.Width, y += Tile.Width)
        {
            int channel = row % channels;
            if (form == KernelForm.Scalar)
            {
                for (int lane = 0; lane < lanes; lane++)
                {
                    y[lane] = MathF.FusedMultiplyAdd(x[lane] - mean[channel], factor[channel], shift[channel]);
                }

                continue;
            }

            Vector256<float> center = Vector256.Create(mean[channel]);
            Vector256<float> f = Vector256.Create(factor[channel]);
            Vector256<float> s = Vector256.Create(shift[channel]);
            for (int lane = 0; lane < lanes; lane += 8)
            {
                Vector256.FusedMultiplyAdd(Vector256.Load(x + lane) - center, f, s).Store(y + lane);
            }
        }
    }

    /// <summary>sums = sums + dy and products = products + dy (x - mean). Lanes without a sample have a zero dy and add nothing.</summary>
    public static void AddGradientSums(float* x, float* dy, int steps, int channels, int lanes, float* mean, float* sums, float* products, KernelForm form)
    {
        for (int row = 0; row < steps * channels; row++, x += Tile.Width, dy += Tile.Width)
        {
            int channel = row % channels;
            float* sum = sums + channel * Tile.LaneGroup;
            float* product = products + channel * Tile.LaneGroup;
            if (form == KernelForm.Scalar)
            {
                for (int lane = 0; lane < lanes; lane++)
                {
                    sum[lane & 15] += dy[lane];
                    product[lane & 15] = MathF.FusedMultiplyAdd(dy[lane], x[lane] - mean[channel], product[lane & 15]);
                }

                continue;
            }

            Vector256<float> center = Vector256.Create(mean[channel]);
            Vector256<float> sumLow = Vector256.Load(sum);
            Vector256<float> sumHigh = Vector256.Load(sum + 8);
            Vector256<float> productLow = Vector256.Load(product);
            Vector256<float> productHigh = Vector256.Load(product + 8);
            for (int lane = 0; lane < lanes; lane += 16)
            {
                Vector256<float> low = Vector256.Load(dy + lane);
                Vector256<float> high = Vector256.Load(dy + lane + 8);
                sumLow += low;
                sumHigh += high;
                productLow = Vector256.FusedMultiplyAdd(low, Vector256.Load(x + lane) - center, productLow);
                productHigh = Vector256.FusedMultiplyAdd(high, Vector256.Load(x + lane + 8) - center, productHigh);
            }

            sumLow.Store(sum);
            sumHigh.Store(sum + 8);
            productLow.Store(product);
            productHigh.Store(product + 8);
        }
    }

    /// <summary>dx = dx + factor (dy - average + slope (x - mean)) over the samples; lanes without a sample stay as they are, for their share of the
    /// average is not theirs.</summary>
    public static void AddInputGradient(float* x, float* dy, float* dx, int steps, int channels, int count, float* mean, float* factor, float* average, float* slope, KernelForm form)
    {
        for (int row = 0; row < steps * channels; row++, x += Tile.Width, dy += Tile.Width, dx += Tile.Width)
        {
            int channel = row % channels;
            int lane = 0;
            if (form != KernelForm.Scalar)
            {
                Vector256<float> center = Vector256.Create(mean[channel]);
                Vector256<float> f = Vector256.Create(factor[channel]);
                Vector256<float> a = Vector256.Create(average[channel]);
                Vector256<float> s = Vector256.Create(slope[channel]);
                for (; lane + 8 <= count; lane += 8)
                {
                    Vector256<float> g = Vector256.FusedMultiplyAdd(Vector256.Load(x + lane) - center, s, Vector256.Load(dy + lane) - a);
                    Vector256.FusedMultiplyAdd(f, g, Vector256.Load(dx + lane)).Store(dx + lane);
                }
            }

            for (; lane < count; lane++)
            {
                float g = MathF.FusedMultiplyAdd(x[lane] - mean[channel], slope[channel], dy[lane] - average[channel]);
                dx[lane] = MathF.FusedMultiplyAdd(factor[channel], g, dx[lane]);
            }
        }
    }

    /// <summary>dx = dx + factor dy: the backward form where the statistics are constants.</summary>
    public static void AddScaledGradient(float* dy, float* dx, int steps, int channels, int lanes, float* factor, KernelForm form)
    {
        for (int row = 0; row < steps * channels; row++, dy += Tile.Width, dx += Tile.Width)
        {
            TileRows.AddScaled(dy, factor[row % channels], dx, 1, lanes, form);
        }
    }
}
