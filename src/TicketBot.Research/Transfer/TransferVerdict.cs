using TicketBot.Learning;
using TicketBot.Research.Stages;

namespace TicketBot.Research.Transfer;

/// <summary>What is to be used, and the gates that say so.</summary>
/// <param name="Chosen">The method.</param>
/// <param name="Fallback">Whether transfer was asked for and refused.</param>
/// <param name="Reason">In plain words.</param>
/// <param name="Gates">The gates.</param>
/// <param name="Refused">Why a method may not be chosen, for those that may not.</param>
internal sealed record TransferVerdict(
    TransferMethod Chosen, bool Fallback, string Reason, IReadOnlyList<TransferGate> Gates, IReadOnlyDictionary<TransferMethod, string> Refused)
{
    /// <summary>Judges.</summary>
    public static TransferVerdict Of(
        TransferRows rows, TransferPlan plan, TransferOptions options, DomainDistances distances, IReadOnlyDictionary<TransferMethod, MethodOutcome[]> found)
    {
        var none = found[TransferMethod.None];

        // Labels of one class cannot show a gain: whoever always says it is right on all of them.
        var hasLabels = none[0].HeldLosses.Length > 0 && rows.LabelledRows.Select(row => rows.KnownLabels[row]).Distinct().Count() > 1;
        var similarity = TransferGates.Similarity(distances, options, hasLabels);
        var accuracy = TransferGates.SourceAccuracy(none, rows, options, hasLabels);
        var agreement = TransferGates.Agreement(rows, none);
        var refused = new Dictionary<TransferMethod, string>();
        foreach (var (method, outcomes) in found.Where(pair => TransferMethods.Transfers(pair.Key)))
        {
            var enough = TransferGates.Rows(method, rows, options);
            var why = outcomes.Select(outcome => outcome.Skipped).FirstOrDefault(skipped => skipped is not null)
                ?? (enough.Passed == false ? enough.Reason : null)
                ?? outcomes.Select(outcome => outcome.Collapse).FirstOrDefault(collapse => collapse is not null);
            if (why is not null)
            {
                refused[method] = why;
            }
        }

        TransferMethod[] asked = [.. found.Keys.Where(TransferMethods.Transfers)];
        TransferMethod[] open = [.. asked.Where(method => !refused.ContainsKey(method))];
        var stop = new[] { similarity, accuracy, agreement }.FirstOrDefault(gate => gate is { Passed: false, Refuses: true });
        var rng = new Rng(StageHash.Seed("choice", plan.Seed, rows.Hash));
        return hasLabels ? WithLabels() : WithoutLabels();

        TransferVerdict WithLabels()
        {
            TransferChoice.Candidate Of(TransferMethod method) => new(method, LossesOf(found[method]));
            var (scratch, source) = (Of(TransferMethod.Scratch), Of(TransferMethod.None));
            var choice = TransferChoice.WithLabels(scratch, source, stop is null ? [.. open.Select(Of)] : [], rows.Window, options.Alpha, rng);
            var n = scratch.Losses.Length;
            var overScratch = new TransferGate(
                "gainOverScratch", choice.PValue, options.Alpha, n, choice.PValue is null ? null : choice.PValue < options.Alpha && choice.Lead > 0, true,
                choice.Best is null ? "notRun" : FormattableString.Invariant($"{TransferMethods.NameOf(choice.Best.Value)}, the best of {open.Length}, has {choice.Lead:+0.0000;-0.0000} nats less log-loss than scratch on {n} rows it was not fitted on, p = {choice.PValue:0.000}"));
            var overSource = new TransferGate(
                "notWorseThanSource", choice.LeadOverSourceHigh, 0, n, choice.LeadOverSourceHigh is null ? null : choice.LeadOverSourceHigh >= 0, true,
                choice.Best is null ? "notRun" : FormattableString.Invariant($"its lead over the source's network is {choice.LeadOverSource:+0.0000;-0.0000} nats, at most {choice.LeadOverSourceHigh:+0.0000;-0.0000}"));
            var fallback = asked.Length > 0 && !TransferMethods.Transfers(choice.Method);
            var control = FormattableString.Invariant($"{TransferMethods.NameOf(choice.Method)} has the lower log-loss of the two controls ({source.Mean:0.0000} none, {scratch.Mean:0.0000} scratch)");
            var reason = !fallback ? (asked.Length == 0 ? control : overScratch.Reason)
                : stop is not null ? $"{stop.Reason}; {control}"
                : open.Length == 0 ? $"no transfer may be chosen: {string.Join("; ", refused.Select(pair => $"{TransferMethods.NameOf(pair.Key)}: {pair.Value}"))}; {control}"
                : $"{(overScratch.Passed == false ? overScratch.Reason : overSource.Reason)}, which is not enough; {control}";
            return new TransferVerdict(choice.Method, fallback, reason, Gates(choice.Best, overScratch, overSource), refused);
        }

        TransferVerdict WithoutLabels()
        {
            var isApart = distances.MmdPValue < options.Alpha;
            var chosen = stop is not null || !isApart ? TransferMethod.None : TransferChoice.WithoutLabels(none, [.. open.Select(method => (method, (IReadOnlyList<MethodOutcome>)found[method]))]);
            var reason = stop is not null ? $"without labels of at least two classes of the target nothing shows a gain, and {stop.Reason}"
                : !isApart ? FormattableString.Invariant($"nothing tells the domains apart (p = {distances.MmdPValue:0.000}), so there is nothing to adapt; the source's network serves as it is")
                : chosen == TransferMethod.None ? "no adaptation halved the distance of the features, kept the source's accuracy and became surer of the target's rows; without labels of the target that is the least to ask"
                : $"{TransferMethods.NameOf(chosen)} halved the distance of the features, kept the source's accuracy and is surest of the target's rows; without labels of the target no gain can be shown";
            return new TransferVerdict(chosen, asked.Length > 0 && chosen == TransferMethod.None, reason, Gates(TransferMethods.Transfers(chosen) ? chosen : null), refused);
        }

        TransferGate[] Gates(TransferMethod? best, params TransferGate[] more) =>
            [similarity, accuracy, agreement, .. best is { } method ? [TransferGates.Rows(method, rows, options)] : Array.Empty<TransferGate>(), .. more];
    }

    /// <summary>Returns the mean loss of each row over seeds.</summary>
    public static double[] LossesOf(MethodOutcome[] outcomes) =>
        [.. Enumerable.Range(0, outcomes[0].HeldLosses.Length).Select(row => outcomes.Average(outcome => outcome.HeldLosses[row]))];
}
