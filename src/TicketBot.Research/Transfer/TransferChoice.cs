using TicketBot.Learning;
using TicketBot.Research.Statistics;

namespace TicketBot.Research.Transfer;

/// <summary>Chooses among methods by labelled rows of the target that none of them was fitted on, or, without labels, by what can be seen without.</summary>
/// <remarks>With labels a transfer is kept only if the candidates have less log-loss than scratch beyond chance, where chance is that of the best of them all
/// (<see cref="SuperiorPredictiveAbility"/>), and the best is not worse than the source's network beyond chance. Without labels nothing can show a gain; see
/// <see cref="WithoutLabels"/>.</remarks>
internal static class TransferChoice
{
    private const int Draws = 2_000;

    /// <summary>A method with its mean loss per row over seeds.</summary>
    public sealed record Candidate(TransferMethod Method, double[] Losses)
    {
        /// <summary>Mean loss.</summary>
        public double Mean => Losses.Average();
    }

    /// <summary>What was found.</summary>
    /// <param name="Method">What is to be used.</param>
    /// <param name="Best">The candidate with the least loss; <c>null</c> without candidates.</param>
    /// <param name="PValue">Chance of such a lead over scratch where none exists.</param>
    /// <param name="Lead">Its lead over scratch in nats.</param>
    /// <param name="LeadOverSource">Its lead over the source's network in nats.</param>
    /// <param name="LeadOverSourceHigh">One-sided upper bound of that.</param>
    public sealed record Choice(TransferMethod Method, TransferMethod? Best, double? PValue, double? Lead, double? LeadOverSource, double? LeadOverSourceHigh);

    /// <summary>Chooses.</summary>
    /// <param name="scratch">The control.</param>
    /// <param name="none">The source's network.</param>
    /// <param name="candidates">Transfers that may be chosen.</param>
    /// <param name="window">Steps of a row.</param>
    /// <param name="alpha">Chance of keeping a transfer that is no better than scratch.</param>
    /// <param name="rng">Chance of the bootstrap.</param>
    public static Choice WithLabels(Candidate scratch, Candidate none, IReadOnlyList<Candidate> candidates, int window, double alpha, Rng rng)
    {
        var refuge = none.Mean < scratch.Mean ? TransferMethod.None : TransferMethod.Scratch;
        if (candidates.Count == 0)
        {
            return new Choice(refuge, null, null, null, null, null);
        }

        var best = candidates.MinBy(candidate => candidate.Mean)!;
        var n = scratch.Losses.Length;
        var block = BlockOf(n, window);

        // A return is the negative of a loss, so a candidate's return over the benchmark is its lead.
        var leads = CandidateReturns.Of([.. candidates.Select(candidate => Array.ConvertAll(candidate.Losses, loss => -loss))], Array.ConvertAll(scratch.Losses, loss => -loss));
        var test = SuperiorPredictiveAbility.Of(leads, block, Draws, rng.Split(1));
        var overSource = best.Losses.Select((loss, row) => none.Losses[row] - loss).ToArray();
        var meanOverSource = overSource.Average();
        var rows = new int[n];
        var below = new double[Draws];
        var chance = rng.Split(2);
        for (var draw = 0; draw < Draws; draw++)
        {
            StationaryBootstrap.Resample(rows, block, ref chance);
            below[draw] = rows.Average(row => overSource[row]) - meanOverSource;
        }

        Array.Sort(below);
        var high = meanOverSource - below[(int)(alpha * Draws)];
        var (p, lead) = (test.Consistent, scratch.Mean - best.Mean);
        return new Choice(p < alpha && lead > 0 && high >= 0 ? best.Method : refuge, best.Method, p, lead, meanOverSource, high);
    }

    /// <summary>Without labels of the target the source's network is kept unless an adaptation, on rows of both domains, brought the features of the domains to at most half
    /// their distance, kept the source's accuracy within one point, did not collapse, and is surer of the target's rows than the source's network (the classes then lie apart there:
    /// Grandvalet and Bengio 2004); of several, the surest. Nothing of this shows a gain; it shows that adaptation did what it is for.</summary>
    /// <param name="none">The source's network.</param>
    /// <param name="adapted">Adaptations that may be chosen, by seed.</param>
    public static TransferMethod WithoutLabels(IReadOnlyList<MethodOutcome> none, IReadOnlyList<(TransferMethod Method, IReadOnlyList<MethodOutcome> Outcomes)> adapted)
    {
        var surest = none.Average(outcome => outcome.TargetEntropy);
        var chosen = TransferMethod.None;
        foreach (var (method, outcomes) in adapted)
        {
            var entropy = outcomes.Average(outcome => outcome.TargetEntropy);
            if (outcomes.All(IsTrusted) && entropy < surest)
            {
                (surest, chosen) = (entropy, method);
            }
        }

        return chosen;

        bool IsTrusted(MethodOutcome outcome) =>
            outcome.Collapse is null && outcome.FeatureDistance <= 0.5 * none[0].FeatureDistance && outcome.SourceValidation >= none[0].SourceValidation - 0.01;
    }

    /// <summary>Returns the share of draws in which a method is worse than both controls.</summary>
    public static double RiskOf(Candidate method, Candidate scratch, Candidate none, int window, Rng rng)
    {
        var n = method.Losses.Length;
        var rows = new int[n];
        var worse = 0;
        for (var draw = 0; draw < Draws / 2; draw++)
        {
            StationaryBootstrap.Resample(rows, BlockOf(n, window), ref rng);
            double own = 0, first = 0, second = 0;
            foreach (var row in rows)
            {
                (own, first, second) = (own + method.Losses[row], first + scratch.Losses[row], second + none.Losses[row]);
            }

            worse += own > first && own > second ? 1 : 0;
        }

        return worse / (Draws / 2.0);
    }

    /// <summary>Returns the two-sided 95 % interval of a mean of dependent rows, each within -1..1.</summary>
    public static Gain Bounded(double[] values, int window, Rng rng)
    {
        var bound = StationaryBootstrap.OfMean(values, 0.025, BlockOf(values.Length, window), Draws, rng);
        return new Gain(bound.Mean, Math.Max(-1, bound.Lower), Math.Min(1, bound.Upper));
    }

    /// <summary>Mean block of the bootstrap: rows of a table may be neighbours in time.</summary>
    private static double BlockOf(int rows, int window) => Math.Min(rows, Math.Max(window, Math.Cbrt(rows)));
}
