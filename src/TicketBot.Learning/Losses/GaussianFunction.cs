using TicketBot.Learning.Training;

namespace TicketBot.Learning.Losses;

/// <summary>Normal likelihood with an output for the variance, in double precision: outputs are few and e^-s spans many decades.</summary>
internal sealed unsafe class GaussianFunction(int outputs, bool predictsMean, double lowest, double highest) : MeanLossFunction(outputs)
{
    private const double LogTwoPi = 1.8378770664093454836;
    private readonly int _targets = predictsMean ? outputs / 2 : outputs;

    public override void RequireFit(TrainingSet set, string name) =>
        RequireTargets(set, _targets, predictsMean ? $"{Outputs} outputs, a mean and a log-variance each" : $"{Outputs} log-variances", name);

    protected override double OfRow(TrainingSet set, int row, float* z, int stride, float* gradient, double scale)
    {
        int firstVariance = (Outputs - _targets) * stride;
        double loss = 0.0;
        for (int k = 0; k < _targets; k++)
        {
            double mean = predictsMean ? z[k * stride] : 0.0;
            double raw = z[firstVariance + k * stride];
            double s = !double.IsFinite(raw) ? double.NaN : raw < lowest ? lowest : raw > highest ? highest : raw;
            double d = mean - set.TargetArray[row * _targets + k];
            double precision = PortableMath.Exp(-s);
            double distance = d * d * precision;
            loss += 0.5 * (LogTwoPi + s + distance);
            if (gradient is null)
            {
                continue;
            }

            double share = scale / _targets;
            double slope = 0.5 * (1.0 - distance);

            // Descent moves against the slope: outside the range only the way back is open.
            bool leadsOut = (raw < lowest && slope > 0.0) || (raw > highest && slope < 0.0);
            gradient[firstVariance + k * stride] = leadsOut ? 0f : Cut(slope * share);
            if (predictsMean)
            {
                gradient[k * stride] = Cut(d * precision * share);
            }
        }

        return loss / _targets;
    }
}
