using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;
using TicketBot.Research.Experiments;
using TicketBot.Research.LotteryTickets;
using TicketBot.Research.Splits;
using TicketBot.Research.Stages;

namespace TicketBot.Research.Diagnostics;

/// <summary>Diagnoses a found ticket on training and validation rows. Every training is a stage; what the stability gate drew already is read back.</summary>
internal static class TicketDiagnosis
{
    /// <summary>Runs it.</summary>
    /// <param name="prepared">Rows and plan of the search.</param>
    /// <param name="search">The finished search.</param>
    /// <param name="found">The ticket.</param>
    /// <param name="options">Draws and shares.</param>
    /// <param name="stages">Runs and stores trainings; the search's own, so that nothing is drawn twice.</param>
    /// <param name="cancellationToken">Ends it; finished trainings stay.</param>
    public static async Task<TicketDiagnostics> RunAsync(
        Preparation prepared, TicketSearch search, RegimeTicket found, ResearchOptions options, StageRunner stages, CancellationToken cancellationToken)
    {
        var plan = prepared.Plan;
        var mask = MaskSet.FromArrays(plan.Architecture, found.Network.Mask);
        var stability = StabilityOf(prepared, options, found, stages);
        var tested = await stability.RunAsync(options.StabilityDraws, cancellationToken);
        var names = prepared.Regimes.Set.Names;
        var masks = await stability.NamedAsync(
            [.. names.Select((name, state) => (name, prepared.Rows.For(prepared.Regimes, state, options.PooledShare).Train))], cancellationToken);
        return new TicketDiagnostics
        {
            Regime = names[found.State],
            IsPooled = found.IsPooled,
            Density = found.Network.Density,
            ValidationRows = prepared.Rows.Validation.Rows,
            Barriers = await BarriersAsync(prepared, search, found, options, mask, stages, cancellationToken),
            Overlap = OverlapReport.Of([("ticket", mask), .. masks]),
            Stability = tested,
            Survival = FeatureSurvival.Of(tested, prepared.Dataset.Schema.Names, InputSurvival.Of(mask, found.Network.Weights)),
            Levels = LevelsOf(prepared, search),
        };
    }

    /// <summary>Returns the stability test of a ticket's training rows.</summary>
    public static MaskStability StabilityOf(Preparation prepared, ResearchOptions options, RegimeTicket found, StageRunner stages) => new(
        prepared.Plan, RowsOf(prepared, options, found).Train, StageHash.Of(prepared.Hash, "stability", found.IsPooled ? -1 : found.State),
        ChronologicalSplit.GapCandles(prepared.Dataset.Horizon, prepared.Dataset.Lookback), stages);

    private static (TrainingSet Train, TrainingSet Validation) RowsOf(Preparation prepared, ResearchOptions options, RegimeTicket found) =>
        found.IsPooled ? (prepared.Rows.Train, prepared.Rows.Validation) : prepared.Rows.For(prepared.Regimes, found.State, options.PooledShare);

    private static async Task<IReadOnlyList<BarrierCurve>> BarriersAsync(
        Preparation prepared, TicketSearch search, RegimeTicket found, ResearchOptions options, MaskSet mask, StageRunner stages, CancellationToken cancellationToken)
    {
        var (train, validation) = RowsOf(prepared, options, found);
        var plan = prepared.Plan;
        var other = plan with { OrderSeed = StageHash.Seed("order", plan.Seed) };
        var full = MaskSet.Full(plan.Architecture);
        var key = StageHash.Of(prepared.Hash, "order", found.Parent is { } parent ? parent : "-", found.IsPooled ? -1 : found.State, found.Network.Density);
        StageRunner.Work Training(string name, TrainingPlan by, TrainedNetwork origin, MaskSet under) =>
            new(StageHash.Of(key, name), () => TicketTraining.Sparse(by, origin, under, train, validation, cancellationToken).ToBytes());
        var made = await stages.RunAsync(
            "connectivity",
            [
                Training("ticket", plan, found.Network, mask), Training("ticket other", other, found.Network, mask),
                Training("dense", plan, search.Dense, full), Training("dense other", other, search.Dense, full),
            ],
            cancellationToken);
        TrainedNetwork[] networks = [.. made.Select(TrainedNetwork.FromBytes)];
        var statistics = plan.Architecture.Parameters.Any(shape => !shape.IsTrained) ? train : null;
        BarrierCurve Curve(string name, TrainedNetwork first, TrainedNetwork second)
        {
            var line = LinearConnectivity.Between(plan.Architecture, first.Weights, second.Weights, validation, statistics);
            return new BarrierCurve(name, line.LossBarrier, line.ErrorBarrier, [.. line.Points.Select(p => new BarrierPoint(p.Alpha, p.Loss, p.Error))]);
        }

        return
        [
            Curve("dense to ticket", search.Dense, found.Network), Curve("ticket, two data orders", networks[0], networks[1]),
            Curve("dense, two data orders", networks[2], networks[3]),
        ];
    }

    private static List<DensityLevel> LevelsOf(Preparation prepared, TicketSearch search)
    {
        var validation = prepared.Rows.Validation;
        LevelOutcome Outcome(TrainedNetwork network)
        {
            var up = TicketTraining.ProbabilityUp(prepared.Plan.Architecture, network, validation.Features);
            var right = 0;
            for (var row = 0; row < up.Length; row++)
            {
                right += (up[row] >= 0.5 ? 1 : 0) == validation.Labels[row] ? 1 : 0;
            }

            return new LevelOutcome(network.BestStep, (double)right / up.Length, network.ValidationLoss);
        }

        var levels = new List<DensityLevel> { new(1, Outcome(search.Dense), null) };
        foreach (var (ticket, controls) in search.Levels)
        {
            LevelOutcome[] random = [.. controls.Select(Outcome)];
            levels.Add(new DensityLevel(
                ticket.Density, Outcome(ticket),
                random.Length == 0 ? null : new LevelOutcome(random.Average(r => r.EarlyStopStep), random.Average(r => r.Accuracy), random.Average(r => r.Loss))));
        }

        return levels;
    }
}
