using TicketBot.Learning.Training;

namespace TicketBot.Learning.Losses;

/// <summary>What training makes small; a closed family. Every loss is a weighted mean over samples (but for <see cref="Sharpe"/>, a ratio over them), so sample
/// weights act by their shares. A batch without any weight has loss 0 and teaches nothing. Outputs that are not finite give a loss that is not finite, which
/// ends training; they are never passed over. Gradients smaller than 1e-12 are zero.</summary>
public abstract record Loss
{
    private Loss()
    {
    }

    /// <summary>Returns the loss of a network over a whole set, added up in the order of the rows in double precision: what early stopping watches.</summary>
    /// <exception cref="ArgumentException">Set, network and loss do not fit together, the weights sum to zero, or an option is out of range.</exception>
    public double Of(Network network, TrainingSet set)
    {
        LossFunction function = CreateFunction(network.Architecture);
        function.RequireFit(network.Architecture, set, nameof(set));
        return new SetLoss(network, function).Of(set);
    }

    internal LossFunction CreateFunction(Architecture architecture) => CreateFunction(architecture.Outputs, architecture.RowLength);

    /// <summary>Checks the options and makes the loss for a network of so many outputs that reads rows of so many values.</summary>
    internal abstract LossFunction CreateFunction(int outputs, int rowLength);

    private static void Require(bool holds, string name, string expected, object? found)
    {
        if (!holds)
        {
            throw new ArgumentException($"{name}: expected {expected}, found {found}");
        }
    }

    /// <summary>Softmax cross-entropy of class labels, in nats. Outputs: one logit per class. Set: labels.</summary>
    public sealed record CrossEntropy : Loss
    {
        /// <summary>Weight per class, finite and at least 0, multiplied with the sample weights, also in the sum that divides; null (the default) weighs every
        /// class 1. The list is compared by reference.</summary>
        public IReadOnlyList<float>? ClassWeights { get; init; }

        internal override LossFunction CreateFunction(int outputs, int rowLength)
        {
            if (ClassWeights is { } weights)
            {
                Require(weights.Count == outputs, nameof(ClassWeights), $"{outputs} values for {outputs} outputs", weights.Count);
                for (int c = 0; c < weights.Count; c++)
                {
                    Require(float.IsFinite(weights[c]) && weights[c] >= 0f, $"{nameof(ClassWeights)}[{c}]", "a finite weight of at least 0", weights[c]);
                }
            }

            return new CrossEntropyFunction(outputs, ClassWeights is null ? null : [.. ClassWeights]);
        }
    }

    /// <summary>Cross-entropy of independent yes-or-no targets under the logistic function, the mean over outputs, in nats. Outputs: one logit per target.
    /// Set: targets in [0, 1].</summary>
    public sealed record Binary : Loss
    {
        internal override LossFunction CreateFunction(int outputs, int rowLength) => new BinaryFunction(outputs);
    }

    /// <summary>Mean squared error, the mean over outputs, in squared units of the targets. Outputs: one per target. Set: targets.</summary>
    public sealed record MeanSquared : Loss
    {
        internal override LossFunction CreateFunction(int outputs, int rowLength) => ResidualFunction.MeanSquared(outputs);
    }

    /// <summary>Squared error near the target and absolute error far from it (Huber 1964), the mean over outputs: d^2 / 2 up to Delta, else Delta (|d| - Delta / 2).
    /// Outputs: one per target. Set: targets.</summary>
    public sealed record Huber : Loss
    {
        /// <summary>Where squared becomes absolute, in units of the targets, above 0 and finite; 1 by default.</summary>
        public float Delta { get; init; } = 1f;

        internal override LossFunction CreateFunction(int outputs, int rowLength)
        {
            Require(Delta > 0f && float.IsFinite(Delta), nameof(Delta), "a finite number above 0", Delta);
            return ResidualFunction.Huber(outputs, Delta);
        }
    }

    /// <summary>Mean squared error against the row's own features, for autoencoders. Outputs: one per value of a row, oldest step first. Set: any; labels and
    /// targets are not read.</summary>
    public sealed record Reconstruction : Loss
    {
        internal override LossFunction CreateFunction(int outputs, int rowLength)
        {
            Require(outputs == rowLength, nameof(Reconstruction), $"as many outputs as a row has values, {rowLength}", outputs);
            return ResidualFunction.Reconstruction(outputs);
        }
    }

    /// <summary>Negative log-likelihood of a normal distribution whose variance is an output (Nix and Weigend 1994), the mean over targets, in nats:
    /// (log 2 pi + s + (y - m)^2 e^-s) / 2 with target y, mean m and log-variance s. Outputs for k targets: k means, then k log-variances; without
    /// <see cref="PredictsMean"/> k log-variances. Set: k targets.</summary>
    /// <remarks>The log-variance is read as clamped to its range. Outside the range its gradient is that at the bound where it leads back in, and zero where it leads
    /// further out; the true derivative there, zero, would never let it return.</remarks>
    public sealed record Gaussian : Loss
    {
        /// <summary>True (the default) for a mean and a log-variance per target; false for the log-variance alone, the mean being 0: volatility of returns.</summary>
        public bool PredictsMean { get; init; } = true;

        /// <summary>Smallest log-variance, in log of squared units of the targets, at least -60; -20 by default, a deviation of 4.5e-5.</summary>
        public double LowestLogVariance { get; init; } = -20.0;

        /// <summary>Largest log-variance, above the smallest and at most 60; 20 by default, a deviation of 2.2e4.</summary>
        public double HighestLogVariance { get; init; } = 20.0;

        internal override LossFunction CreateFunction(int outputs, int rowLength)
        {
            Require(LowestLogVariance >= -60.0, nameof(LowestLogVariance), "at least -60", LowestLogVariance);
            Require(HighestLogVariance <= 60.0 && HighestLogVariance > LowestLogVariance, nameof(HighestLogVariance), $"above {LowestLogVariance} and at most 60", HighestLogVariance);
            Require(!PredictsMean || outputs % 2 == 0, nameof(Gaussian), "an even number of outputs, means before log-variances", outputs);
            return new GaussianFunction(outputs, PredictsMean, LowestLogVariance, HighestLogVariance);
        }
    }

    /// <summary>The negative Sharpe ratio of portfolio returns (Moody and Saffell 1998): -m / sqrt(v + f^2), where m and v are the weighted mean and the weighted
    /// variance (divided by the sum of weights) of the returns of the batch or of the set, and f is <see cref="DeviationFloor"/>. A sample's return is the sum over
    /// assets of weight times target. Set: the assets' simple returns over the next step. Not annualised; costs are not in it.</summary>
    /// <remarks>With leverage 1 there is one output per asset and the weights are their softmax. With leverage L above 1 there are two, z+ of all assets and then z- of
    /// all assets, and the weights are (1 + s) softmax(z+) - s softmax(z-) with s = (L - 1) / 2. Weights always sum to 1, and their sizes to at most L.</remarks>
    public sealed record Sharpe : Loss
    {
        /// <summary>Bound of the sum of the sizes of the weights, from 1 (long only, the default) to 100.</summary>
        public double GrossLeverage { get; init; } = 1.0;

        /// <summary>Keeps the ratio in bounds where returns hardly vary, for one sample above all; in units of the targets, 1e-12 to 1e12; 1e-4 by default, one basis point.</summary>
        public double DeviationFloor { get; init; } = 1e-4;

        private double Short => (GrossLeverage - 1.0) / 2.0;

        /// <summary>Writes the weights that one row of outputs stands for.</summary>
        /// <param name="outputs">One per asset, or two with leverage above 1, finite.</param>
        /// <param name="weights">Room for one per asset.</param>
        /// <exception cref="ArgumentException">The numbers of outputs and weights do not fit together, or an option is out of range.</exception>
        public void WeightsOf(ReadOnlySpan<float> outputs, Span<double> weights)
        {
            RequireOptions();
            int expected = Short > 0.0 ? 2 * weights.Length : weights.Length;
            if (weights.IsEmpty || outputs.Length != expected)
            {
                throw new ArgumentException($"expected {expected} outputs for the weights of {weights.Length} assets (at least 1) with leverage {GrossLeverage}, found {outputs.Length}", nameof(outputs));
            }

            FiniteCheck.Require(outputs, nameof(outputs));
            PortfolioWeights.Of(outputs, Short, weights);
        }

        internal override LossFunction CreateFunction(int outputs, int rowLength)
        {
            RequireOptions();
            Require(Short == 0.0 || outputs % 2 == 0, nameof(Sharpe), "an even number of outputs, two per asset with leverage above 1", outputs);
            return new SharpeFunction(outputs, Short, DeviationFloor);
        }

        private void RequireOptions()
        {
            Require(GrossLeverage is >= 1.0 and <= 100.0, nameof(GrossLeverage), "1 to 100", GrossLeverage);
            // Its square must neither vanish nor overflow.
            Require(DeviationFloor is >= 1e-12 and <= 1e12, nameof(DeviationFloor), "1e-12 to 1e12", DeviationFloor);
        }
    }
}
