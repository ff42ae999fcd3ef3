using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>The largest of the steps of a tile, <c>[steps][channels][64]</c> to <c>[channels][64]</c>. Lanes are independent; no order of sums is
/// involved. The first of equal steps stays; a NaN passes, and the last NaN stays.</summary>
internal static unsafe class StepMaximum
{
    /// <summary>Takes one more step into y; <paramref name="chosen"/> tells the step each value came from.</summary>
    public static void Take(float* x, int step, float* y, int* chosen, int rows, int lanes, KernelForm form)
    {
        (int runs, int length) = lanes == Tile.Width ? (1, rows * Tile.Width) : (rows, lanes);
        for (int run = 0; run < runs; run++, x += Tile.Width, y += Tile.Width, chosen += Tile.Width)
        {
            if (form == KernelForm.Scalar)
            {
                for (int i = 0; i < length; i++)
                {
                    if (x[i] > y[i] || float.IsNaN(x[i]))
                    {
                        y[i] = x[i];
                        chosen[i] = step;
                    }
                }

                continue;
            }

            for (int i = 0; i < length; i += 8)
            {
                Vector256<float> candidate = Vector256.Load(x + i);
                Vector256<float> best = Vector256.Load(y + i);
                Vector256<float> isBetter = Vector256.GreaterThan(candidate, best) | ~Vector256.Equals(candidate, candidate);
                Vector256.ConditionalSelect(isBetter, candidate, best).Store(y + i);
                Vector256.ConditionalSelect(isBetter.AsInt32(), Vector256.Create(step), Vector256.Load(chosen + i)).Store(chosen + i);
            }
        }
    }

    /// <summary>Adds each gradient to the step its value came from.</summary>
    public static void AddGradient(float* dy, int* chosen, float* dx, int channels, int lanes)
    {
        for (int row = 0; row < channels; row++)
        {
            for (int i = row * Tile.Width; i < row * Tile.Width + lanes; i++)
            {
                dx[chosen[i] * channels * Tile.Width + i] += dy[i];
            }
        }
    }
}
