using System.ComponentModel.DataAnnotations;
using TicketBot.Research.ArchitectureSearch.Strategies;

namespace TicketBot.Research.ArchitectureSearch;

/// <summary>How architectures are searched (section <c>Research:ArchitectureSearch</c>): what <c>search</c> does where its words say nothing else, and what the daemon's job does.</summary>
public sealed class ArchitectureSearchOptions : IValidatableObject
{
    /// <summary>Strategy: random, evolution, nsga2, reinforce, reinforce-recurrent, mutate-best, gaussian-process, ensemble, darts or supernet. Default evolution.</summary>
    [Required]
    public string Strategy { get; set; } = "evolution";

    /// <summary>Different architectures to try, 1 to 100,000. Default 60.</summary>
    [Range(1, 100_000)]
    public int Trials { get; set; } = 60;

    /// <summary>Minutes of the daemon's job after which no further trial begins, 1 to 10,080. Default 10.</summary>
    [Range(1, 10_080)]
    public int Minutes { get; set; } = 10;

    /// <summary>Candles whose feature rows a searched network reads at once, 1 to 64; convolution, recurrent and attention genes need more than one. Default 1.</summary>
    [Range(1, 64)]
    public int Window { get; set; } = 1;

    /// <summary>Most parameters of a network searched on candles, 100 to 10,000,000. Default 20,000.</summary>
    [Range(100, 10_000_000)]
    public long MaxParameters { get; set; } = 20_000;

    /// <summary>Weight of the validation loss in the fitness, 0 to 1,000. Default 1.</summary>
    [Range(0, 1_000)]
    public double AccuracyWeight { get; set; } = 1;

    /// <summary>Weight of the size in the fitness, 0 to 1,000. Default 0.</summary>
    [Range(0, 1_000)]
    public double SizeWeight { get; set; }

    /// <summary>Weight of the predicted latency in the fitness, 0 to 1,000. Default 0.</summary>
    [Range(0, 1_000)]
    public double LatencyWeight { get; set; }

    /// <summary>Candidates alive in evolution and in nsga2, 4 to 1,000. Default 25.</summary>
    [Range(4, 1_000)]
    public int Population { get; set; } = 25;

    /// <summary>Candidates of whom the fittest has a child in evolution, 1 to the population. Default 5.</summary>
    [Range(1, 1_000)]
    public int Tournament { get; set; } = 5;

    /// <summary>Fittest trials that are trained again with fresh seeds on all training rows, 1 to 100. Default 5.</summary>
    [Range(1, 100)]
    public int Finalists { get; set; } = 5;

    /// <summary>Fresh seeds per finalist, 1 to 1,000. Default 5.</summary>
    [Range(1, 1_000)]
    public int RetestSeeds { get; set; } = 5;

    /// <summary>Returns the plan that these options make.</summary>
    public ArchitectureSearchPlan Plan() => new()
    {
        Strategy = Strategy, Trials = Trials, AccuracyWeight = AccuracyWeight, SizeWeight = SizeWeight, LatencyWeight = LatencyWeight, Population = Population, Tournament = Tournament,
        Finalists = Finalists, RetestSeeds = RetestSeeds,
    };

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!SearchStrategies.Names.Contains(Strategy, StringComparer.Ordinal))
        {
            yield return new ValidationResult($"Research:ArchitectureSearch:Strategy is one of {string.Join(", ", SearchStrategies.Names)}, was '{Strategy}'");
        }

        if (Tournament > Population)
        {
            yield return new ValidationResult($"Research:ArchitectureSearch:Tournament is at most the population of {Population}, was {Tournament}");
        }

        if (AccuracyWeight + SizeWeight + LatencyWeight <= 0)
        {
            yield return new ValidationResult("Research:ArchitectureSearch: one of AccuracyWeight, SizeWeight and LatencyWeight must be above 0, all were 0");
        }
    }
}
