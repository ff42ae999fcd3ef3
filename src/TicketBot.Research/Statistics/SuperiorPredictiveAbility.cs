using TicketBot.Learning;

namespace TicketBot.Research.Statistics;

/// <summary>Is the best of many candidates better than the benchmark, given that it was picked as the best? P-values of "no candidate is better".</summary>
/// <remarks>White, "A reality check for data snooping", Econometrica 68(5), 2000; Hansen, "A test for superior predictive ability", JBES 23(4), 2005: the statistic is the largest
/// mean in units of its own error, and candidates far below the benchmark are not lifted up to it. All candidates are drawn with the same rows. A p-value counts the data
/// themselves among the draws, so it is never below 1 / (draws + 1).</remarks>
/// <param name="Candidates">Candidates tested: those that ever differ from the benchmark.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Draws">Bootstrap draws.</param>
/// <param name="Best">Index of the candidate with the largest studentised mean, or -1 when no candidate ever differs from the benchmark.</param>
/// <param name="Statistic">The largest studentised mean, sqrt(rows) * mean / omega, at least 0.</param>
/// <param name="Lower">Hansen's lower p-value: candidates worse than the benchmark are left where they are. Liberal.</param>
/// <param name="Consistent">Hansen's consistent p-value: only those worse beyond sqrt(2 log log rows) errors are left where they are. The one to quote.</param>
/// <param name="Upper">Hansen's upper p-value: all are lifted to the benchmark. Conservative.</param>
/// <param name="RealityCheckStatistic">White's statistic, the largest sqrt(rows) * mean.</param>
/// <param name="RealityCheck">White's p-value: means as they are, all candidates lifted to the benchmark.</param>
public sealed record SuperiorPredictiveAbility(
    int Candidates, int Rows, int Draws, int Best, double Statistic, double Lower, double Consistent, double Upper, double RealityCheckStatistic, double RealityCheck)
{
    // The kernel's weights fall like (1 - 1/block)^lag; below this they are lost in the last bit.
    private const double LeastWeight = 1e-17;

    /// <summary>Tests the table's candidates against zero.</summary>
    /// <param name="returns">Returns minus the benchmark's, <c>[rows, candidates]</c>.</param>
    /// <param name="meanBlock">Mean block length in rows, at least 1.</param>
    /// <param name="draws">Bootstrap draws, at least 1.</param>
    /// <param name="rng">Chance.</param>
    /// <exception cref="ArgumentException">A candidate differs from the benchmark by the same amount in every row, which has no error to be held against.</exception>
    public static SuperiorPredictiveAbility Of(CandidateReturns returns, double meanBlock, int draws, Rng rng)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(meanBlock, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        var n = returns.Rows;
        var sums = Prefix(returns);
        var variances = Variances(returns, meanBlock);
        var tested = Tested(sums, variances, n, returns.Candidates);
        if (tested.Length == 0)
        {
            return new SuperiorPredictiveAbility(0, n, draws, -1, 0, 1, 1, 1, 0, 1);
        }

        var root = Math.Sqrt(n);
        var bound = -Math.Sqrt(2 * Math.Log(Math.Max(1, Math.Log(n))));
        var means = new double[returns.Candidates];
        var errors = new double[returns.Candidates];
        var kept = new bool[returns.Candidates];
        var (best, statistic, check) = (tested[0], double.NegativeInfinity, double.NegativeInfinity);
        foreach (var k in tested)
        {
            means[k] = sums[(n * returns.Candidates) + k] / n;
            errors[k] = Math.Sqrt(variances[k]);
            var studentised = root * means[k] / errors[k];
            kept[k] = studentised >= bound;
            check = Math.Max(check, root * means[k]);
            (best, statistic) = studentised > statistic ? (k, studentised) : (best, statistic);
        }

        statistic = Math.Max(0, statistic);
        int lower = 1, consistent = 1, upper = 1, white = 1;
        var totals = new double[returns.Candidates];
        for (var draw = 0; draw < draws; draw++)
        {
            Draw(sums, totals, n, meanBlock, ref rng);
            double low = 0, middle = 0, high = 0, plain = double.NegativeInfinity;
            foreach (var k in tested)
            {
                var mean = totals[k] / n;
                plain = Math.Max(plain, root * (mean - means[k]));
                low = Math.Max(low, root * (mean - Math.Max(0, means[k])) / errors[k]);
                middle = Math.Max(middle, root * (mean - (kept[k] ? means[k] : 0)) / errors[k]);
                high = Math.Max(high, root * (mean - means[k]) / errors[k]);
            }

            lower += low >= statistic ? 1 : 0;
            consistent += middle >= statistic ? 1 : 0;
            upper += high >= statistic ? 1 : 0;
            white += plain >= check ? 1 : 0;
        }

        double Share(int count) => count / (draws + 1.0);
        return new SuperiorPredictiveAbility(
            tested.Length, n, draws, best, statistic, Share(lower), Share(consistent), Share(upper), check, Share(white));
    }

    /// <summary>Returns the variance of sqrt(rows) times each candidate's mean under the stationary bootstrap, exactly rather than by draws.</summary>
    /// <remarks>Politis and Romano (1994), lemma 1; the kernel of Hansen (2005), section 3.2.</remarks>
    /// <param name="returns">Returns, <c>[rows, candidates]</c>.</param>
    /// <param name="meanBlock">Mean block length in rows, at least 1.</param>
    public static double[] Variances(CandidateReturns returns, double meanBlock)
    {
        var (n, candidates) = (returns.Rows, returns.Candidates);
        var columns = Centred(returns);
        var variances = new double[candidates];
        var fall = 1 - (1 / meanBlock);
        for (var lag = 0; lag < n; lag++)
        {
            var share = (double)lag / n;
            var weight = lag == 0 ? 1 : 2 * (((1 - share) * Math.Pow(fall, lag)) + (share * Math.Pow(fall, n - lag)));
            if (weight < LeastWeight)
            {
                continue;
            }

            for (var k = 0; k < candidates; k++)
            {
                var column = columns.AsSpan(k * n, n);
                double sum = 0;
                for (var row = 0; row + lag < n; row++)
                {
                    sum += column[row] * column[row + lag];
                }

                variances[k] += weight * sum / n;
            }
        }

        return variances;
    }

    private static void Draw(double[] sums, double[] totals, int rows, double meanBlock, ref Rng rng)
    {
        Array.Clear(totals);
        for (var blocks = new StationaryBootstrap.BlockDraw(rows, meanBlock); blocks.IsOpen;)
        {
            var (start, length) = blocks.Next(ref rng);
            while (length > 0)
            {
                var end = Math.Min(rows, start + length);
                var from = sums.AsSpan(start * totals.Length, totals.Length);
                var until = sums.AsSpan(end * totals.Length, totals.Length);
                for (var k = 0; k < totals.Length; k++)
                {
                    totals[k] += until[k] - from[k];
                }

                length -= end - start;
                start = 0;
            }
        }
    }

    // Sums over the rows before each row: [rows + 1, candidates].
    private static double[] Prefix(CandidateReturns returns)
    {
        var sums = new double[(returns.Rows + 1) * returns.Candidates];
        for (var row = 0; row < returns.Rows; row++)
        {
            var values = returns.Row(row);
            for (var k = 0; k < values.Length; k++)
            {
                sums[((row + 1) * values.Length) + k] = sums[(row * values.Length) + k] + values[k];
            }
        }

        return sums;
    }

    // Deviations from each candidate's mean, one candidate after the other: [candidates, rows].
    private static double[] Centred(CandidateReturns returns)
    {
        var columns = new double[returns.Rows * returns.Candidates];
        for (var k = 0; k < returns.Candidates; k++)
        {
            double sum = 0;
            for (var row = 0; row < returns.Rows; row++)
            {
                sum += returns.Row(row)[k];
            }

            for (var row = 0; row < returns.Rows; row++)
            {
                columns[(k * returns.Rows) + row] = returns.Row(row)[k] - (sum / returns.Rows);
            }
        }

        return columns;
    }

    private static int[] Tested(double[] sums, double[] variances, int rows, int candidates)
    {
        var tested = new List<int>(candidates);
        for (var k = 0; k < candidates; k++)
        {
            var mean = sums[(rows * candidates) + k] / rows;
            if (variances[k] > 1e-18 * mean * mean)
            {
                tested.Add(k);
            }
            else if (mean != 0)
            {
                throw new ArgumentException($"candidate {k} differs from the benchmark by {mean} in every row; such a difference has no error to be held against");
            }
        }

        return [.. tested];
    }
}
