using TicketBot.Learning.Pruning;

namespace TicketBot.Learning.Training;

/// <summary>When a weight matrix trains by its surviving weights alone.</summary>
public static class SparseTraining
{
    /// <summary>A matrix with at most this share of surviving weights (0.5) trains packed: forward, gradients and update touch its survivors only.
    /// <para>Part of a result's definition: packed weight gradients sum the samples of a tile through 16 virtual lanes and one tree, others sum the
    /// samples one after another, so moving this number changes the last bits of trained weights. Outputs and input gradients are the same either way.</para></summary>
    public const double SwitchDensity = 0.5;

    /// <summary>Packs the sparse matrices of a network and unpacks the others.</summary>
    internal static void Begin(Network network, MaskSet mask)
    {
        for (int i = 0; i < network.ParameterArray.Length; i++)
        {
            Parameter parameter = network.ParameterArray[i];
            if (parameter.IsPrunable && Packs(mask.Of(i)))
            {
                parameter.Pack(mask.Of(i));
            }
            else
            {
                parameter.Unpack();
            }
        }
    }

    /// <summary>Unpacks every matrix; the parameters' arrays hold the trained values.</summary>
    internal static void End(Network network)
    {
        foreach (Parameter parameter in network.ParameterArray)
        {
            parameter.Unpack();
        }
    }

    private static bool Packs(ReadOnlySpan<bool> mask) => mask.Count(true) <= SwitchDensity * mask.Length;
}
