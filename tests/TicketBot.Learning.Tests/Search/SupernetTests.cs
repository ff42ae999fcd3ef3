using TicketBot.Learning.Search;
using TicketBot.Learning.Training;
using TicketBot.Testing;

namespace TicketBot.Learning.Tests.Search;

public class SupernetTests
{
    private const int Window = 8;

    private static readonly CellSpace Cell = new(2, 2, Window, 16, 2);
    private static readonly TrainingSet Train = MemoryTask.Of(600, Window, 2, 10);
    private static readonly TrainingSet Validation = MemoryTask.Of(600, Window, 2, 11);
    private static readonly SupernetOptions Short = new() { Training = new TrainingOptions { LearningRate = 5e-3, Schedule = LearningRateSchedule.Cosine, ClipNorm = 5.0, Epochs = 40 } };

    [Fact]
    public void Fair_sampling_gives_every_operation_of_a_position_the_same_number_of_updates()
    {
        Supernet fair = Supernet.Train(Cell, Train, Short, new Rng(1));
        Supernet uniform = Supernet.Train(Cell, Train, Short with { Sampling = SupernetSampling.Uniform }, new Rng(1));

        Assert.All(fair.Updates, counts => Assert.True(counts.Max() - counts.Min() <= 1, string.Join(", ", counts)));
        Assert.All(fair.Updates.Concat(uniform.Updates), counts => Assert.Equal(400, counts.Sum()));
        Assert.Contains(uniform.Updates, counts => counts.Max() - counts.Min() > 1);
    }

    [Fact]
    public void A_path_inherits_weights_and_the_statistics_of_training_rows_under_it_alone()
    {
        Supernet supernet = Supernet.Train(Cell, Train, Short with { RecalibrationRows = 600 }, new Rng(2));
        Network network = supernet.Inherit([0, 1]);

        // The stem is linear, so the mean of what it gives is what it gives of the mean.
        float[][] weights = network.CaptureWeights();
        double[] mean = new double[2];
        for (int i = 0; i < Train.Features.Length; i++)
        {
            mean[i % 2] += (double)Train.Features[i] / (Train.Rows * Window);
        }

        int running = network.Architecture.Parameters.ToList().FindIndex(shape => shape.Name == "layer2.running_mean");
        for (int channel = 0; channel < 16; channel++)
        {
            Assert.Equal(weights[0][2 * channel] * mean[0] + weights[0][2 * channel + 1] * mean[1] + weights[1][channel], weights[running][channel], 1e-5);
        }
    }

    [Fact]
    public void Inherited_weights_know_which_operations_remember()
    {
        Supernet supernet = Supernet.Train(Cell, Train, Short with { Training = Short.Training with { Epochs = 120 } }, new Rng(3));
        int empty = Cell.OperationsAt(1).ToList().IndexOf("identity");
        Dictionary<string, double> losses = Cell.OperationsAt(0).Select((name, first) => (name, first)).ToDictionary(pair => pair.name, pair => supernet.LossOf([pair.first, empty], Validation));

        // The label is two steps back: a dense layer and an empty position cannot know it, all others can.
        double blind = Math.Min(losses["dense:16"], losses["identity"]);
        double seeing = losses.Where(pair => pair.Key is not "dense:16" and not "identity").Average(pair => pair.Value);
        Assert.True(seeing < blind - 0.1, string.Join(", ", losses));
        Assert.True(blind > 0.6, string.Join(", ", losses));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_however_many_evaluations_run_side_by_side()
    {
        Supernet first = Supernet.Train(Cell, Train, Short, new Rng(4));
        Supernet second = Supernet.Train(Cell, Train, Short, new Rng(4));
        var rng = new Rng(5);
        int[][] paths = [.. Enumerable.Range(0, 12).Select(_ => Cell.DrawPath(ref rng))];
        double[] alone = [.. paths.Select(path => first.LossOf(path, Validation))];
        double[] beside = new double[paths.Length];

        Parallel.For(0, paths.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => beside[i] = second.LossOf(paths[i], Validation));

        Assert.Equal(alone, beside);
    }

    [Fact]
    public void Training_can_be_ended_after_an_epoch()
    {
        var seen = new List<(int Done, int Planned)>();

        Supernet supernet = Supernet.Train(Cell, Train, Short, new Rng(6), (done, planned) =>
        {
            seen.Add((done, planned));
            return seen.Count < 2;
        });

        Assert.Equal([(10, 400), (20, 400)], seen);
        Assert.Equal(20, supernet.Updates[0].Sum());
    }
}
