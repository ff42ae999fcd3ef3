using TicketBot.Research.Stages;

namespace TicketBot.Research.ArchitectureSearch;

/// <summary>The trials of a search in the order of their asks, and how far it is. Safe for use by several threads.</summary>
internal sealed class SearchBoard(ArchitectureSearchPlan plan, SearchObjectives objectives, StageRunner stages, Action<ArchitectureSearchProgress>? progress)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, TrialReport> _trials = [];
    private int _done;
    private int _of = plan.Trials + (plan.Finalists * plan.RetestSeeds);
    private int _front;

    /// <summary>Trials done, in the order of the asks.</summary>
    public IReadOnlyList<TrialReport> Trials
    {
        get
        {
            lock (_lock)
            {
                return [.. _trials.Values];
            }
        }
    }

    /// <summary>Enters a trial.</summary>
    public void Add(TrialReport trial)
    {
        lock (_lock)
        {
            _trials.Add(trial.Number, trial);
            _front = objectives.FrontOf([.. _trials.Values]).Count;
            Say(FormattableString.Invariant($"{(trial.Architecture.Length > 0 ? trial.Architecture : "linear")}: validation loss {trial.ValidationLoss:0.0000}, {trial.Parameters} parameters"));
        }
    }

    /// <summary>Says how many trainings finalists need.</summary>
    public void Finalists(int trainings)
    {
        lock (_lock)
        {
            _of = _done + trainings;
        }
    }

    /// <summary>Counts a finalist's training.</summary>
    public void Retested(string architecture)
    {
        lock (_lock)
        {
            Say($"finalist {(architecture.Length > 0 ? architecture : "linear")} trained again");
        }
    }

    private void Say(string detail) => progress?.Invoke(new ArchitectureSearchProgress(++_done, _of, stages.Reused, _front, detail));
}
