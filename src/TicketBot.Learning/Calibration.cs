namespace TicketBot.Learning;

/// <summary>Fits the one number that turns logits into honest probabilities (temperature scaling, Guo et al. 2017).</summary>
public static class Calibration
{
    /// <summary>The sharpest temperature that is ever answered.</summary>
    public const double LowestTemperature = 0.05;

    /// <summary>The flattest temperature that is ever answered.</summary>
    public const double HighestTemperature = 20.0;

    /// <summary>Returns the temperature with the lowest weighted log-loss, from <see cref="LowestTemperature"/> to <see cref="HighestTemperature"/>.</summary>
    /// <remarks>The log-loss is convex in b = 1/T with derivative mean(E_p[z] - z_label); its sign is halved down on a logarithmic scale.
    /// Logits that separate every row give the lowest, logits that carry nothing the highest temperature.</remarks>
    /// <param name="logits"><c>[rows, classes]</c>, row-major, finite.</param>
    /// <param name="labels">Class per row.</param>
    /// <param name="weights">Weight per row; empty weighs every row 1.</param>
    /// <exception cref="ArgumentException">There are no rows, lengths disagree, or a logit is not finite.</exception>
    public static double FitTemperature(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights)
    {
        if (labels.IsEmpty || logits.Length % labels.Length != 0)
        {
            throw new ArgumentException($"expected at least one row and whole rows of logits, found {labels.Length} labels and {logits.Length} logits", nameof(labels));
        }

        int classes = logits.Length / labels.Length;
        LogLoss.RequireLengths(logits, labels, weights, classes);
        FiniteCheck.Require(logits, nameof(logits));
        double low = LowestTemperature;
        double high = HighestTemperature;
        for (int i = 0; i < 50; i++)
        {
            double middle = Math.Sqrt(low * high);
            if (SlopeAt(1.0 / middle, logits, labels, weights, classes) > 0.0)
            {
                // The loss still rises with sharpness: a flatter temperature is better.
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return Math.Sqrt(low * high);
    }

    private static double SlopeAt(double sharpness, ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, int classes)
    {
        double slope = 0.0;
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<float> z = logits.Slice(row * classes, classes);
            double top = double.NegativeInfinity;
            foreach (float value in z)
            {
                top = Math.Max(top, value);
            }

            double sum = 0.0;
            double mean = 0.0;
            foreach (float value in z)
            {
                double e = PortableMath.Exp((value - top) * sharpness);
                sum += e;
                mean += e * value;
            }

            slope += (weights.IsEmpty ? 1.0 : weights[row]) * (mean / sum - z[labels[row]]);
        }

        return slope;
    }
}
