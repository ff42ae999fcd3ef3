namespace TicketBot.Learning;

/// <summary>The mean negative log-likelihood of labels under softmax probabilities.</summary>
public static class LogLoss
{
    /// <summary>Returns the weighted mean log-loss in nats; NaN when a logit is NaN.</summary>
    /// <param name="logits"><c>[rows, classes]</c>, row-major.</param>
    /// <param name="labels">Class per row.</param>
    /// <param name="weights">Weight per row; empty weighs every row 1.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="temperature">Divides the logits, above 0.</param>
    /// <exception cref="ArgumentException">Lengths disagree, or the weights sum to zero.</exception>
    public static double Of(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, int classes, double temperature = 1.0)
    {
        RequireLengths(logits, labels, weights, classes);
        double loss = 0.0;
        double total = 0.0;
        for (int row = 0; row < labels.Length; row++)
        {
            double weight = weights.IsEmpty ? 1.0 : weights[row];
            loss += weight * OfRow(logits.Slice(row * classes, classes), labels[row], temperature);
            total += weight;
        }

        return total > 0.0 ? loss / total : throw new ArgumentException($"expected weights with a sum above 0, found {total} over {labels.Length} rows", nameof(weights));
    }

    /// <summary>Returns the log-loss of one row in nats.</summary>
    public static double OfRow(ReadOnlySpan<float> logits, int label, double temperature = 1.0)
    {
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

        return PortableMath.Log(sum) - (logits[label] - top) / temperature;
    }

    internal static void RequireLengths(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, int classes)
    {
        if (logits.Length != (long)labels.Length * classes || (!weights.IsEmpty && weights.Length != labels.Length))
        {
            throw new ArgumentException($"expected {labels.Length} rows of {classes} logits and as many weights or none, found {logits.Length} logits and {weights.Length} weights");
        }
    }
}
