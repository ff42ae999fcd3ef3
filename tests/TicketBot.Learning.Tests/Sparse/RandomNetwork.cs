using TicketBot.Learning.Pruning;

namespace TicketBot.Learning.Tests.Sparse;

/// <summary>Networks of all genes with drawn parameters and masks.</summary>
internal static class RandomNetwork
{
    private static readonly string[] Activations = ["", "", "/relu", "/leakyrelu", "/tanh", "/sigmoid", "/gelu", "/identity"];

    /// <summary>Returns an architecture of one to six genes over 1 to 12 steps of 1 to 20 features.</summary>
    public static Architecture DrawArchitecture(ref Rng rng)
    {
        int window = rng.NextInt(4) == 0 ? 1 : 1 + rng.NextInt(12);
        int inputs = 1 + rng.NextInt(20);
        int outputs = 1 + rng.NextInt(3);
        int count = 1 + rng.NextInt(6);
        string genes = "";
        Architecture architecture = Architecture.Parse(genes, inputs, outputs, window);
        for (int i = 1; i <= count;)
        {
            string gene = DrawGene(i, ref rng);
            try
            {
                string longer = genes.Length == 0 ? gene : genes + "," + gene;
                architecture = Architecture.Parse(longer, inputs, outputs, window);
                genes = longer;
                i = architecture.Layers.Count + 1;
            }
            catch (FormatException)
            {
                // A kernel longer than what is left of the window: draw again.
            }
        }

        return architecture;
    }

    /// <summary>Returns a network with every parameter drawn, under a drawn mask of about this density.</summary>
    public static Network Draw(Architecture architecture, double density, ref Rng rng, out MaskSet mask)
    {
        Network network = Network.Create(architecture, ref rng);
        bool[]?[] masks = new bool[]?[network.Parameters.Count];
        for (int p = 0; p < masks.Length; p++)
        {
            Parameter parameter = network.Parameters[p];
            masks[p] = parameter.IsPrunable ? new bool[parameter.Values.Length] : null;
            for (int i = 0; i < parameter.Values.Length; i++)
            {
                if (masks[p] is { } bits)
                {
                    bits[i] = rng.NextDouble() < density;
                    continue;
                }

                // Some biases are exactly zero: then whole neurons are.
                parameter.Values[i] = parameter.Name.EndsWith("variance", StringComparison.Ordinal) ? (float)(0.1 + rng.NextDouble())
                    : rng.NextInt(3) == 0 ? 0f : (float)(0.5 * rng.NextGaussian());
            }
        }

        mask = MaskSet.FromArrays(architecture, masks);
        mask.ApplyTo(network);
        return network;
    }

    public static float[] DrawRow(int length, ref Rng rng)
    {
        float[] row = new float[length];
        for (int i = 0; i < length; i++)
        {
            row[i] = (float)rng.NextGaussian();
        }

        return row;
    }

    private static string DrawGene(int number, ref Rng rng)
    {
        int width = 1 + rng.NextInt(24);
        string gene = rng.NextInt(14) switch
        {
            0 or 1 => $"dense:{width}",
            2 or 3 => $"conv1d:{width}x{1 + rng.NextInt(5)}",
            4 => $"conv1d:{width}x{1 + rng.NextInt(4)}:valid",
            5 => $"lstm:{width}",
            6 => $"gru:{width}",
            7 => $"attention:{4 * (1 + rng.NextInt(4))}x{1 << rng.NextInt(3)}",
            8 => rng.NextInt(3) switch
            {
                0 => "batchnorm",
                1 => $"conv1d:{width}x{1 + rng.NextInt(3)}/identity,batchnorm",
                _ => $"conv1d:{width}x{1 + rng.NextInt(3)}/identity,identity,batchnorm",
            },
            9 => "layernorm",
            10 => rng.NextInt(2) == 0 ? "flatten" : "last",
            11 => rng.NextInt(2) == 0 ? "mean" : "max",
            12 => "reversal:0.5",
            _ => "identity",
        };
        gene += Activations[rng.NextInt(Activations.Length)];
        int skip = rng.NextInt(number);
        int other = rng.NextInt(number);
        gene += rng.NextInt(3) > 0 ? "" : skip == other ? $"+{skip}" : $"+{skip}+{other}";

        return rng.NextInt(6) == 0 ? gene + "@0.2" : gene;
    }
}
