using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;
using TicketBot.Research.Stages;

namespace TicketBot.Research.LotteryTickets;

/// <summary>Logistic regression on some of the features, fitted, stopped early and calibrated on the rows that serve the tickets for the same: the plainest
/// fitted rule a ticket is held against. Immutable.</summary>
internal sealed class LinearBaseline
{
    private readonly Preparation _prepared;
    private readonly int[] _columns;
    private readonly TrainingPlan _plan;
    private readonly TrainedNetwork _network;

    private LinearBaseline(Preparation prepared, int[] columns, TrainingPlan plan, TrainedNetwork network) =>
        (_prepared, _columns, _plan, _network) = (prepared, columns, plan, network);

    /// <summary>Fits it.</summary>
    /// <param name="prepared">Rows.</param>
    /// <param name="name">Its name, part of the stage's inputs.</param>
    /// <param name="uses">Which features it reads, at least one.</param>
    /// <param name="stages">Runs and stores the training.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<LinearBaseline> FitAsync(Preparation prepared, string name, Predicate<string> uses, StageRunner stages, CancellationToken cancellationToken)
    {
        var names = prepared.Dataset.Schema.Names;
        int[] columns = [.. Enumerable.Range(0, names.Count).Where(i => uses(names[i]))];
        var plan = prepared.Plan with { Architecture = Architecture.Parse("", columns.Length, 2) };
        var output = await stages.RunAsync("linear", new StageRunner.Work(StageHash.Of(prepared.Hash, "linear", name), () =>
        {
            var start = new Rng(plan.Seed);
            var weights = Network.Create(plan.Architecture, ref start).CaptureWeights();
            return TicketTraining.FineTune(
                plan, weights, MaskSet.Full(plan.Architecture), weights, Only(prepared.Rows.Train, names.Count, columns), Only(prepared.Rows.Validation, names.Count, columns), cancellationToken).ToBytes();
        }), cancellationToken);
        return new LinearBaseline(prepared, columns, plan, TrainedNetwork.FromBytes(output));
    }

    /// <summary>Returns its calibrated probability of a rise on rows.</summary>
    public double[] AnswersOf(IReadOnlyList<int> rows)
    {
        var all = new float[_prepared.Dataset.Features];
        var scaled = new float[rows.Count * _columns.Length];
        for (var i = 0; i < rows.Count; i++)
        {
            _prepared.Rows.Scaler.Apply(_prepared.Dataset.Row(rows[i]), all);
            for (var c = 0; c < _columns.Length; c++)
            {
                scaled[(i * _columns.Length) + c] = all[_columns[c]];
            }
        }

        return TicketTraining.ProbabilityUp(_plan.Architecture, _network, scaled);
    }

    // Of the newest step: the plainest rule looks back no further than the features do.
    private static TrainingSet Only(TrainingSet rows, int features, int[] columns)
    {
        var values = new float[rows.Rows * columns.Length];
        for (var row = 0; row < rows.Rows; row++)
        {
            var source = rows.RowOf(row)[^features..];
            for (var c = 0; c < columns.Length; c++)
            {
                values[(row * columns.Length) + c] = source[columns[c]];
            }
        }

        return new TrainingSet(values, columns.Length, rows.Labels.ToArray());
    }
}
