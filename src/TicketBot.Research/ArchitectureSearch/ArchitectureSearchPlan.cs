using TicketBot.Research.ArchitectureSearch.Spaces;

namespace TicketBot.Research.ArchitectureSearch;

/// <summary>What is searched and how, in words and numbers: with rows, a latency table and a run store everything a search depends on.</summary>
public sealed record ArchitectureSearchPlan
{
    /// <summary>Name of the strategy; <c>evolution</c> by default.</summary>
    public string Strategy { get; init; } = "evolution";

    /// <summary>Different architectures to try, at least 1; 60 by default.</summary>
    public int Trials { get; init; } = 60;

    /// <summary>Wall time after which no further trial begins, above 0; null (the default) does not end the search.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Places for genes, 1 to 12; 4 by default.</summary>
    public int Places { get; init; } = 4;

    /// <summary>What places may hold; null (the default) is everything the window allows.</summary>
    public IReadOnlyList<GeneKind>? Kinds { get; init; }

    /// <summary>Widths of layers, ascending; 16, 32, 64, 128, 256 by default.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [16, 32, 64, 128, 256];

    /// <summary>Most parameters; null (the default) does not limit them.</summary>
    public long? MaxParameters { get; init; }

    /// <summary>Longest predicted time of a prediction in microseconds; null (the default) does not limit it.</summary>
    public double? MaxLatencyUs { get; init; }

    /// <summary>What the front is made of, of <c>loss</c>, <c>parameters</c>, <c>latency</c>; the first two by default.</summary>
    public IReadOnlyList<string> Objectives { get; init; } = ["loss", "parameters"];

    /// <summary>Weight of the validation loss in the fitness, in units of the loss of always saying the class frequencies, at least 0; 1 by default.</summary>
    public double AccuracyWeight { get; init; } = 1;

    /// <summary>Weight of the size, the logarithm of the parameters by that of the largest architecture, at least 0; 0 by default.</summary>
    public double SizeWeight { get; init; }

    /// <summary>Weight of the predicted latency, on the same kind of scale, at least 0; 0 by default.</summary>
    public double LatencyWeight { get; init; }

    /// <summary>Candidates alive in evolution and in NSGA-II, 4 to 1,000; 25 by default.</summary>
    public int Population { get; init; } = 25;

    /// <summary>Candidates of whom the fittest has a child in evolution, 1 to <see cref="Population"/>; 5 by default.</summary>
    public int Tournament { get; init; } = 5;

    /// <summary>Step size of the controller of REINFORCE, above 0; 0.1 by default. The recurrent controller takes a tenth of it.</summary>
    public double ControllerRate { get; init; } = 0.1;

    /// <summary>Passes over the training rows in a trial, at least 1; null (the default) takes 10, and more of few rows, so that there are 500 updates.</summary>
    public int? Epochs { get; init; }

    /// <summary>Rows of an update, at least 1; 64 by default.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>Step size of AdamW, above 0; 0.003 by default.</summary>
    public double LearningRate { get; init; } = 0.003;

    /// <summary>Share of the training rows a trial sees, above 0 to 1; null (the default) takes 20 %, but 5,000 rows where there are so many.</summary>
    public double? RowShare { get; init; }

    /// <summary>Trials of which one goes on at each rung of successive halving, at least 2; null (the default) trains every trial to its end.</summary>
    public int? Halving { get; init; }

    /// <summary>Fittest trials that are trained again with fresh seeds on all training rows, at least 1; 5 by default.</summary>
    public int Finalists { get; init; } = 5;

    /// <summary>Fresh seeds per finalist, at least 1; 5 by default.</summary>
    public int RetestSeeds { get; init; } = 5;

    /// <summary>Seed of all chance; 1 by default.</summary>
    public ulong Seed { get; init; } = 1;
}
