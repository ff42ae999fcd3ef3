namespace TicketBot.Research.Drift;

/// <summary>Proxy A-distance: how well a linear classifier tells two samples of rows apart on rows it was not fitted on.</summary>
/// <remarks>2 (1 - 2 error), at least 0 and at most 2 (Ben-David and others, "Analysis of representations for domain adaptation", 2006). The classifier is logistic regression with an
/// unpenalised intercept and half the squared norm of its weights added to the summed loss (scikit-learn's C = 1), fitted by Newton's method to the minimum. Folds are blocks in
/// time, the same share of both samples, because neighbouring rows overlap and a shuffled fold would be told apart by its neighbours. The error is the mean of both samples' errors.</remarks>
public static class ProxyADistance
{
    private const int MostSteps = 100;
    private const double Tolerance = 1e-10;

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
