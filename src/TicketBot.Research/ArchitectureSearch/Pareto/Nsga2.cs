using TicketBot.Learning;

namespace TicketBot.Research.ArchitectureSearch.Pareto;

/// <summary>NSGA-II (Deb et al. 2002) by ask and tell, over genomes of any kind: parents by binary tournament (violation, then domination, then crowding), some children,
/// and of parents and children together those of the first fronts survive, of the last front the least crowded. Children equal to one alive are bred again.</summary>
/// <remarks>Two changes that are known to help. Fewer children than parents at a time: they breed sooner (Durillo, Nebro, Luna and Alba, "On the Effect of the Steady-State Selection Scheme in
/// Multi-Objective Genetic Algorithms", EMO 2009). The most crowded of the last front go one by one, and those left are measured anew each time (Kukkonen and Deb, "Improved Pruning of
/// Non-Dominated Solutions Based on Crowding Distance for Bi-Objective Optimization Problems", CEC 2006).</remarks>
/// <typeparam name="T">The genome.</typeparam>
public sealed class Nsga2<T>
{
    private const int Attempts = 100;

    private readonly Breeding<T> _breeding;
    private readonly int _size;
    private readonly int _children;
    private readonly Queue<T> _pending = new();
    private readonly List<Member> _told = [];
    private Member[] _population = [];
    private Rng _rng;
    private int _awaited;

    /// <summary>Starts with genomes drawn at random.</summary>
    /// <param name="breeding">How genomes are made.</param>
    /// <param name="population">Genomes alive, at least 4.</param>
    /// <param name="children">Genomes bred at a time, 1 to <paramref name="population"/>.</param>
    /// <param name="seed">Seed of all its chance.</param>
    public Nsga2(Breeding<T> breeding, int population, int children, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(population, 4);
        ArgumentOutOfRangeException.ThrowIfLessThan(children, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(children, population);
        (_breeding, _size, _children, _awaited, _rng) = (breeding, population, children, population, new Rng(seed));
        for (var i = 0; i < population; i++)
        {
            _pending.Enqueue(Fresh(() => breeding.Draw(ref _rng)));
        }
    }

    /// <summary>A genome and what came of it.</summary>
    /// <param name="Genome">The genome.</param>
    /// <param name="Objectives">Numbers made small.</param>
    /// <param name="Violation">0 inside the constraints.</param>
    public sealed record Member(T Genome, double[] Objectives, double Violation)
    {
        /// <summary>Number of its front, from 0.</summary>
        public int Front { get; internal set; }

        /// <summary>Distance to its neighbours in its front.</summary>
        public double Crowding { get; internal set; }
    }

    /// <summary>Who is alive.</summary>
    public IReadOnlyList<Member> Population => _population;

    /// <summary>Returns the next genome to evaluate; false while genomes of the generation are not told yet.</summary>
    public bool TryAsk(out T genome) => _pending.TryDequeue(out genome!);

    /// <summary>Tells what came of a genome.</summary>
    public void Tell(T genome, IReadOnlyList<double> objectives, double violation)
    {
        _told.Add(new Member(genome, [.. objectives], violation));
        if (_told.Count < _awaited)
        {
            return;
        }

        _population = Survivors([.. _population, .. _told]);
        _told.Clear();
        _awaited = _children;
        while (_pending.Count < _children)
        {
            var (first, second) = (Parent(), Parent());
            var (one, two) = _breeding.Breed(first, second, ref _rng);
            Take(one);
            Take(two);
        }
    }

    private void Take(T child)
    {
        if (_pending.Count < _children)
        {
            _pending.Enqueue(IsKnown(child) ? Fresh(() => _breeding.Breed(Parent(), Parent(), ref _rng).First) : child);
        }
    }

    private T Fresh(Func<T> make)
    {
        var genome = make();
        for (var attempt = 0; attempt < Attempts && IsKnown(genome); attempt++)
        {
            genome = make();
        }

        return genome;
    }

    private bool IsKnown(T genome) => _population.Any(member => _breeding.AreSame(member.Genome, genome)) || _pending.Any(other => _breeding.AreSame(other, genome));

    private T Parent()
    {
        var (first, second) = (_population[_rng.NextInt(_population.Length)], _population[_rng.NextInt(_population.Length)]);
        var order = Dominance.Compare(first.Objectives, first.Violation, second.Objectives, second.Violation);
        order = order != 0 || first.Violation > 0 || second.Violation > 0 ? order : second.Crowding.CompareTo(first.Crowding);
        return (order < 0 || (order == 0 && _rng.NextInt(2) == 0) ? first : second).Genome;
    }

    private Member[] Survivors(Member[] all)
    {
        var survivors = new List<Member>(_size);
        var fronts = Dominance.Fronts([.. all.Select(member => member.Objectives)], [.. all.Select(member => member.Violation)]);
        for (var number = 0; number < fronts.Count && survivors.Count < _size; number++)
        {
            Member[] front = [.. fronts[number].Select(i => all[i])];
            var crowding = Dominance.Crowding([.. front.Select(member => member.Objectives)]);
            for (var i = 0; i < front.Length; i++)
            {
                (front[i].Front, front[i].Crowding) = (number, crowding[i]);
            }

            survivors.AddRange(Thinned([.. front], _size - survivors.Count));
        }

        return [.. survivors];
    }

    private static List<Member> Thinned(List<Member> front, int most)
    {
        while (front.Count > most)
        {
            front.Remove(front.MinBy(member => member.Crowding)!);
            var crowding = Dominance.Crowding([.. front.Select(member => member.Objectives)]);
            for (var i = 0; i < front.Count; i++)
            {
                front[i].Crowding = crowding[i];
            }
        }

        return front;
    }
}
