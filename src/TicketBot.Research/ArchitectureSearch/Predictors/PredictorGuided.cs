using TicketBot.Learning;
using TicketBot.Research.ArchitectureSearch.Spaces;

namespace TicketBot.Research.ArchitectureSearch.Predictors;

/// <summary>Asks for the candidate that a predictor, fitted to all that was told, likes best of a pool: mutations of the fittest so far. With a predictor that knows nothing
/// it would mutate the best.</summary>
internal sealed class PredictorGuided : ISearchStrategy
{
    private const int Parents = 3;
    private const int PoolSize = 60;

    private readonly ArchitectureSpace _space;
    private readonly Predictor _predictor;
    private readonly int _draws;
    private readonly List<(Candidate Candidate, double Fitness)> _told = [];
    private readonly HashSet<Candidate> _asked = [];
    private Rng _rng;
    private int _asks;

    /// <param name="name">The word it has on the command line.</param>
    /// <param name="space">The architectures.</param>
    /// <param name="predictor">The predictor.</param>
    /// <param name="draws">Candidates drawn at random before the first prediction, at least 2.</param>
    /// <param name="seed">Seed of all its chance.</param>
    public PredictorGuided(string name, ArchitectureSpace space, Predictor predictor, int draws, ulong seed) =>
        (Name, _space, _predictor, _draws, _rng) = (name, space, predictor, draws, new Rng(seed));

    public string Name { get; }

    public Candidate Ask()
    {
        var candidate = _asks++ < _draws || _told.Count < 2 ? _space.Draw(ref _rng) : BestOfPool();
        _asked.Add(candidate);
        return candidate;
    }

    public void Tell(Candidate candidate, Outcome outcome)
    {
        if (double.IsFinite(outcome.Fitness) && !_told.Any(known => known.Candidate.Equals(candidate)))
        {
            _told.Add((candidate, outcome.Fitness));
        }
    }

    private Candidate BestOfPool()
    {
        Candidate[] parents = [.. _told.OrderByDescending(known => known.Fitness).Take(Parents).Select(known => known.Candidate)];
        var pool = new List<Candidate>();
        for (var i = 0; i < PoolSize; i++)
        {
            var child = Variation.Mutate(_space, parents[_rng.NextInt(parents.Length)], ref _rng);
            child = i % 3 == 2 ? Variation.Mutate(_space, child, ref _rng) : child;
            if (!_asked.Contains(child) && !pool.Contains(child))
            {
                pool.Add(child);
            }
        }

        if (pool.Count == 0)
        {
            return _space.Draw(ref _rng);
        }

        var scores = _predictor.Scores(
            [.. _told.Select(known => Features(known.Candidate))], [.. _told.Select(known => known.Fitness)], [.. pool.Select(Features)], ref _rng);
        return pool[Array.IndexOf(scores, scores.Max())];
    }

    // One input per option of each decision that has an effect.
    private float[] Features(Candidate candidate)
    {
        var features = new List<float>();
        for (var i = 0; i < _space.Decisions.Count; i++)
        {
            var isActive = _space.IsActive(candidate.Choices, i);
            for (var option = 0; option < _space.Decisions[i].Count; option++)
            {
                features.Add(isActive && candidate.Choices[i] == option ? 1f : 0f);
            }
        }

        return [.. features];
    }
}
