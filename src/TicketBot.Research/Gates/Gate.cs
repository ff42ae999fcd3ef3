using TicketBot.Tickets;

namespace TicketBot.Research.Gates;

/// <summary>A named judgement over one ticket.</summary>
public abstract class Gate
{
    /// <summary>Name, camelCase.</summary>
    public abstract string Name { get; }

    /// <summary>The bound its number is held against.</summary>
    public abstract double Threshold(TicketEvidence evidence);

    /// <summary>Judges.</summary>
    public abstract GateJudgement Judge(TicketEvidence evidence);

    /// <summary>Runs gates in their order; after the first refusal the rest are reported as not run, unless every one is asked.</summary>
    public static GateReport Run(IReadOnlyList<Gate> gates, TicketEvidence evidence, bool asksEvery = false)
    {
        var judgements = new List<GateJudgement>(gates.Count);
        var refused = false;
        foreach (var gate in gates)
        {
            judgements.Add(refused && !asksEvery ? GateJudgement.NotRun(gate.Name, gate.Threshold(evidence)) : gate.Judge(evidence));
            refused |= judgements[^1].Passed == false;
        }

        return new GateReport(judgements);
    }
}
