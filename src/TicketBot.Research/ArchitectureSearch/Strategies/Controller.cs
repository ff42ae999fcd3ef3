using TicketBot.Learning;

namespace TicketBot.Research.ArchitectureSearch.Strategies;

/// <summary>A distribution over the choices of a space whose parameters are moved by what came of them.</summary>
internal abstract class Controller
{
    /// <summary>Draws one choice per decision; 0 for decisions without effect.</summary>
    public abstract int[] Sample(ref Rng rng);

    /// <summary>Moves the parameters one step up the gradient of <c>advantage * log p(choices) + entropyWeight * entropy</c>.</summary>
    public abstract void Reinforce(IReadOnlyList<int> choices, double advantage);

    /// <summary>Returns the log-probability of choices.</summary>
    public abstract double LogProbability(IReadOnlyList<int> choices);

    /// <summary>Turns logits into probabilities in place.</summary>
    protected static void Softmax(Span<double> logits)
    {
        var (top, sum) = (double.NegativeInfinity, 0.0);
        foreach (var logit in logits)
        {
            top = Math.Max(top, logit);
        }

        foreach (ref var logit in logits)
        {
            logit = PortableMath.Exp(logit - top);
            sum += logit;
        }

        foreach (ref var logit in logits)
        {
            logit /= sum;
        }
    }

    /// <summary>Draws an index with given probabilities.</summary>
    protected static int Draw(ReadOnlySpan<double> probabilities, ref Rng rng)
    {
        var left = rng.NextDouble();
        for (var i = 0; i < probabilities.Length - 1; i++)
        {
            left -= probabilities[i];
            if (left < 0)
            {
                return i;
            }
        }

        return probabilities.Length - 1;
    }

    /// <summary>Returns the gradient of <c>advantage * log p(choice) + entropyWeight * entropy</c> by the logits.</summary>
    protected static double[] LogitGradient(ReadOnlySpan<double> probabilities, int choice, double advantage, double entropyWeight)
    {
        var entropy = 0.0;
        foreach (var p in probabilities)
        {
            entropy -= p > 0 ? p * PortableMath.Log(p) : 0;
        }

        var gradient = new double[probabilities.Length];
        for (var i = 0; i < gradient.Length; i++)
        {
            var p = probabilities[i];
            gradient[i] = (advantage * ((i == choice ? 1 : 0) - p)) - (entropyWeight * p * ((p > 0 ? PortableMath.Log(p) : 0) + entropy));
        }

        return gradient;
    }
}
