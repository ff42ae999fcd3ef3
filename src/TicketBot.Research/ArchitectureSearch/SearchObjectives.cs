using TicketBot.Research.ArchitectureSearch.Latency;
using TicketBot.Research.ArchitectureSearch.Pareto;
using TicketBot.Research.ArchitectureSearch.Spaces;

namespace TicketBot.Research.ArchitectureSearch;

/// <summary>Turns what a trial gave into what strategies and the report need: objectives from 0 to about 1, fitness, violation, front, hypervolume.</summary>
internal sealed class SearchObjectives
{
    private readonly ArchitectureSearchPlan _plan;
    private readonly double _priorLoss;
    private readonly double _largest;
    private readonly double _slowest;

    /// <param name="plan">Objectives, weights and limits.</param>
    /// <param name="space">Says what the largest architecture is.</param>
    /// <param name="priorLoss">Validation log-loss of always saying the class frequencies.</param>
    /// <param name="latency">Predicts latencies; null where nothing asks for them.</param>
    public SearchObjectives(ArchitectureSearchPlan plan, ArchitectureSpace space, double priorLoss, LatencyTable? latency)
    {
        Require(plan.Objectives.Count is 2 or 3 && plan.Objectives.Distinct().Count() == plan.Objectives.Count && plan.Objectives.All(name => name is "loss" or "parameters" or "latency"),
            "objectives", "two or three of loss, parameters, latency", string.Join(',', plan.Objectives));
        Require(plan.AccuracyWeight >= 0 && plan.SizeWeight >= 0 && plan.LatencyWeight >= 0, "weight-accuracy, weight-size, weight-latency", "at least 0", $"{plan.AccuracyWeight}, {plan.SizeWeight}, {plan.LatencyWeight}");
        Require(latency is not null || (!plan.Objectives.Contains("latency") && plan.LatencyWeight == 0 && plan.MaxLatencyUs is null), "latency-table", "a measured table, for latency is asked for", "none");
        (_plan, _priorLoss) = (plan, priorLoss);
        var largest = space.Largest();
        _largest = Math.Log(plan.MaxParameters ?? ArchitectureCost.ParametersOf(largest));
        _slowest = latency is null ? 1 : Math.Log(Math.Max(2, plan.MaxLatencyUs ?? latency.PredictUs(largest)));
    }

    /// <summary>Returns how far a candidate is outside the limits, known before it is trained: shares of the limits, added.</summary>
    public double ViolationOf(long parameters, double? latencyUs) =>
        Math.Max(0, ((double)parameters / (_plan.MaxParameters ?? long.MaxValue)) - 1) + Math.Max(0, ((latencyUs ?? 0) / (_plan.MaxLatencyUs ?? double.MaxValue)) - 1);

    /// <summary>Returns what a strategy is told of a trial.</summary>
    public Outcome OutcomeOf(TrialReport trial)
    {
        if (!double.IsFinite(trial.ValidationLoss))
        {
            return Refused(0);
        }

        var fitness = -((_plan.AccuracyWeight * trial.ValidationLoss / _priorLoss) + (_plan.SizeWeight * Size(trial)) + (_plan.LatencyWeight * (trial.LatencyUs is null ? 0 : Time(trial))));
        return new Outcome(fitness, Of(trial));
    }

    /// <summary>Returns what a strategy is told of a candidate that is not trained.</summary>
    public Outcome Refused(double violation) => new(double.NegativeInfinity, [.. _plan.Objectives.Select(_ => double.PositiveInfinity)], violation);

    /// <summary>Returns the trials that no other one dominates, by falling loss.</summary>
    public IReadOnlyList<TrialReport> FrontOf(IReadOnlyList<TrialReport> trials)
    {
        TrialReport[] sound = [.. trials.Where(trial => double.IsFinite(trial.ValidationLoss))];
        return sound.Length == 0 ? [] : [.. Dominance.Fronts([.. sound.Select(Of)], new double[sound.Length])[0].Select(i => sound[i]).OrderByDescending(trial => trial.ValidationLoss).ThenBy(trial => trial.Number)];
    }

    /// <summary>Returns the hypervolume of a front.</summary>
    public double HypervolumeOf(IEnumerable<TrialReport> front) => Hypervolume.Of(front.Select(Of), [.. _plan.Objectives.Select(_ => 1.0)]);

    private double[] Of(TrialReport trial) => [.. _plan.Objectives.Select(name => name switch
    {
        "loss" => trial.ValidationLoss / _priorLoss,
        "parameters" => Size(trial),
        _ => Time(trial),
    })];

    private double Size(TrialReport trial) => Math.Log(trial.Parameters) / _largest;

    private double Time(TrialReport trial) => Math.Log(Math.Max(1, trial.LatencyUs!.Value)) / _slowest;

    private static void Require(bool holds, string option, string expected, string found)
    {
        if (!holds)
        {
            throw new ResearchRefusedException($"--{option}: expected {expected}, found {found}");
        }
    }
}
