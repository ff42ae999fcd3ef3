using System.Globalization;

namespace TicketBot.Research.Experiments;

/// <summary>Pairs tickets with their partners over seeds, and says what may be called a winning ticket.</summary>
internal static class Verdicts
{
    /// <summary>Level of the verdict; every control must be beaten at it, so that no correction for their number is needed.</summary>
    public const double Level = 0.05;

    /// <summary>Returns the comparisons, by round, dense first and then the controls.</summary>
    public static IReadOnlyList<ControlComparison> Compare(IReadOnlyList<SeedReport> seeds, IReadOnlyList<ExperimentControl> controls)
    {
        var comparisons = new List<ControlComparison>();
        for (var round = 1; round <= seeds.Max(seed => seed.Rounds.Count) - 1; round++)
        {
            var here = seeds.Where(seed => seed.Rounds.Count > round).ToList();
            foreach (var partner in controls.Select(ExperimentReport.NameOf).Prepend(ExperimentReport.DenseName))
            {
                var pairs = here.Select(seed => (
                    Ticket: seed.Rounds[round].Outcomes[ExperimentReport.TicketName],
                    Other: seed.Rounds[partner == ExperimentReport.DenseName ? 0 : round].Outcomes[partner])).ToList();
                double[] differences = [.. pairs.Select(pair => pair.Ticket.AccuracyAtEarlyStop - pair.Other.AccuracyAtEarlyStop)];
                comparisons.Add(new ControlComparison(
                    round, here.Average(seed => seed.Rounds[round].Remaining), partner, PairedTest.Of(differences),
                    pairs.Average(pair => pair.Ticket.EarlyStopStep - pair.Other.EarlyStopStep)));
            }
        }

        return comparisons;
    }

    /// <summary>Returns the verdict: at the sparsest round whose ticket is as good as dense on validation rows, is it better than every control on test rows?</summary>
    /// <param name="seeds">The repetitions.</param>
    /// <param name="comparisons">Their comparisons.</param>
    /// <param name="controls">What the ticket was compared with.</param>
    /// <param name="trainsFromStart">Whether what was trained sparse began at theta_k under its last mask; only then may it be called a ticket.</param>
    public static ExperimentVerdict Of(
        IReadOnlyList<SeedReport> seeds, IReadOnlyList<ControlComparison> comparisons, IReadOnlyList<ExperimentControl> controls, bool trainsFromStart)
    {
        if (comparisons.Count == 0)
        {
            return new ExperimentVerdict("dense network", null, "nothing was pruned");
        }

        if (ChosenRound(seeds) is not { } round)
        {
            return new ExperimentVerdict("sparse network", null, "at no round does the ticket keep up with the dense network's validation loss");
        }

        if (controls.Count == 0)
        {
            return new ExperimentVerdict("sparse network", round, "there is no control to be better than");
        }

        if (!trainsFromStart)
        {
            return new ExperimentVerdict("sparse network", round, "it was not trained from its start weights under its mask, so it shows no winning ticket, however accurate it is");
        }

        var weak = comparisons.Where(c => c.Round == round && c.Control != ExperimentReport.DenseName && c.Accuracy.PValue >= Level).ToList();
        return weak.Count == 0
            ? new ExperimentVerdict("winning ticket", round, $"as good as dense on validation rows and more accurate than {string.Join(", ", controls.Select(ExperimentReport.NameOf))} (each p < {Text(Level)})")
            : new ExperimentVerdict(
                "sparse network", round,
                $"not separated from {string.Join(", ", weak.Select(c => $"{c.Control} (p = {Text(c.Accuracy.PValue)})"))}{(seeds.Count < 5 ? "; fewer than 5 seeds cannot show it" : "")}");
    }

    private static int? ChosenRound(IReadOnlyList<SeedReport> seeds) => SparsestAsGood([.. Enumerable.Range(1, seeds.Min(seed => seed.Rounds.Count) - 1).Select(round => seeds.Select(
        seed => seed.Rounds[round].Outcomes[ExperimentReport.TicketName].MinValidationLoss - seed.Rounds[0].Outcomes[ExperimentReport.DenseName].MinValidationLoss).ToArray())]);

    /// <summary>Returns the sparsest round, counted from 1, at which the mean paired excess of the ticket's validation loss over dense lies within one standard error of zero, or <c>null</c>.</summary>
    /// <param name="excess">Per round, from the first: the excess of each repetition in nats.</param>
    internal static int? SparsestAsGood(IReadOnlyList<double[]> excess)
    {
        for (var round = excess.Count; round >= 1; round--)
        {
            var here = excess[round - 1];
            var mean = here.Average();
            var error = here.Length < 2 ? 0 : Math.Sqrt(here.Sum(e => (e - mean) * (e - mean)) / (here.Length - 1) / here.Length);
            if (mean <= error)
            {
                return round;
            }
        }

        return null;
    }

    private static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
