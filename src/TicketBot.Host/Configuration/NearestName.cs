namespace TicketBot.Host.Configuration;

/// <summary>Finds the valid name that a mistyped one was most likely meant to be.</summary>
public static class NearestName
{
    /// <summary>Returns the candidate with the smallest edit distance to <paramref name="typed"/> (case ignored, ties by order), or
    /// <c>null</c> when there is none or when even the nearest differs in more than two thirds of its letters.</summary>
    public static string? Of(string typed, IEnumerable<string> candidates)
    {
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in candidates)
        {
            var distance = Distance(typed, candidate);
            if (distance < bestDistance && distance * 3 <= Math.Max(typed.Length, candidate.Length) * 2)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>Returns the least number of inserted, removed or replaced letters between two names, case ignored (Levenshtein 1966).</summary>
    public static int Distance(string left, string right)
    {
        var previous = new int[right.Length + 1];
        var current = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            previous[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replace = previous[j - 1] + (char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]) ? 0 : 1);
                current[j] = Math.Min(replace, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[right.Length];
    }
}
