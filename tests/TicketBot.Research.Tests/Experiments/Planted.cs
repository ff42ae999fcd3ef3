using TicketBot.Learning;
using TicketBot.Market.Tables;
using TicketBot.Research.Experiments;
using TicketBot.Research.Stages;
using TicketBot.Tickets;

namespace TicketBot.Research.Tests.Experiments;

/// <summary>Tables whose class depends on a few of their columns, and a small plan for them.</summary>
internal static class Planted
{
    /// <summary>Rows of independent normal columns; the class says whether the sum of the first <paramref name="relevant"/> columns, with alternating signs, exceeds 0.</summary>
    public static LabelledTable Table(int rows = 400, int columns = 8, int relevant = 2, ulong seed = 1, int window = 1)
    {
        var rng = new Rng(seed);
        var values = new float[rows * columns];
        var labels = new int[rows];
        for (var row = 0; row < rows; row++)
        {
            double sum = 0;
            for (var c = 0; c < columns; c++)
            {
                values[(row * columns) + c] = (float)rng.NextGaussian();
                sum += c < relevant ? (c % 2 == 0 ? 1 : -1) * values[(row * columns) + c] : 0;
            }

            labels[row] = sum > 0 ? 1 : 0;
        }

        return new LabelledTable([.. Enumerable.Range(0, columns).Select(i => $"x{i}")], values, labels, window: window);
    }

    public static ExperimentPlan Plan => new()
    {
        Architecture = "dense:12,dense:8", Steps = 60, EvaluateEvery = 10, Batch = 32, LearningRate = 0.01, Rounds = 3, Seeds = 2, NullDraws = 0,
    };

    public static Task<ExperimentReport> RunAsync(ExperimentPlan plan, LabelledTable? table = null, IRunStore? runs = null, int threads = 2) =>
        new LotteryExperiment(TimeProvider.System, threads).RunAsync(ExperimentRows.Of(table ?? Table(), raw: false), plan, runs ?? new MemoryRunStore(), null, default);
}
