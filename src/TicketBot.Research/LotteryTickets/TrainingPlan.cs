using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Research.LotteryTickets;

/// <summary>How every network of one search is trained: the same plan for the dense one, the tickets and their controls.</summary>
/// <param name="Architecture">Layer stack.</param>
/// <param name="Training">Learning rate, batches, longest training.</param>
/// <param name="Patience">Validations without a new minimum before training stops.</param>
/// <param name="EarlyBird">When a mask counts as unmoved.</param>
/// <param name="Seed">Seed of the first weights and the data order, the same for all: tickets share theta_k.</param>
public sealed record TrainingPlan(Architecture Architecture, TrainingOptions Training, int Patience, EarlyBirdOptions EarlyBird, ulong Seed)
{
    /// <summary>Seed of the data order; <c>null</c> (the rule) takes it from <see cref="Seed"/>. Another one gives other orders from the same first weights.</summary>
    public ulong? OrderSeed { get; init; }

    /// <summary>Makes the plan of the options.</summary>
    /// <exception cref="FormatException">The gene list is wrong.</exception>
    public static TrainingPlan Of(ResearchOptions options, int features, ulong seed) => new(
        Architecture.Parse(options.Architecture, features, 2, options.Window),
        new TrainingOptions
        {
            LearningRate = options.LearningRate,
            WeightDecay = options.WeightDecay,
            Schedule = LearningRateSchedule.Linear,
            BatchSize = options.BatchSize,
            Epochs = options.Epochs,
        },
        options.Patience,
        new EarlyBirdOptions
        {
            Density = options.DensityList()[0],
            DistanceThreshold = options.EmergenceDistance,
            ConsecutiveChecks = options.EmergenceChecks,
            RewindShare = options.RewindShare,
        },
        seed);
}
