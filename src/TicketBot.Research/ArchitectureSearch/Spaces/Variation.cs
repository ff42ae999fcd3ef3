using TicketBot.Learning;

namespace TicketBot.Research.ArchitectureSearch.Spaces;

/// <summary>New candidates out of known ones; all stay inside the parameter limit.</summary>
public static class Variation
{
    private const int Attempts = 100;

    /// <summary>Changes one decision that has an effect to another option, until the architecture is another one. A place whose kind changes gets options of its own anew
    /// where they had no effect before.</summary>
    /// <returns>The neighbour; after 100 attempts without one, a candidate drawn at random.</returns>
    public static Candidate Mutate(ArchitectureSpace space, Candidate parent, ref Rng rng)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            int[] choices = [.. parent.Choices];
            int[] active = [.. Enumerable.Range(0, choices.Length).Where(i => space.Decisions[i].Count > 1 && space.IsActive(choices, i))];
            if (active.Length == 0)
            {
                break;
            }

            Reset(space, choices, active[rng.NextInt(active.Length)], ref rng);
            var child = space.Of(choices);
            if (!child.Equals(parent) && space.Allows(child.Architecture))
            {
                return child;
            }
        }

        return space.Draw(ref rng);
    }

    /// <summary>Takes each place from one of two parents with equal chance, then changes each decision with an effect to another option with a chance of one by
    /// their number.</summary>
    public static Candidate Cross(ArchitectureSpace space, Candidate first, Candidate second, ref Rng rng)
    {
        var fromFirst = new bool[space.Options.Places + 2];
        for (var place = 0; place < fromFirst.Length; place++)
        {
            fromFirst[place] = rng.NextInt(2) == 0;
        }

        int[] choices = [.. space.Decisions.Select((decision, i) => (fromFirst[decision.Place] ? first : second).Choices[i])];
        int[] active = [.. Enumerable.Range(0, choices.Length).Where(i => space.Decisions[i].Count > 1 && space.IsActive(choices, i))];
        foreach (var decision in active)
        {
            if (rng.NextInt(active.Length) == 0)
            {
                Reset(space, choices, decision, ref rng);
            }
        }

        return space.Shrink(space.Of(choices), ref rng);
    }

    private static void Reset(ArchitectureSpace space, int[] choices, int decision, ref Rng rng)
    {
        var what = space.Decisions[decision];
        var dormant = Enumerable.Range(0, choices.Length).Where(i => space.Decisions[i].Place == what.Place && !space.IsActive(choices, i)).ToList();
        choices[decision] = (choices[decision] + 1 + rng.NextInt(what.Count - 1)) % what.Count;
        foreach (var other in what.Kind == DecisionKind.Kind ? dormant : [])
        {
            choices[other] = rng.NextInt(space.Decisions[other].Count);
        }
    }
}
