using System.Numerics.Tensors;

namespace TicketBot.Learning;

/// <summary>The wall against NaN and infinity.</summary>
internal static class FiniteCheck
{
    public static bool Passes(ReadOnlySpan<float> values) => TensorPrimitives.IsFiniteAll(values);

    public static void Require(ReadOnlySpan<float> values, string name)
    {
        if (Passes(values))
        {
            return;
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new ArgumentException($"expected finite values, found {values[i]} at position {i} of {values.Length}", name);
            }
        }
    }
}
