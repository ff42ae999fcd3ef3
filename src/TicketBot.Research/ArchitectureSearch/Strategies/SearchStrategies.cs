using TicketBot.Research.ArchitectureSearch.OneShot;
using TicketBot.Research.ArchitectureSearch.Predictors;
using TicketBot.Research.ArchitectureSearch.Spaces;

namespace TicketBot.Research.ArchitectureSearch.Strategies;

/// <summary>The strategies by name.</summary>
public static class SearchStrategies
{
    /// <summary>Names that <see cref="Create"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["random", "evolution", "nsga2", "reinforce", "reinforce-recurrent", "mutate-best", "gaussian-process", "ensemble", "darts", "supernet"];

    /// <summary>Makes a strategy at its start.</summary>
    /// <param name="plan">Its name and settings.</param>
    /// <param name="space">The architectures.</param>
    /// <param name="seed">Seed of all its chance.</param>
    /// <exception cref="ResearchRefusedException">No strategy has this name.</exception>
    public static ISearchStrategy Create(ArchitectureSearchPlan plan, ArchitectureSpace space, ulong seed) => plan.Strategy switch
    {
        "random" => new RandomSearch(space, seed),
        "evolution" => new RegularisedEvolution(space, plan.Population, plan.Tournament, seed),
        "nsga2" => new Nsga2Search(space, plan.Population, seed),
        "reinforce" => new Reinforce(space, false, plan.ControllerRate, seed),
        // One weight of the memory moves every decision: at the rate of independent ones it soon asks for one architecture alone.
        "reinforce-recurrent" => new Reinforce(space, true, plan.ControllerRate / 10, seed),
        "mutate-best" => new MutateBest(space, plan.Tournament, seed),
        "gaussian-process" => new PredictorGuided("gaussian-process", space, new GaussianProcess(), plan.Tournament, seed),
        "ensemble" => new PredictorGuided("ensemble", space, new NetworkEnsemble(), plan.Tournament, seed),
        "darts" => new DartsSearch(space, seed),
        "supernet" => new SupernetSearch(space, seed),
        var other => throw new ResearchRefusedException($"--strategy: expected {string.Join(", ", Names)}, found '{other}'"),
    };
}
