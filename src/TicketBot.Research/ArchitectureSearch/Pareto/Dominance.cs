namespace TicketBot.Research.ArchitectureSearch.Pareto;

/// <summary>Which of two candidates is better in several objectives that are made small, constraints first (Deb et al., "A Fast and Elitist Multiobjective Genetic
/// Algorithm: NSGA-II", IEEE Transactions on Evolutionary Computation 2002).</summary>
public static class Dominance
{
    /// <summary>Returns -1 when the first dominates, 1 when the second does, else 0. Inside the constraints beats outside, less violation beats more; two inside compare by
    /// objectives: at least as small in each, smaller in one.</summary>
    public static int Compare(ReadOnlySpan<double> first, double firstViolation, ReadOnlySpan<double> second, double secondViolation)
    {
        if (firstViolation > 0 || secondViolation > 0)
        {
            return firstViolation < secondViolation ? -1 : firstViolation > secondViolation ? 1 : 0;
        }

        var (isBetter, isWorse) = (false, false);
        for (var i = 0; i < first.Length; i++)
        {
            isBetter |= first[i] < second[i];
            isWorse |= first[i] > second[i];
        }

        return isBetter == isWorse ? 0 : isBetter ? -1 : 1;
    }

    /// <summary>Returns the fronts: indices of what nobody dominates, then of what only those dominate, and so on; each front ascending.</summary>
    /// <param name="objectives">Objectives per candidate.</param>
    /// <param name="violations">Violation per candidate, 0 inside the constraints.</param>
    public static IReadOnlyList<int[]> Fronts(IReadOnlyList<double[]> objectives, IReadOnlyList<double> violations)
    {
        var count = objectives.Count;
        var dominators = new int[count];
        var dominated = new List<int>[count];
        for (var i = 0; i < count; i++)
        {
            dominated[i] = [];
        }

        for (var i = 0; i < count; i++)
        {
            for (var j = i + 1; j < count; j++)
            {
                var order = Compare(objectives[i], violations[i], objectives[j], violations[j]);
                if (order != 0)
                {
                    var (winner, loser) = order < 0 ? (i, j) : (j, i);
                    dominated[winner].Add(loser);
                    dominators[loser]++;
                }
            }
        }

        var fronts = new List<int[]>();
        for (var front = Enumerable.Range(0, count).Where(i => dominators[i] == 0).ToArray(); front.Length > 0;)
        {
            fronts.Add(front);
            var next = new List<int>();
            foreach (var loser in front.SelectMany(winner => dominated[winner]))
            {
                if (--dominators[loser] == 0)
                {
                    next.Add(loser);
                }
            }

            next.Sort();
            front = [.. next];
        }

        return fronts;
    }

    /// <summary>Returns how far each member of a front is from its neighbours: the mean over objectives of the gap between the two, divided by the front's range; infinite
    /// at both ends of an objective (Deb et al. 2002).</summary>
    public static double[] Crowding(IReadOnlyList<double[]> front)
    {
        var distances = new double[front.Count];
        for (var objective = 0; front.Count > 0 && objective < front[0].Length; objective++)
        {
            int[] order = [.. Enumerable.Range(0, front.Count)];
            Array.Sort(order, (a, b) => front[a][objective].CompareTo(front[b][objective]) is var by and not 0 ? by : a.CompareTo(b));
            distances[order[0]] = distances[order[^1]] = double.PositiveInfinity;
            var range = front[order[^1]][objective] - front[order[0]][objective];
            for (var i = 1; range > 0 && double.IsFinite(range) && i < order.Length - 1; i++)
            {
                distances[order[i]] += (front[order[i + 1]][objective] - front[order[i - 1]][objective]) / range / front[0].Length;
            }
        }

        return distances;
    }
}
