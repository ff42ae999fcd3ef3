using TicketBot.Learning;
using TicketBot.Research.ArchitectureSearch.Spaces;

namespace TicketBot.Research.ArchitectureSearch.OneShot;

/// <summary>What a strategy with shared weights asks: first what the shared weights propose, then the fittest of what was told with a decision about anything but its kinds of
/// genes drawn anew (widths, activations, kernels, dropouts, skips, reading), which shared weights say nothing of.</summary>
/// <param name="space">The architectures.</param>
/// <param name="rng">Stream of the later draws.</param>
internal sealed class Proposals(ArchitectureSpace space, Rng rng)
{
    private const int MostDraws = 200;
    private const int MostChanges = 4;

    private readonly Queue<Candidate> _first = new();
    private readonly HashSet<Candidate> _asked = [];
    private (Candidate Candidate, Outcome Outcome)? _best;
    private Rng _rng = rng;

    /// <summary>Proposals not yet asked for.</summary>
    public int Waiting => _first.Count;

    /// <summary>Adds a proposal, unless it is null or was added before.</summary>
    public void Add(Candidate? candidate)
    {
        if (candidate is not null && _asked.Add(candidate))
        {
            _first.Enqueue(candidate);
        }
    }

    /// <summary>Returns the next candidate; <c>null</c> while proposals are still at work, or where nothing new lies around the best.</summary>
    public Candidate? Next() => _first.TryDequeue(out var candidate) ? candidate : Neighbour();

    /// <summary>Learns how a candidate did.</summary>
    public void Tell(Candidate candidate, Outcome outcome)
    {
        if (_best is not { } best || outcome.Violation < best.Outcome.Violation || (outcome.Violation == best.Outcome.Violation && outcome.Fitness > best.Outcome.Fitness))
        {
            _best = (candidate, outcome);
        }
    }

    // Where everything one decision away was asked already, two are changed, then three and four.
    private Candidate? Neighbour()
    {
        if (_best is not { } best)
        {
            return null;
        }

        for (var draw = 0; draw < MostDraws; draw++)
        {
            int[] choices = [.. best.Candidate.Choices];
            for (var change = 0; change <= draw * MostChanges / MostDraws; change++)
            {
                Change(choices);
            }

            var candidate = space.Of(choices);
            if (space.Allows(candidate.Architecture) && _asked.Add(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    private void Change(int[] choices)
    {
        int[] open = [.. Enumerable.Range(0, space.Decisions.Count).Where(i => space.Decisions[i].Kind != DecisionKind.Kind && space.Decisions[i].Count > 1 && space.IsActive(choices, i))];
        if (open.Length > 0)
        {
            var decision = open[_rng.NextInt(open.Length)];
            choices[decision] = (choices[decision] + 1 + _rng.NextInt(space.Decisions[decision].Count - 1)) % space.Decisions[decision].Count;
        }
    }
}
