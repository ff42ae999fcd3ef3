namespace TicketBot.Learning.Tests.Reference;

/// <summary>Sums in the engine's stated orders, in plain loops.</summary>
internal static class PlainSums
{
    /// <summary>The sum of products through 16 lanes: each takes every sixteenth product by fused multiply-add, then upper halves are added to lower
    /// ones until one lane is left. Lengths are multiples of 16.</summary>
    public static float LaneTree(ReadOnlySpan<float> dy, ReadOnlySpan<float> x)
    {
        float[] lanes = new float[16];
        for (int s = 0; s < dy.Length; s++)
        {
            lanes[s % 16] = s < 16 ? dy[s] * x[s] : MathF.FusedMultiplyAdd(dy[s], x[s], lanes[s % 16]);
        }

        while (lanes.Length > 1)
        {
            lanes = [.. lanes[..(lanes.Length / 2)].Zip(lanes[(lanes.Length / 2)..], (low, high) => low + high)];
        }

        return lanes[0];
    }
}
