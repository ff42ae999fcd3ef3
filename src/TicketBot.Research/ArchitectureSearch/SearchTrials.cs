using TicketBot.Research.ArchitectureSearch.Estimation;
using TicketBot.Research.ArchitectureSearch.Latency;
using TicketBot.Research.ArchitectureSearch.Spaces;

namespace TicketBot.Research.ArchitectureSearch;

/// <summary>The trials of one search: begins them as the loop asks, one by one or in brackets of successive halving.</summary>
internal sealed class SearchTrials(
    ArchitectureSearchPlan plan, TrialSettings settings, TrialRunner runner, SearchObjectives objectives, LatencyTable? latency, SearchBoard board, CancellationTokenSource ending)
{
    private readonly List<Task> _begun = [];
    private readonly List<(Candidate Candidate, TrialReport Blank, TaskCompletionSource<Outcome> Told)> _bracket = [];
    private readonly Dictionary<Learning.Architecture, TrialReport> _reports = [];
    private int _number;
    private int _refused;

    /// <summary>What there is to say about them.</summary>
    public IReadOnlyList<string> Remarks => _refused == 0 ? [] : [FormattableString.Invariant($"{_refused} architectures outside the limits were asked for and not trained")];

    /// <summary>Returns the trial of a candidate that was told, once; null when it was told before, or was outside the limits and not trained.</summary>
    public TrialReport? TakeReport(Candidate candidate)
    {
        lock (_reports)
        {
            return _reports.Remove(candidate.Architecture, out var report) ? report : null;
        }
    }

    /// <summary>Runs a loop to its end; the first failure ends everything that runs beside it, and nothing runs on when this returns.</summary>
    public async Task RunAsync(AskTellLoop loop, Func<bool> mayBegin)
    {
        try
        {
            await loop.RunAsync(Begin, mayBegin, Flush);
        }
        catch
        {
            await ending.CancelAsync();
            await Task.WhenAll(_begun).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    /// <summary>Returns the report of a trial that is not done: as if it had diverged.</summary>
    public static TrialReport ReportOf(int number, Learning.Architecture architecture, double? latencyUs)
    {
        var cost = ArchitectureCost.Of(architecture);
        return new TrialReport
        {
            Number = number, Architecture = architecture.Genes, Parameters = cost.Parameters, MultiplyAdds = cost.MultiplyAdds, LatencyUs = latencyUs,
            ValidationLoss = double.PositiveInfinity, ValidationAccuracy = 0, Updates = 0, TrainingMultiplyAdds = 0,
        };
    }

    private (bool IsTrial, Task<Outcome> Outcome) Begin(Candidate candidate)
    {
        ending.Token.ThrowIfCancellationRequested();
        var cost = ArchitectureCost.Of(candidate.Architecture);
        var us = latency?.PredictUs(cost);
        if (objectives.ViolationOf(cost.Parameters, us) is > 0 and var violation)
        {
            _refused++;
            return (false, Task.FromResult(objectives.Refused(violation)));
        }

        var blank = ReportOf(++_number, candidate.Architecture, us);
        if (plan.Halving is not null)
        {
            var told = new TaskCompletionSource<Outcome>(TaskCreationOptions.RunContinuationsAsynchronously);
            _bracket.Add((candidate, blank, told));
            return (true, told.Task);
        }

        var trial = TryAsync(candidate, blank);
        _begun.Add(trial);
        return (true, trial);
    }

    private async Task<Outcome> TryAsync(Candidate candidate, TrialReport blank)
    {
        var updates = settings.Trial.Steps!.Value;
        return Enter(candidate, blank, await runner.TryAsync(candidate.Architecture, updates, ending.Token), updates);
    }

    private void Flush()
    {
        if (_bracket.Count > 0)
        {
            _begun.Add(HalveAsync([.. _bracket]));
            _bracket.Clear();
        }
    }

    private async Task HalveAsync((Candidate Candidate, TrialReport Blank, TaskCompletionSource<Outcome> Told)[] bracket)
    {
        try
        {
            var results = await runner.HalveAsync([.. bracket.Select(entry => entry.Candidate)], plan.Halving!.Value, ending.Token);
            for (var i = 0; i < bracket.Length; i++)
            {
                bracket[i].Told.SetResult(Enter(bracket[i].Candidate, bracket[i].Blank, results[i].Result, results[i].Updates));
            }
        }
        catch (Exception fault)
        {
            foreach (var entry in bracket)
            {
                entry.Told.TrySetException(fault);
            }
        }
    }

    private Outcome Enter(Candidate candidate, TrialReport blank, TrialResult result, int updates)
    {
        var trial = blank.With(result, updates);
        board.Add(trial);
        lock (_reports)
        {
            _reports[candidate.Architecture] = trial;
        }

        return objectives.OutcomeOf(trial);
    }
}
