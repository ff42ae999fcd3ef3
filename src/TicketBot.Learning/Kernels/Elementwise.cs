namespace TicketBot.Learning.Kernels;

/// <summary>Sums of two tiles; lanes are samples.</summary>
internal static unsafe class Elementwise
{
    /// <summary>Adds <c>rows</c> rows of a tile to those of another; unused lanes stay as they are.</summary>
    public static void Add(float* from, float* to, int rows, int lanes, KernelForm form)
    {
        (int runs, int count) = lanes == Tile.Width ? (1, rows * Tile.Width) : (rows, lanes);
        for (int run = 0; run < runs; run++, from += Tile.Width, to += Tile.Width)
        {
            switch (form)
            {
                case KernelForm.Vector512:
                    Add<SixteenLanes>(from, to, count);
                    break;
                case KernelForm.Vector256:
                    Add<EightLanes>(from, to, count);
                    break;
                default:
                    Add<OneLane>(from, to, count);
                    break;
            }
        }
    }

    private static void Add<T>(float* from, float* to, int count)
        where T : struct, ILanes<T>
    {
        for (int i = 0; i < count; i += T.Count)
        {
            (T.Load(to + i) + T.Load(from + i)).Store(to + i);
        }
    }
}
