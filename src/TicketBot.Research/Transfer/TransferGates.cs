using TicketBot.Research.Statistics;

namespace TicketBot.Research.Transfer;

/// <summary>The rules of transfer learning as gates.</summary>
internal static class TransferGates
{
    /// <summary>Similarity of the domains.</summary>
    public static TransferGate Similarity(DomainDistances distances, TransferOptions options, bool hasLabels) => new(
        "similarity", distances.Similarity, options.MinSimilarity, distances.Rows, distances.Similarity >= options.MinSimilarity, !hasLabels,
        FormattableString.Invariant($"kernel distance {distances.Mmd:0.0000} (p = {distances.MmdPValue:0.000}), similarity {distances.Similarity:0.000} with {options.MinSimilarity:0.00} wanted{(hasLabels ? "; labels of the target decide here" : "")}"));

    /// <summary>Accuracy of the source's network on validation rows of the source.</summary>
    public static TransferGate SourceAccuracy(IReadOnlyList<MethodOutcome> none, TransferRows rows, TransferOptions options, bool hasLabels)
    {
        var accuracy = none.Average(outcome => outcome.SourceValidation);
        var commonest = rows.SourceValidation.Labels.ToArray().GroupBy(label => label).Max(group => group.Count()) / (double)rows.SourceValidation.Rows;
        return new TransferGate(
            "sourceAccuracy", accuracy, options.MinSourceAccuracy, rows.SourceValidation.Rows, accuracy >= options.MinSourceAccuracy, !hasLabels,
            FormattableString.Invariant($"the source's network is right on {accuracy:P1} of the source's validation rows with {options.MinSourceAccuracy:P0} wanted; always saying the commonest class gives {commonest:P1}{(hasLabels ? "; labels of the target decide here" : "")}"));
    }

    /// <summary>Whether the source's task agrees with the target's: its network must not be right less often than its answers would be by chance.</summary>
    /// <remarks>The bound of Ben-David and others has a term for the error of the best network on both domains together; where labels contradict each other it is large, and no alignment
    /// makes it smaller.</remarks>
    public static TransferGate Agreement(TransferRows rows, IReadOnlyList<MethodOutcome> none)
    {
        var right = none[0].HeldRight;
        if (right.Length == 0)
        {
            return new TransferGate("sourceAgreement", null, 0, 0, null, true, "notRun: no labels of the target");
        }

        var hits = (int)Math.Round(none.Average(outcome => outcome.HeldRight.Count(r => r)));
        var chance = none.Average(outcome => outcome.AgreementByChance);
        var high = WilsonInterval.Of(hits, right.Length, 0.1).High;
        return new TransferGate(
            "sourceAgreement", (double)hits / right.Length, chance, right.Length, high >= chance, true,
            FormattableString.Invariant($"the source's network is right on {(double)hits / right.Length:P1} of {right.Length} labelled rows of the target; answers of the same frequencies without any relation would be on {chance:P1}{(high >= chance ? "" : ", so the source's labels contradict the target's")}"));
    }

    /// <summary>Least rows of the target.</summary>
    public static TransferGate Rows(TransferMethod method, TransferRows rows, TransferOptions options)
    {
        var (least, has) = (TransferMethods.LeastRows(method, options), RowsOf(method, rows));
        return new TransferGate(
            "targetRows", has, least, has, has >= least, true,
            $"{TransferMethods.NameOf(method)} had {has} {(TransferMethods.AdaptsDomains(method) ? "rows" : "labelled rows")} of the target, {least} wanted");
    }

    /// <summary>Rows that count for a method.</summary>
    public static int RowsOf(TransferMethod method, TransferRows rows) => TransferMethods.AdaptsDomains(method) ? rows.TargetTrain.Rows : rows.LabelledRows.Count;
}
