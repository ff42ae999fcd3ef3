namespace TicketBot.Learning.Search;

/// <summary>Draws the paths of single-path training and counts what each operation got.</summary>
internal sealed class PathSampler
{
    private readonly CellSpace _space;
    private readonly SupernetSampling _sampling;
    private readonly int[][] _turns;
    private readonly int[] _next;
    private Rng _rng;

    public PathSampler(CellSpace space, SupernetSampling sampling, Rng rng)
    {
        (_space, _sampling, _rng) = (space, sampling, rng);
        _turns = [.. Enumerable.Range(0, space.Positions).Select(position => Enumerable.Range(0, space.OperationsAt(position).Count).ToArray())];
        _next = [.. _turns.Select(turn => turn.Length)];
        Updates = [.. _turns.Select(turn => new long[turn.Length])];
    }

    public IReadOnlyList<long[]> Updates { get; }

    public int[] Next()
    {
        int[] path = _sampling == SupernetSampling.Uniform ? _space.DrawPath(ref _rng) : DrawFairly();
        for (int position = 0; position < path.Length; position++)
        {
            Updates[position][path[position]]++;
        }

        return path;
    }

    private int[] DrawFairly()
    {
        int[] path = new int[_turns.Length];
        for (int position = 0; position < path.Length; position++)
        {
            if (_next[position] == _turns[position].Length)
            {
                _rng.Shuffle(_turns[position]);
                _next[position] = 0;
            }

            path[position] = _turns[position][_next[position]++];
        }

        return path;
    }
}
