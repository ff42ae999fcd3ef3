namespace TicketBot.Learning;

/// <summary>Probabilities from logits.</summary>
public static class Softmax
{
    /// <summary>Writes the probabilities of one row; they sum to 1.</summary>
    /// <param name="logits">Logits of the classes.</param>
    /// <param name="temperature">Divides the logits, above 0; 1 leaves them (Guo et al. 2017).</param>
    /// <param name="probabilities">Room for as many values.</param>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is not above 0.</exception>
    public static void Apply(ReadOnlySpan<float> logits, double temperature, Span<double> probabilities)
    {
        if (!(temperature > 0.0) || !double.IsFinite(temperature))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "expected a temperature above 0");
        }

        double top = double.NegativeInfinity;
        foreach (float z in logits)
        {
            top = Math.Max(top, z);
        }

        double sum = 0.0;
        for (int c = 0; c < logits.Length; c++)
        {
            probabilities[c] = PortableMath.Exp((logits[c] - top) / temperature);
            sum += probabilities[c];
        }

        for (int c = 0; c < logits.Length; c++)
        {
            probabilities[c] /= sum;
        }
    }

    /// <summary>Returns the probability of class <paramref name="label"/> of one row, without allocating.</summary>
    public static double ProbabilityOf(ReadOnlySpan<float> logits, int label, double temperature = 1.0)
    {
        if (!(temperature > 0.0) || !double.IsFinite(temperature))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "expected a temperature above 0");
        }

        double top = double.NegativeInfinity;
        foreach (float z in logits)
        {
            top = Math.Max(top, z);
        }

        double sum = 0.0;
        foreach (float z in logits)
        {
            sum += PortableMath.Exp((z - top) / temperature);
        }

        return PortableMath.Exp((logits[label] - top) / temperature) / sum;
    }
}
