using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>The one matrix product of the room: <c>C[m][lane] = start + sum over k of A[m,k] * X[k][lane]</c>. Lanes are samples (forward,
/// input gradient) or inputs (weight gradient). Every element starts from its start value and adds its products with k ascending by
/// fused multiply-add, so vector width, blocking and machine cannot change a bit: a sum that is stored between two blocks of k and read
/// again is the same float. Lane counts are multiples of 16; there is no remainder.</summary>
internal static unsafe class TileProduct
{
    /// <summary>Longest sum whose slice of X, 16 lanes out of rows of 64, finds room in the first-level cache as it lies.</summary>
    private const int ShortInner = 128;

    /// <summary>Length of a block of k when the slice of X is copied together: 32 KB.</summary>
    private const int PanelInner = 512;

    /// <summary>Below so many rows a copy of X costs more than it saves.</summary>
    private const int PanelRows = 24;

    /// <summary>Rows and k of A copied together when A is read down its columns: whole cache lines at a time.</summary>
    private const int ColumnRows = 96;
    private const int ColumnInner = 256;

    /// <summary>Step between k of A from which its columns meet in few cache sets.</summary>
    private const int LongColumnStride = 256;

    /// <summary>Runs the product.</summary>
    /// <param name="a">Element (m, k) lies at <c>a[m * rowStride + k * innerStride]</c>.</param>
    /// <param name="rowStride">Step between rows of A.</param>
    /// <param name="innerStride">Step between k of A.</param>
    /// <param name="x"><c>[inner][xStride]</c>.</param>
    /// <param name="xStride">Step between rows of X.</param>
    /// <param name="start">Start value per row, or null to continue from what C holds.</param>
    /// <param name="c"><c>[rows][cStride]</c>.</param>
    /// <param name="cStride">Step between rows of C.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="inner">Length of the sums.</param>
    /// <param name="lanes">Columns, a multiple of 16.</param>
    /// <param name="form">Which form runs.</param>
    public static void Run(float* a, int rowStride, int innerStride, float* x, int xStride, float* start, float* c, int cStride, int rows, int inner, int lanes, KernelForm form)
    {
        if (form == KernelForm.Scalar)
        {
            RunScalar(a, rowStride, innerStride, x, xStride, start, c, cStride, rows, inner, lanes);
            return;
        }

        var whole = new ProductBlock
        {
            A = a,
            RowStride = rowStride,
            InnerStride = innerStride,
            X = x,
            XStride = xStride,
            Start = start,
            C = c,
            CStride = cStride,
            Rows = rows,
            Inner = inner,
        };
        if (rowStride == 1 && innerStride >= LongColumnStride && rows >= Tile.LaneGroup && inner >= Tile.LaneGroup)
        {
            RunByColumns(whole, lanes, form);
        }
        else
        {
            RunByRows(whole, lanes, form);
        }
    }

    // A wide register takes whole rows of a tile, which lie together already.
    private static void RunByRows(in ProductBlock whole, int lanes, KernelForm form)
    {
        if (form == KernelForm.Vector512)
        {
            int done = 0;
            do
            {
                ProductBlock part = whole.From(done, ShortInner);
                TileProduct512.Run(part, lanes);
                done += part.Inner;
            }
            while (done < whole.Inner);
        }
        else if (whole.Inner > ShortInner && whole.Rows >= PanelRows)
        {
            RunPanels(whole, lanes);
        }
        else
        {
            TileProduct256.Run(whole, 0, lanes);
        }
    }

    // Copies each slice of X together, so that its lines do not meet in every fourth cache set.
    [SkipLocalsInit]
    private static void RunPanels(in ProductBlock whole, int lanes)
    {
        byte* memory = stackalloc byte[PanelInner * Tile.LaneGroup * sizeof(float) + 64];
        float* panel = Aligned(memory);
        for (int done = 0; done < whole.Inner; done += PanelInner)
        {
            ProductBlock part = whole.From(done, PanelInner);
            for (int lane = 0; lane < lanes; lane += Tile.LaneGroup)
            {
                CopyRows(part.X + lane, part.XStride, part.Inner, Tile.LaneGroup, panel, Tile.LaneGroup);
                TileProduct256.Run(part with { X = panel, XStride = Tile.LaneGroup, C = whole.C + lane }, 0, Tile.LaneGroup);
            }
        }
    }

    [SkipLocalsInit]
    private static void RunByColumns(in ProductBlock whole, int lanes, KernelForm form)
    {
        byte* memory = stackalloc byte[ColumnRows * ColumnInner * sizeof(float) + 64];
        float* panel = Aligned(memory);
        for (int done = 0; done < whole.Inner; done += ColumnInner)
        {
            ProductBlock part = whole.From(done, ColumnInner);
            for (int m = 0; m < whole.Rows; m += ColumnRows)
            {
                int height = Math.Min(ColumnRows, whole.Rows - m);
                CopyRows(part.A + m, part.InnerStride, part.Inner, height, panel, ColumnRows);
                ProductBlock columns = part with
                {
                    A = panel,
                    InnerStride = ColumnRows,
                    Start = part.Start == null ? null : part.Start + m,
                    C = part.C + m * part.CStride,
                    Rows = height,
                };
                if (form == KernelForm.Vector512)
                {
                    RunByRows(columns, lanes, form);
                }
                else
                {
                    TileProduct256.Run(columns, 0, lanes);
                }
            }
        }
    }

    private static float* Aligned(byte* memory) => (float*)(((nuint)memory + 63) & ~(nuint)63);

    private static void CopyRows(float* from, nint fromStride, int rows, int columns, float* to, nint toStride)
    {
        for (int r = 0; r < rows; r++)
        {
            int i = 0;
            for (; i + 8 <= columns; i += 8)
            {
                Vector256.Load(from + i).Store(to + i);
            }

            for (; i < columns; i++)
            {
                to[i] = from[i];
            }

            from += fromStride;
            to += toStride;
        }
    }

    private static void RunScalar(float* a, int rowStride, int innerStride, float* x, int xStride, float* start, float* c, int cStride, int rows, int inner, int lanes)
    {
        for (int m = 0; m < rows; m++)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                float sum = start != null ? start[m] : c[(long)m * cStride + lane];
                for (int k = 0; k < inner; k++)
                {
                    sum = MathF.FusedMultiplyAdd(a[(long)m * rowStride + (long)k * innerStride], x[(long)k * xStride + lane], sum);
                }

                c[(long)m * cStride + lane] = sum;
            }
        }
    }
}
