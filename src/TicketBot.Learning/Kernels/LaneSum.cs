using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>Horizontal sums in one fixed order: 16 virtual lanes take every sixteenth element, then fold 16, 8, 4, 2, 1 by adding the upper half to the lower.</summary>
internal static unsafe class LaneSum
{
    /// <summary>Returns the sum of <paramref name="count"/> elements, a multiple of 16.</summary>
    public static float Of(float* values, int count, KernelForm form)
    {
        if (form == KernelForm.Scalar)
        {
            float* lanes = stackalloc float[16];
            for (int i = 0; i < count; i++)
            {
                lanes[i & 15] += values[i];
            }

            for (int half = 8; half > 0; half >>= 1)
            {
                for (int i = 0; i < half; i++)
                {
                    lanes[i] += lanes[i + half];
                }
            }

            return lanes[0];
        }

        Vector256<float> low = Vector256<float>.Zero;
        Vector256<float> high = Vector256<float>.Zero;
        for (int i = 0; i < count; i += 16)
        {
            low += Vector256.Load(values + i);
            high += Vector256.Load(values + i + 8);
        }

        Vector256<float> eight = low + high;
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        float a = four.GetElement(0) + four.GetElement(2);
        float b = four.GetElement(1) + four.GetElement(3);
        return a + b;
    }

    /// <summary>Adds to each total the sum of its row of a tile.</summary>
    public static void AddRows(float* rows, int count, int lanes, float[] totals, KernelForm form)
    {
        for (int row = 0; row < count; row++)
        {
            totals[row] += Of(rows + row * Tile.Width, lanes, form);
        }
    }
}
