using TicketBot.Learning;
using TicketBot.Learning.Training;
using TicketBot.Research.ArchitectureSearch.Latency;
using TicketBot.Research.ArchitectureSearch.Spaces;
using TicketBot.Research.Experiments;
using TicketBot.Research.Stages;

namespace TicketBot.Research.ArchitectureSearch.Estimation;

/// <summary>Trains candidates as stages: a trial on a part of the training rows, a finalist on all of them. All trials share rows, seed of the first weights and order of
/// the rows, so that they differ in nothing but the architecture.</summary>
internal sealed class TrialRunner
{
    private readonly ExperimentRows _rows;
    private readonly TrialSettings _settings;
    private readonly TrainingSet _part;
    private readonly StageRunner _stages;
    private readonly LatencyTable? _table;
    private readonly ulong _seed;

    public TrialRunner(ExperimentRows rows, TrialSettings settings, StageRunner stages, LatencyTable? table, ulong seed)
    {
        (_rows, _settings, _stages, _table, _seed) = (rows, settings, stages, table, seed);
        _part = TrialTask.SampleOf(rows.Train, settings.Rows, seed);
    }

    /// <summary>Trains one trial to so many updates.</summary>
    public Task<TrialResult> TryAsync(Architecture architecture, int updates, CancellationToken cancellationToken) => RunAsync(
        new TrialTask
        {
            Rows = _rows, Train = _part, TrainRows = _part.Rows, Architecture = architecture, Seed = _seed, Training = Limited(_settings.Trial, updates),
        },
        cancellationToken);

    /// <summary>Trains one finalist with a fresh seed on all training rows and judges it on test rows, at the temperature that fits validation rows.</summary>
    public Task<TrialResult> RetestAsync(Architecture architecture, int number, CancellationToken cancellationToken) => RunAsync(
        new TrialTask
        {
            Rows = _rows, Train = _rows.Train, TrainRows = _rows.Train.Rows, Architecture = architecture, Seed = StageHash.Seed("retest", _seed, number),
            Training = _settings.Final, ReadsTest = true, IsCalibrated = true,
        },
        cancellationToken);

    /// <summary>Returns the outcomes of a bracket of successive halving (Jamieson and Talwalkar 2016) in the order given: all are trained for a part of the seconds, of
    /// those the better ones, one of <paramref name="eta"/>, for so many times more, until one rung has all of them. A rung's seconds are the same for every
    /// candidate and predicted by the cost table, so that a slow one gets fewer updates; ties go to the earlier.</summary>
    /// <param name="bracket">The candidates.</param>
    /// <param name="eta">Candidates of which one goes on.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<(TrialResult Result, int Updates)[]> HalveAsync(IReadOnlyList<Candidate> bracket, int eta, CancellationToken cancellationToken)
    {
        double[] costs = [.. bracket.Select(candidate => SecondsPerUpdate(candidate.Architecture))];
        var most = _settings.Trial.Steps!.Value;
        var whole = most * costs.Order().ElementAt((bracket.Count - 1) / 2);
        var results = new (TrialResult Result, int Updates)[bracket.Count];
        int[] alive = [.. Enumerable.Range(0, bracket.Count)];
        var rungs = 0;
        for (var left = bracket.Count; left > 1; left = (left + eta - 1) / eta)
        {
            rungs++;
        }

        for (var rung = rungs; alive.Length > 0; rung--)
        {
            var seconds = whole / Math.Pow(eta, rung);
            var asked = alive.Select(i => (Index: i, Updates: Math.Clamp((int)(seconds / costs[i]), Math.Min(most, 20), most))).ToList();
            var done = await Task.WhenAll(asked.Select(one => TryAsync(bracket[one.Index].Architecture, one.Updates, cancellationToken)));
            for (var i = 0; i < asked.Count; i++)
            {
                results[asked[i].Index] = (done[i], asked[i].Updates);
            }

            alive = rung == 0 ? [] : [.. alive.OrderBy(i => results[i].Result.ValidationLoss).ThenBy(i => i).Take((alive.Length + eta - 1) / eta).Order()];
        }

        return results;
    }

    /// <summary>Returns what one update is predicted to cost, in seconds; in arbitrary units that compare candidates where no table was measured.</summary>
    public double SecondsPerUpdate(Architecture architecture)
    {
        var cost = ArchitectureCost.Of(architecture);
        return _table?.TrainingSecondsOf(cost, _settings.Trial.BatchSize) ?? (cost.TrainingMultiplyAdds + cost.Parameters);
    }

    private static TrainingOptions Limited(TrainingOptions options, int updates) =>
        options with { Steps = updates, ValidateEverySteps = Math.Min(options.ValidateEverySteps!.Value, updates) };

    private async Task<TrialResult> RunAsync(TrialTask task, CancellationToken cancellationToken) => TrialResult.FromBytes(
        await _stages.RunAsync(TrialTask.Stage, new StageRunner.Work(task.InputHash, () => task.Run(cancellationToken).ToBytes()), cancellationToken));
}
