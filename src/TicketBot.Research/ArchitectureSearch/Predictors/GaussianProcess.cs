using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using TicketBot.Learning;

namespace TicketBot.Research.ArchitectureSearch.Predictors;

/// <summary>A Gaussian process with a Matern 5/2 kernel on the distance of one-hot choices (Rasmussen and Williams 2006, 4.2.1); length and noise are those of a small grid
/// with the largest marginal likelihood. The score is the expected improvement on the fittest known (Jones et al. 1998).</summary>
internal sealed class GaussianProcess : Predictor
{
    private static readonly double[] Lengths = [1, 2, 4, 8];
    private static readonly double[] Noises = [0.01, 0.1, 0.5];

    public override double[] Scores(IReadOnlyList<float[]> known, IReadOnlyList<double> fitness, IReadOnlyList<float[]> asked, ref Rng rng)
    {
        var targets = Standardised(fitness);
        var best = targets.Max();
        return [.. Predict(known, targets, asked).Select(p =>
        {
            var z = (p.Mean - best) / p.Deviation;
            return ((p.Mean - best) * Normal.CDF(0, 1, z)) + (p.Deviation * Normal.PDF(0, 1, z));
        })];
    }

    /// <summary>Returns mean and deviation of the process, given targets of mean 0 and deviation 1.</summary>
    internal static IReadOnlyList<(double Mean, double Deviation)> Predict(IReadOnlyList<float[]> known, double[] targets, IReadOnlyList<float[]> asked)
    {
        var y = Vector<double>.Build.DenseOfArray(targets);
        var distances = Matrix<double>.Build.Dense(known.Count, known.Count, (i, j) => Distance(known[i], known[j]));
        var (best, length, factor) = (double.NegativeInfinity, 1.0, (MathNet.Numerics.LinearAlgebra.Factorization.Cholesky<double>?)null);
        foreach (var tried in Lengths)
        {
            foreach (var noise in Noises)
            {
                var cholesky = (distances.Map(d => Kernel(d, tried)) + (noise * Matrix<double>.Build.DenseIdentity(known.Count))).Cholesky();
                var likelihood = -0.5 * (y.DotProduct(cholesky.Solve(y)) + cholesky.DeterminantLn);
                if (likelihood > best)
                {
                    (best, length, factor) = (likelihood, tried, cholesky);
                }
            }
        }

        var weights = factor!.Solve(y);
        return [.. asked.Select(features =>
        {
            var covariance = Vector<double>.Build.Dense(known.Count, i => Kernel(Distance(known[i], features), length));
            return (covariance.DotProduct(weights), Math.Sqrt(Math.Max(1e-9, 1 - covariance.DotProduct(factor.Solve(covariance)))));
        })];
    }

    private static double Kernel(double distance, double length)
    {
        var r = Math.Sqrt(5) * distance / length;
        return (1 + r + (r * r / 3)) * Math.Exp(-r);
    }

    private static double Distance(float[] a, float[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }

        return Math.Sqrt(sum);
    }
}
