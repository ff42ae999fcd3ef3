namespace TicketBot.Tickets;

/// <summary>One gate's judgement; a verdict never comes without its number.</summary>
/// <param name="Name">Gate name, camelCase.</param>
/// <param name="Value">The measured number, or <c>null</c> when the gate did not run.</param>
/// <param name="Threshold">The bound it is held against.</param>
/// <param name="SampleSize">Observations behind the number.</param>
/// <param name="Passed">The verdict, or <c>null</c> when the gate did not run.</param>
/// <param name="Reason">Plain words; <c>notRun</c> after an earlier refusal.</param>
public sealed record GateJudgement(string Name, double? Value, double Threshold, int SampleSize, bool? Passed, string Reason)
{
    /// <summary>Returns the judgement of a gate that ran.</summary>
    public static GateJudgement Of(string name, double value, double threshold, int sampleSize, bool passed, string reason) =>
        new(name, value, threshold, sampleSize, passed, reason);

    /// <summary>Returns the judgement of a gate that was not reached.</summary>
    public static GateJudgement NotRun(string name, double threshold) => new(name, null, threshold, 0, null, "notRun");
}

/// <summary>All judgements over one ticket, in the order of the gates.</summary>
/// <param name="Judgements">One per gate.</param>
public sealed record GateReport(IReadOnlyList<GateJudgement> Judgements)
{
    /// <summary>Whether every gate ran and passed.</summary>
    public bool Passed => Judgements.Count > 0 && Judgements.All(j => j.Passed == true);

    /// <summary>The first refusal, or <c>null</c>.</summary>
    public GateJudgement? FirstRefusal => Judgements.FirstOrDefault(j => j.Passed == false);
}
