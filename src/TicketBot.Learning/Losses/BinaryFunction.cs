using TicketBot.Learning.Training;

namespace TicketBot.Learning.Losses;

/// <summary>Binary cross-entropy from logits: max(z, 0) - z t + log(1 + e^-|z|), which never leaves the range of numbers.</summary>
internal sealed unsafe class BinaryFunction(int outputs) : MeanLossFunction(outputs)
{
    public override void RequireFit(TrainingSet set, string name)
    {
        RequireTargets(set, Outputs, $"{Outputs} binary outputs", name);
        int at = Array.FindIndex(set.TargetArray, target => target is < 0f or > 1f);
        if (at >= 0)
        {
            throw new ArgumentException($"expected binary targets from 0 to 1, found {set.TargetArray[at]} at row {at / Outputs}, column {at % Outputs}; scale the targets or choose another loss", name);
        }
    }

    protected override double OfRow(TrainingSet set, int row, float* z, int stride, float* gradient, double scale)
    {
        double loss = 0.0;
        for (int o = 0; o < Outputs; o++)
        {
            double logit = z[o * stride];
            double target = set.TargetArray[row * Outputs + o];
            double e = PortableMath.Exp(-Math.Abs(logit));
            loss += (logit > 0.0 ? logit - logit * target : -logit * target) + PortableMath.Log(1.0 + e);
            if (gradient is not null)
            {
                double probability = (logit > 0.0 ? 1.0 : e) / (1.0 + e);
                gradient[o * stride] = Cut((probability - target) * scale / Outputs);
            }
        }

        return loss / Outputs;
    }
}
