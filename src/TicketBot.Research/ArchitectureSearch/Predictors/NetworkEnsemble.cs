using TicketBot.Learning;
using TicketBot.Learning.Losses;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Research.ArchitectureSearch.Predictors;

/// <summary>Five small networks trained on the same candidates from different weights; the score of each candidate is drawn from the normal law of their answers
/// (independent Thompson sampling, White et al., "BANANAS", 2021).</summary>
internal sealed class NetworkEnsemble : Predictor
{
    private const int Members = 5;
    private const int Updates = 150;

    public override double[] Scores(IReadOnlyList<float[]> known, IReadOnlyList<double> fitness, IReadOnlyList<float[]> asked, ref Rng rng)
    {
        var width = known[0].Length;
        var set = new TrainingSet([.. known.SelectMany(row => row)], width, [.. Standardised(fitness).Select(value => (float)value)], 1);
        float[] rows = [.. asked.SelectMany(row => row)];
        var architecture = Architecture.Parse("dense:16,dense:16", width, 1);
        var answers = new List<float[]>();
        for (var member = 0; member < Members; member++)
        {
            var own = new Rng(rng.NextUInt64());
            var network = Network.Create(architecture, ref own);
            Trainer.Train(
                network, MaskSet.Full(architecture), set, null,
                new TrainingOptions { Loss = new Loss.MeanSquared(), Steps = Updates, LearningRate = 0.01, WeightDecay = 0.01, BatchSize = 32 }, own);
            answers.Add(network.Forward(rows, asked.Count));
        }

        var scores = new double[asked.Count];
        for (var i = 0; i < scores.Length; i++)
        {
            var mean = answers.Average(answer => (double)answer[i]);
            var deviation = Math.Sqrt(answers.Sum(answer => (answer[i] - mean) * (answer[i] - mean)) / (Members - 1));
            scores[i] = mean + (deviation * rng.NextGaussian());
        }

        return scores;
    }
}
