namespace TicketBot.Market.Regimes;

/// <summary>The expectation-maximisation of a hidden Markov model with K states and two independent normal observations per step
/// (Baum et al. 1970; scaled recursions of Rabiner 1989, section V.A).</summary>
/// <remarks>x is the trend and y the log volatility of a step. Letters as in Rabiner: alpha forward, beta backward, gamma state
/// probabilities; pairs are the sums of his xi. Differing from the paper, each
/// unbroken run of steps starts from the chain's stationary distribution instead of a fitted one: there are too few runs to fit it
/// on, and the filter starts from the same. Observations are standardised by the caller; floors are in those units.</remarks>
internal sealed class BaumWelch
{
    private const double VarianceFloorX = 0.1;

    // Rolling volatility wanders so slowly that the likelihood would spend every state on one more level of it; a state at least this
    // wide leaves the levels at about two and the other states to the trend.
    private const double VarianceFloorY = 0.35;
    private const double TransitionFloor = 1e-5;
    private const double LeastWeight = 1e-6; // Share of steps below which a state has no evidence and stays where it is.

    private readonly double[] _x;
    private readonly double[] _y;
    private readonly bool[] _starts;
    private readonly int _k;
    private readonly double[] _density;
    private readonly double[] _alpha;
    private readonly double[] _scale;

    /// <summary>Makes a fit of <paramref name="states"/> states over observations <c>[steps]</c> whose runs begin at the marks.</summary>
    public BaumWelch(double[] x, double[] y, bool[] starts, int states)
    {
        _x = x;
        _y = y;
        _starts = starts;
        _k = states;
        _density = new double[x.Length * states];
        _alpha = new double[x.Length * states];
        _scale = new double[x.Length];
    }

    /// <summary>The parameters of K states: means and variances <c>[K]</c> of both observations, transitions <c>[K, K]</c>, and the
    /// expected number of steps spent in each state <c>[K]</c>.</summary>
    public sealed record Parameters(double[] MeanX, double[] VarX, double[] MeanY, double[] VarY, double[] Transitions, double[] Weights)
    {
        /// <summary>Returns neutral parameters of K sticky states.</summary>
        public static Parameters Sticky(int k, double stay)
        {
            var transitions = new double[k * k];
            Array.Fill(transitions, (1 - stay) / (k - 1));
            for (var i = 0; i < k; i++)
            {
                transitions[(i * k) + i] = stay;
            }

            var ones = new double[k];
            Array.Fill(ones, 1);
            return new Parameters(new double[k], [.. ones], new double[k], [.. ones], transitions, new double[k]);
        }
    }

    /// <summary>Improves <paramref name="start"/> until the log likelihood per step gains less than <paramref name="tolerance"/> or
    /// the iterations are used up; returns the parameters and the log likelihood per step of those before the last improvement.</summary>
    public (Parameters Parameters, double LogLikelihood) Run(Parameters start, int iterations, double tolerance)
    {
        var parameters = start;
        var previous = double.NegativeInfinity;
        for (var i = 0; i < iterations; i++)
        {
            var likelihood = Forward(parameters) / _x.Length;
            parameters = BackwardAndMaximise(parameters);
            if (likelihood - previous < tolerance)
            {
                return (parameters, likelihood);
            }

            previous = likelihood;
        }

        return (parameters, previous);
    }

    private double Forward(Parameters p)
    {
        var k = _k;
        Span<double> stationary = stackalloc double[k];
        Span<double> constant = stackalloc double[k];
        Span<double> precisionX = stackalloc double[k];
        Span<double> precisionY = stackalloc double[k];
        Span<double> logs = stackalloc double[k];
        MarkovChain.Stationary(p.Transitions, stationary);
        for (var s = 0; s < k; s++)
        {
            constant[s] = -Math.Log(2 * Math.PI) - (0.5 * Math.Log(p.VarX[s] * p.VarY[s]));
            precisionX[s] = 0.5 / p.VarX[s];
            precisionY[s] = 0.5 / p.VarY[s];
        }

        var likelihood = 0.0;
        for (var t = 0; t < _x.Length; t++)
        {
            var most = double.NegativeInfinity;
            for (var s = 0; s < k; s++)
            {
                var dx = _x[t] - p.MeanX[s];
                var dy = _y[t] - p.MeanY[s];
                logs[s] = constant[s] - (dx * dx * precisionX[s]) - (dy * dy * precisionY[s]);
                most = Math.Max(most, logs[s]);
            }

            // Densities relative to the likeliest state: no step is so far out that all of them vanish.
            var row = t * k;
            var sum = 0.0;
            for (var s = 0; s < k; s++)
            {
                var density = Math.Exp(logs[s] - most);
                _density[row + s] = density;
                var reach = 0.0;
                if (_starts[t])
                {
                    reach = stationary[s];
                }
                else
                {
                    for (var i = 0; i < k; i++)
                    {
                        reach += _alpha[row - k + i] * p.Transitions[(i * k) + s];
                    }
                }

                _alpha[row + s] = reach * density;
                sum += reach * density;
            }

            for (var s = 0; s < k; s++)
            {
                _alpha[row + s] /= sum;
            }

            _scale[t] = sum;
            likelihood += Math.Log(sum) + most;
        }

        return likelihood;
    }

    private Parameters BackwardAndMaximise(Parameters p)
    {
        var k = _k;
        var weights = new double[k];
        Span<double> sumX = stackalloc double[k];
        Span<double> sumXX = stackalloc double[k];
        Span<double> sumY = stackalloc double[k];
        Span<double> sumYY = stackalloc double[k];
        Span<double> beta = stackalloc double[k];
        Span<double> ahead = stackalloc double[k];
        var pairs = new double[k * k];
        beta.Fill(1);
        for (var t = _x.Length - 1; t >= 0; t--)
        {
            var row = t * k;
            for (var s = 0; s < k; s++)
            {
                var gamma = _alpha[row + s] * beta[s];
                weights[s] += gamma;
                sumX[s] += gamma * _x[t];
                sumXX[s] += gamma * _x[t] * _x[t];
                sumY[s] += gamma * _y[t];
                sumYY[s] += gamma * _y[t] * _y[t];
                ahead[s] = _density[row + s] * beta[s] / _scale[t];
            }

            if (_starts[t])
            {
                beta.Fill(1);
                continue;
            }

            for (var i = 0; i < k; i++)
            {
                var sum = 0.0;
                for (var j = 0; j < k; j++)
                {
                    var step = p.Transitions[(i * k) + j] * ahead[j];
                    pairs[(i * k) + j] += _alpha[row - k + i] * step;
                    sum += step;
                }

                beta[i] = sum;
            }
        }

        var next = new Parameters(
            [.. p.MeanX], [.. p.VarX], [.. p.MeanY], [.. p.VarY], [.. p.Transitions], weights);
        for (var s = 0; s < k; s++)
        {
            if (weights[s] < LeastWeight * _x.Length)
            {
                continue;
            }

            next.MeanX[s] = sumX[s] / weights[s];
            next.MeanY[s] = sumY[s] / weights[s];
            next.VarX[s] = Math.Max((sumXX[s] / weights[s]) - (next.MeanX[s] * next.MeanX[s]), VarianceFloorX);
            next.VarY[s] = Math.Max((sumYY[s] / weights[s]) - (next.MeanY[s] * next.MeanY[s]), VarianceFloorY);
            Normalise(pairs.AsSpan(s * k, k), next.Transitions.AsSpan(s * k, k));
        }

        return next;
    }

    private static void Normalise(ReadOnlySpan<double> counts, Span<double> probabilities)
    {
        var total = 0.0;
        foreach (var count in counts)
        {
            total += count;
        }

        if (total <= 0)
        {
            return;
        }

        var floored = 0.0;
        for (var j = 0; j < counts.Length; j++)
        {
            probabilities[j] = Math.Max(counts[j] / total, TransitionFloor);
            floored += probabilities[j];
        }

        for (var j = 0; j < counts.Length; j++)
        {
            probabilities[j] /= floored;
        }
    }
}
