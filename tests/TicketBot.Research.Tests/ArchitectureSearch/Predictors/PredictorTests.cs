using TicketBot.Learning;
using TicketBot.Research.ArchitectureSearch.Predictors;

namespace TicketBot.Research.Tests.ArchitectureSearch.Predictors;

public sealed class PredictorTests
{
    private static readonly float[][] Known = [[1, 0, 0, 1, 0], [0, 1, 0, 1, 0], [0, 0, 1, 0, 1], [1, 0, 0, 0, 1], [0, 1, 0, 0, 1]];

    // numpy 1.26: Matern 5/2 on Euclidean distance, length and noise of the grid by the log marginal likelihood (length 1, noise 0.01), posterior by numpy.linalg.solve.
    [Fact]
    public void The_gaussian_process_gives_the_posterior_of_an_outside_computation()
    {
        double[] targets = [0.21613145, -1.58496395, 0.81649658, 1.17671566, -0.62437974];
        var answers = GaussianProcess.Predict(Known, targets, [[0, 0, 1, 1, 0], [1, 0, 0, 1, 0]]);
        Assert.Equal(-0.10077364, answers[0].Mean, 1e-6);
        Assert.Equal(0.88378144, answers[0].Deviation, 1e-6);
        Assert.Equal(0.21266718, answers[1].Mean, 1e-6);
        Assert.Equal(0.09939765, answers[1].Deviation, 1e-6);
    }

    [Fact]
    public void Both_predictors_prefer_what_resembles_the_fittest_and_repeat_themselves()
    {
        var rng = new Rng(1);
        float[][] known = [.. Enumerable.Range(0, 40).Select(_ => (float[])[rng.NextInt(2), rng.NextInt(2), rng.NextInt(2), rng.NextInt(2)])];
        double[] fitness = [.. known.Select(row => (double)row[0] + row[1])];
        float[][] asked = [[1, 1, 0, 1], [0, 0, 1, 0]];
        foreach (var predictor in (Predictor[])[new GaussianProcess(), new NetworkEnsemble()])
        {
            Rng one = new(3), two = new(3);
            var scores = predictor.Scores(known, fitness, asked, ref one);
            Assert.True(scores[0] > scores[1], predictor.GetType().Name);
            Assert.Equal(scores, predictor.Scores(known, fitness, asked, ref two));
        }
    }
}
