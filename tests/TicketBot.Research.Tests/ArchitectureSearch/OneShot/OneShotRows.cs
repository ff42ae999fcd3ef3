using TicketBot.Learning.Training;
using TicketBot.Research.ArchitectureSearch;
using TicketBot.Research.ArchitectureSearch.Spaces;
using TicketBot.Research.Experiments;
using TicketBot.Research.Stages;
using TicketBot.Testing;

namespace TicketBot.Research.Tests.ArchitectureSearch.OneShot;

/// <summary>A search whose label is the sign of the input four steps back.</summary>
internal static class OneShotRows
{
    public static readonly ExperimentRows Rows = new(["up", "noise"], 8, 2, MemoryTask.Of(1_000, 8, 4, 1), MemoryTask.Of(500, 8, 4, 2), MemoryTask.Of(500, 8, 4, 3));

    public static ArchitectureSpace Space(int places = 3, long? mostParameters = null, IReadOnlyList<GeneKind>? kinds = null) =>
        new(new SpaceOptions { Inputs = 2, Outputs = 2, Window = 8, Places = places, Widths = [8, 16], Kinds = kinds, MaxParameters = mostParameters });

    public static SearchContext Context(ArchitectureSpace space, MemoryRunStore store, Func<Candidate, CancellationToken, Task<double>> alone, int threads = 2, Action<string>? report = null) => new()
    {
        Space = space, Rows = Rows, Seed = 1, Stages = new StageRunner(store, threads), TrainAloneAsync = alone, Report = report,
        Training = new TrainingOptions { LearningRate = 5e-3, BatchSize = 64, Steps = 200, ClipNorm = 5 },
    };
}
