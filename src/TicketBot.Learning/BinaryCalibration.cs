namespace TicketBot.Learning;

/// <summary>Turns the two logits of a network into an honest probability: <c>p = 1 / (1 + exp(-sign(z) |z / T|^e))</c> with z the second logit less the first.</summary>
/// <remarks>With e = 1 it is temperature scaling (Guo et al., "On Calibration of Modern Neural Networks", 2017). One temperature bends every answer alike; where most rows are
/// noise and few carry something, it flattens the few for the sake of the many. The exponent lets small logits, which are mostly noise, shrink more than large ones; even odds
/// stay even and the order of the answers stays.</remarks>
/// <param name="Temperature">T, above 0.</param>
/// <param name="Exponent">e, at least 1 and at most <see cref="HighestExponent"/>.</param>
public readonly record struct BinaryCalibration(double Temperature, double Exponent)
{
    /// <summary>The largest exponent that is ever answered.</summary>
    public const double HighestExponent = 3;

    private static readonly double[] Exponents = [1, 1.25, 1.5, 2, 2.5, HighestExponent];

    /// <summary>Returns the probability of the second class, 0..1.</summary>
    /// <param name="first">Logit of the first class.</param>
    /// <param name="second">Logit of the second class.</param>
    public double ProbabilityOf(float first, float second) => 1 / (1 + PortableMath.Exp(-Bent(second - (double)first)));

    /// <summary>Returns the log-loss of one row in nats.</summary>
    /// <param name="first">Logit of the first class.</param>
    /// <param name="second">Logit of the second class.</param>
    /// <param name="label">0 or 1.</param>
    public double LossOf(float first, float second, int label)
    {
        var margin = Bent(second - (double)first) * (label == 1 ? 1 : -1);
        return margin > 0 ? PortableMath.Log(1 + PortableMath.Exp(-margin)) : PortableMath.Log(1 + PortableMath.Exp(margin)) - margin;
    }

    /// <summary>Returns the weighted mean log-loss in nats.</summary>
    /// <param name="logits"><c>[rows, 2]</c>, row-major.</param>
    /// <param name="labels">0 or 1 per row.</param>
    /// <param name="weights">Weight per row; empty weighs every row 1.</param>
    /// <exception cref="ArgumentException">Lengths disagree, or the weights sum to zero.</exception>
    public double LossOf(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights)
    {
        LogLoss.RequireLengths(logits, labels, weights, 2);
        double loss = 0.0;
        double total = 0.0;
        for (int row = 0; row < labels.Length; row++)
        {
            double weight = weights.IsEmpty ? 1.0 : weights[row];
            loss += weight * LossOf(logits[2 * row], logits[(2 * row) + 1], labels[row]);
            total += weight;
        }

        return total > 0.0 ? loss / total : throw new ArgumentException($"expected weights with a sum above 0, found {total} over {labels.Length} rows", nameof(weights));
    }

    /// <summary>Returns the calibration with the lowest weighted log-loss: for each of a few exponents the best temperature, and of these the best.</summary>
    /// <param name="logits"><c>[rows, 2]</c>, row-major, finite.</param>
    /// <param name="labels">0 or 1 per row.</param>
    /// <param name="weights">Weight per row; empty weighs every row 1.</param>
    /// <exception cref="ArgumentException">There are no rows, lengths disagree, or a logit is not finite.</exception>
    public static BinaryCalibration Fit(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights)
    {
        var bent = new float[logits.Length];
        var best = new BinaryCalibration(Calibration.FitTemperature(logits, labels, weights), 1);
        double lowest = best.LossOf(logits, labels, weights);
        foreach (double exponent in Exponents)
        {
            var plain = new BinaryCalibration(1, exponent);
            for (int row = 0; row < labels.Length; row++)
            {
                bent[(2 * row) + 1] = (float)plain.Bent(logits[(2 * row) + 1] - (double)logits[2 * row]);
            }

            // |z|^e / t is |z / T|^e with T the e-th root of t.
            double root = PortableMath.Exp(PortableMath.Log(Calibration.FitTemperature(bent, labels, weights)) / exponent);
            var candidate = new BinaryCalibration(root, exponent);
            double loss = candidate.LossOf(logits, labels, weights);
            if (loss < lowest)
            {
                (best, lowest) = (candidate, loss);
            }
        }

        return best;
    }

    private double Bent(double margin)
    {
        double size = Math.Abs(margin) / Temperature;
        double bent = Exponent == 1 || size == 0 ? size : PortableMath.Exp(Exponent * PortableMath.Log(size));
        return margin < 0 ? -bent : bent;
    }
}
