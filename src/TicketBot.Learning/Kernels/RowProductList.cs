using System.Runtime.CompilerServices;

namespace TicketBot.Learning.Kernels;

/// <summary>A sparse matrix in compressed rows times one row of inputs: the form for rows with very few weights. Each output adds its products with inputs
/// ascending by fused multiply-add onto its start value.</summary>
internal static unsafe class RowProductList
{
    /// <summary>Runs the product.</summary>
    /// <param name="targets">Place of each row in <paramref name="y"/>.</param>
    /// <param name="ends">End of each row in <paramref name="columns"/> and <paramref name="values"/>; it begins where the one before ends.</param>
    /// <param name="columns">Inputs, ascending within a row.</param>
    /// <param name="values">Weights.</param>
    /// <param name="rows">Rows that have weights.</param>
    /// <param name="x">Inputs.</param>
    /// <param name="y">Start values, then sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int* targets, int* ends, int* columns, float* values, int rows, float* x, float* y)
    {
        int at = 0;
        for (int row = 0; row < rows; row++)
        {
            float sum = y[targets[row]];
            for (int end = ends[row]; at < end; at++)
            {
                sum = MathF.FusedMultiplyAdd(values[at], x[columns[at]], sum);
            }

            y[targets[row]] = sum;
        }
    }
}
