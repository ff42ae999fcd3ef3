using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Search;
using TicketBot.Learning.Training;
using TicketBot.Research.ArchitectureSearch.OneShot;
using TicketBot.Research.Stages;
using TicketBot.Testing;

namespace TicketBot.Benchmarks.OneShot;

/// <summary>One search of one form on one label with one seed.</summary>
/// <param name="Task">Label.</param>
/// <param name="Form">Form of the search.</param>
/// <param name="Seed">Seed.</param>
/// <param name="Rows">Rows for weights, and as many for strengths.</param>
/// <param name="Positions">Positions of the cell.</param>
internal sealed record OneShotCase(string Task, string Form, ulong Seed, int Rows, int Positions)
{
    /// <summary>Steps of a row.</summary>
    public const int Window = 8;

    /// <summary>Width of a position.</summary>
    public const int Width = 16;

    /// <summary>The form that is not a differentiable search.</summary>
    public const string SupernetForm = "supernet";

    private const int Epochs = 12;
    private const int SupernetEpochs = 120;
    private const int Back = 4;
    private const int Retraining = 20;

    /// <summary>Labels: the sign of the input four steps back; of the last step, one in five wrong; of chance.</summary>
    public static IReadOnlyList<string> Tasks { get; } = ["four steps back", "last step, 20 % wrong", "chance"];

    /// <summary>Forms: without any of the fixes; with them; of second order; with one fix alone; a supernet.</summary>
    public static IReadOnlyList<string> Forms { get; } = ["plain", "default", "second order", "sigmoid gate", "eigenvalue 0.75", "at most one skip", SupernetForm];

    private TrainingOptions Training => new() { LearningRate = 5e-3, Schedule = LearningRateSchedule.Cosine, ClipNorm = 5, Epochs = Epochs };

    /// <summary>Runs it.</summary>
    public OneShotResult Run()
    {
        var cell = new CellSpace(2, 2, Window, Width, Positions);
        var (train, judges) = (RowsOf(10), RowsOf(11));
        return Form == SupernetForm ? Agreement(cell, train, judges) : Differentiable(cell, train, judges);
    }

    private OneShotResult Differentiable(CellSpace cell, TrainingSet train, TrainingSet judges)
    {
        var options = new DartsOptions { Training = Training };
        options = Form switch
        {
            "plain" => options with { WarmupShare = 0, SkipDropout = 0, AuxiliarySkip = 0, Selection = OperationSelection.Strongest },
            "default" => options,
            "second order" => options with { Order = 2 },
            "sigmoid gate" => options with { Gate = OperationGate.Sigmoid },
            "eigenvalue 0.75" => options with { EigenvalueRatio = 0.75 },
            "at most one skip" => options with { ParameterFreeLimit = 2 },
            var other => throw new InvalidOperationException($"Invariant: unknown form {other}."),
        };
        var found = Darts.Search(cell, train, judges, options, new Rng(StageHash.Seed("one-shot", Task, Seed)));
        return new OneShotResult
        {
            Case = this, Found = string.Join(" - ", cell.OperationsOf(found.Path)), ParameterFree = found.ParameterFree,
            Accuracy = MemoryTask.AccuracyOf(found.Architecture, RowsOf(10, 2 * Rows), TestRows(), Retraining, Seed),
        };
    }

    private OneShotResult Agreement(CellSpace cell, TrainingSet train, TrainingSet judges)
    {
        var supernet = Supernet.Train(cell, train, new SupernetOptions { Training = Training with { Epochs = SupernetEpochs } }, new Rng(StageHash.Seed("supernet", Task, Seed)));
        var rng = new Rng(StageHash.Seed("sample", Task, Seed));
        var sample = new Dictionary<Architecture, (double Inherited, double Alone)>();
        while (sample.Count < SupernetSearch.SampleSize)
        {
            var path = cell.DrawPath(ref rng);
            var architecture = cell.ArchitectureOf(path);
            if (!sample.ContainsKey(architecture))
            {
                var weights = new Rng(StageHash.Seed("alone", Seed));
                var network = Network.Create(architecture, ref weights);
                Trainer.Train(network, MaskSet.Full(architecture), train, null, Training, weights);
                sample[architecture] = (supernet.LossOf(path, judges), Trainer.LossOf(network, judges));
            }
        }

        double[] inherited = [.. sample.Values.Select(one => one.Inherited)];
        double[] alone = [.. sample.Values.Select(one => one.Alone)];
        var interval = RankCorrelation.KendallInterval(inherited, alone, 0.05, 2_000, new Rng(StageHash.Seed("interval", Task, Seed)));
        return new OneShotResult
        {
            Case = this, Found = interval.Lower >= SupernetSearch.LeastAgreement ? "used" : "refused", Kendall = interval.Value, Lower = interval.Lower, Upper = interval.Upper,
            Spearman = RankCorrelation.Spearman(inherited, alone),
        };
    }

    private TrainingSet RowsOf(ulong seed, int? rows = null) => Task switch
    {
        "four steps back" => MemoryTask.Of(rows ?? Rows, Window, Back, seed),
        "last step, 20 % wrong" => MemoryTask.Of(rows ?? Rows, Window, 0, seed, labelNoise: 0.2),
        "chance" => MemoryTask.Of(rows ?? Rows, Window, 0, seed, labelNoise: 0.5),
        var other => throw new InvalidOperationException($"Invariant: unknown label {other}."),
    };

    private TrainingSet TestRows() => Task == "chance" ? RowsOf(12, 2_000) : MemoryTask.Of(2_000, Window, Task == "four steps back" ? Back : 0, 12);
}
