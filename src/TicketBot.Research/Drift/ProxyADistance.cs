using TicketBot.Learning;
using TicketBot.Research.Statistics;

namespace TicketBot.Research.Drift;

/// <summary>Proxy A-distance: how well a classifier tells two samples of rows apart on rows it was not fitted on.</summary>
/// <remarks>2 (1 - 2 error), at least 0 and at most 2 (Ben-David and others, "Analysis of representations for domain adaptation", 2006). The classifier is logistic regression with an
/// unpenalised intercept and half the squared norm of its weights added to the summed loss (scikit-learn's C = 1), fitted by Newton's method to the minimum. Folds are blocks in
/// time, the same share of both samples, because neighbouring rows overlap and a shuffled fold would be told apart by its neighbours. The error is the mean of both samples' errors.</remarks>
public static class ProxyADistance
{
    /// <summary>Blocks in time that <see cref="Measure"/> uses.</summary>
    public const int Folds = 5;

    private const int MostSteps = 100;
    private const double Tolerance = 1e-10;
    private const int Draws = 1_000;

    /// <summary>Returns the distance of two samples.</summary>
    /// <param name="first">Rows in the order of time, <c>[rows, features]</c> row-major, finite.</param>
    /// <param name="second">The same of the other sample.</param>
    /// <param name="features">Features of a row, at least 1.</param>
    /// <param name="folds">Blocks, at least 2.</param>
    /// <exception cref="ArgumentException">A sample has no whole number of rows, or fewer than two per fold.</exception>
    public static double Of(ReadOnlySpan<double> first, ReadOnlySpan<double> second, int features, int folds = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        var (n, m) = (first.Length / features, second.Length / features);
        if (first.Length % features != 0 || second.Length % features != 0 || n < 2 * folds || m < 2 * folds)
        {
            throw new ArgumentException($"expected whole rows of {features} features, at least {2 * folds} in each sample, were {first.Length} and {second.Length} values", nameof(first));
        }

        var (wrongFirst, wrongSecond) = (0, 0);
        for (var fold = 0; fold < folds; fold++)
        {
            var (from, until) = (fold * n / folds, (fold + 1) * n / folds);
            var (begin, end) = (fold * m / folds, (fold + 1) * m / folds);
            double[] rows = [.. first[..(from * features)], .. first[(until * features)..], .. second[..(begin * features)], .. second[(end * features)..]];
            var weights = Fit(rows, features, n - (until - from));
            wrongFirst += CountAbove(first[(from * features)..(until * features)], weights, features);
            wrongSecond += (end - begin) - CountAbove(second[(begin * features)..(end * features)], weights, features);
        }

        var error = (((double)wrongFirst / n) + ((double)wrongSecond / m)) / 2;
        return Math.Max(0, 2 * (1 - (2 * error)));
    }

    /// <summary>A distance with its interval.</summary>
    /// <param name="Distance">0 (the domains cannot be told apart) to 2.</param>
    /// <param name="Low">Lower end of the 95 % interval, 0 to 2.</param>
    /// <param name="High">Upper end, 0 to 2.</param>
    public readonly record struct Estimate(double Distance, double Low, double High);

    /// <summary>Returns the larger of two distances, by the linear classifier and by a network with one hidden layer, which also sees variances and bends; five blocks in time with
    /// the rows next to a held-out block left out of the fit. The interval is that of a stationary bootstrap over rows of each sample.</summary>
    /// <param name="first">Rows in the order of time, <c>[rows, features]</c> row-major, finite; at least 10 rows.</param>
    /// <param name="second">The same of the other sample.</param>
    /// <param name="features">Features of a row, at least 1.</param>
    /// <param name="purge">Rows left out on both sides of a held-out block, at least 0.</param>
    /// <param name="rng">Chance of the network and the bootstrap.</param>
    /// <exception cref="ArgumentException">A sample has no whole number of rows, or too few.</exception>
    public static Estimate Measure(double[] first, double[] second, int features, int purge, Rng rng)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(purge);
        var (n, m) = (first.Length / features, second.Length / features);
        if (first.Length % features != 0 || second.Length % features != 0 || n < 2 * Folds || m < 2 * Folds)
        {
            throw new ArgumentException($"expected whole rows of {features} features, at least {2 * Folds} in each sample, were {first.Length} and {second.Length} values", nameof(first));
        }

        var wrong = new double[2][][];
        (wrong[0], wrong[1]) = ([new double[n], new double[m]], [new double[n], new double[m]]);
        for (var fold = 0; fold < Folds; fold++)
        {
            var (a, b) = (new Held(fold, n, purge), new Held(fold, m, purge));
            double[] rows = [.. a.Fitted(first, features), .. b.Fitted(second, features)];
            var firstRows = a.FittedRows;
            var weights = Fit(rows, features, firstRows);
            var network = DomainNetwork.Fit(rows, features, firstRows, rng.Split((ulong)fold));
            foreach (var (held, values, isSecond) in new[] { (a, first, false), (b, second, true) })
            {
                var side = isSecond ? 1 : 0;
                var says = network.SaysSecond(values.AsSpan(held.From * features, (held.Until - held.From) * features));
                for (var row = held.From; row < held.Until; row++)
                {
                    wrong[0][side][row] = Score(values.AsSpan(row * features, features), weights) > 0 == isSecond ? 0 : 1;
                    wrong[1][side][row] = says[row - held.From] == isSecond ? 0 : 1;
                }
            }
        }

        var better = DistanceOf(wrong[0][0].Average(), wrong[0][1].Average()) >= DistanceOf(wrong[1][0].Average(), wrong[1][1].Average()) ? wrong[0] : wrong[1];
        var drawn = new double[Draws];
        var (rowsOfFirst, rowsOfSecond) = (new int[n], new int[m]);
        for (var draw = 0; draw < Draws; draw++)
        {
            StationaryBootstrap.Resample(rowsOfFirst, Math.Max(purge, Math.Cbrt(n)), ref rng);
            StationaryBootstrap.Resample(rowsOfSecond, Math.Max(purge, Math.Cbrt(m)), ref rng);
            drawn[draw] = DistanceOf(rowsOfFirst.Average(row => better[0][row]), rowsOfSecond.Average(row => better[1][row]));
        }

        Array.Sort(drawn);
        return new Estimate(DistanceOf(better[0].Average(), better[1].Average()), drawn[(int)(0.025 * Draws)], drawn[(int)(0.975 * Draws)]);
    }

    private static double DistanceOf(double wrongOfFirst, double wrongOfSecond) => Math.Max(0, 2 * (1 - wrongOfFirst - wrongOfSecond));

    /// <summary>A block held out of a sample, with its purge.</summary>
    private readonly record struct Held(int Fold, int Rows, int Purge)
    {
        public int From => Fold * Rows / Folds;

        public int Until => (Fold + 1) * Rows / Folds;

        public int FittedRows => Before + Rows - After;

        private int Before => Math.Max(0, From - Purge);

        private int After => Math.Min(Rows, Until + Purge);

        public double[] Fitted(double[] values, int features) => [.. values[..(Before * features)], .. values[(After * features)..]];
    }

    // Rows of the first sample come first; returns the weights with the intercept last.
    private static double[] Fit(double[] rows, int features, int firstRows)
    {
        var count = rows.Length / features;
        var width = features + 1;
        var (weights, gradient, hessian) = (new double[width], new double[width], new double[width * width]);
        for (var step = 0; step < MostSteps; step++)
        {
            Array.Clear(hessian);
            for (var j = 0; j < width; j++)
            {
                gradient[j] = j < features ? weights[j] : 0;
                hessian[(j * width) + j] = j < features ? 1 : 0;
            }

            for (var i = 0; i < count; i++)
            {
                var row = rows.AsSpan(i * features, features);
                var p = 1 / (1 + Math.Exp(-Score(row, weights)));
                var (residual, curvature) = (p - (i < firstRows ? 0 : 1), p * (1 - p));
                for (var j = 0; j < width; j++)
                {
                    var x = j < features ? row[j] : 1;
                    gradient[j] += residual * x;
                    for (var k = 0; k <= j; k++)
                    {
                        hessian[(j * width) + k] += curvature * x * (k < features ? row[k] : 1);
                    }
                }
            }

            Solve(hessian, gradient, width);
            double largest = 0;
            for (var j = 0; j < width; j++)
            {
                weights[j] -= gradient[j];
                largest = Math.Max(largest, Math.Abs(gradient[j]));
            }

            if (largest < Tolerance)
            {
                break;
            }
        }

        return weights;
    }

    private static int CountAbove(ReadOnlySpan<double> rows, double[] weights, int features)
    {
        var count = 0;
        for (var i = 0; i < rows.Length; i += features)
        {
            count += Score(rows.Slice(i, features), weights) > 0 ? 1 : 0;
        }

        return count;
    }

    private static double Score(ReadOnlySpan<double> row, double[] weights)
    {
        var score = weights[^1];
        for (var j = 0; j < row.Length; j++)
        {
            score += row[j] * weights[j];
        }

        return score;
    }

    // Cholesky of the lower triangle in place; the right side becomes the solution. The ridge keeps the matrix definite.
    private static void Solve(double[] a, double[] b, int n)
    {
        for (var j = 0; j < n; j++)
        {
            for (var i = j; i < n; i++)
            {
                var sum = a[(i * n) + j];
                for (var k = 0; k < j; k++)
                {
                    sum -= a[(i * n) + k] * a[(j * n) + k];
                }

                a[(i * n) + j] = i == j ? Math.Sqrt(Math.Max(sum, 1e-12)) : sum / a[(j * n) + j];
            }
        }

        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < i; k++)
            {
                b[i] -= a[(i * n) + k] * b[k];
            }

            b[i] /= a[(i * n) + i];
        }

        for (var i = n - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < n; k++)
            {
                b[i] -= a[(k * n) + i] * b[k];
            }

            b[i] /= a[(i * n) + i];
        }
    }
}
