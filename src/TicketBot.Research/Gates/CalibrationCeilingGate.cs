using TicketBot.Tickets;

namespace TicketBot.Research.Gates;

/// <summary>Does the ticket ever reach the confidence threshold out of sample? One that never does is calibrated to nothing worth a trade.</summary>
public sealed class CalibrationCeilingGate : Gate
{
    /// <inheritdoc/>
    public override string Name => "calibrationCeiling";

    /// <inheritdoc/>
    public override double Threshold(TicketEvidence evidence) => evidence.Confidence;

    /// <inheritdoc/>
    public override GateJudgement Judge(TicketEvidence evidence)
    {
        double highest = 0;
        var signals = 0;
        foreach (var up in evidence.ProbabilityUp)
        {
            var confidence = Math.Max(up, 1 - up);
            highest = Math.Max(highest, confidence);
            signals += RowTrades.SideOf(up, evidence.Confidence) is null ? 0 : 1;
        }

        return GateJudgement.Of(
            Name, highest, evidence.Confidence, evidence.Rows.Count, signals > 0,
            signals > 0
                ? $"{signals} of {evidence.Rows.Count} out-of-sample rows reach a calibrated confidence of {evidence.Confidence:0.###}; the highest is {highest:0.000}"
                : $"no out-of-sample row reaches a calibrated confidence of {evidence.Confidence:0.###}; the highest of {evidence.Rows.Count} is {highest:0.000}");
    }
}
