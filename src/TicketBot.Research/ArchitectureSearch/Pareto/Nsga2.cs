using TicketBot.Learning;

namespace TicketBot.Research.ArchitectureSearch.Pareto;

/// <summary>NSGA-II (Deb et al. 2002) by ask and tell, over genomes of any kind: parents by binary tournament (violation, then domination, then crowding), as many children
/// as parents, and of both together those of the first fronts survive, of the last front the least crowded. Children equal to one alive are bred again.</summary>
/// <typeparam name="T">The genome.</typeparam>
public sealed class Nsga2<T>
{
    private const int Attempts = 100;

    private readonly Breeding<T> _breeding;
    private readonly int _size;
    private readonly Queue<T> _pending = new();
    private readonly List<Member> _told = [];
    private Member[] _population = [];
    private Rng _rng;

    /// <summary>Starts with genomes drawn at random.</summary>
    /// <param name="breeding">How genomes are made.</param>
    /// <param name="population">Genomes of a generation, at least 4.</param>
    /// <param name="seed">Seed of all its chance.</param>
    public Nsga2(Breeding<T> breeding, int population, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(population, 4);
        (_breeding, _size, _rng) = (breeding, population, new Rng(seed));
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

    /// <summary>The survivors of the last generation.</summary>
    public IReadOnlyList<Member> Population => _population;

    /// <summary>Returns the next genome to evaluate; false while genomes of the generation are not told yet.</summary>
    public bool TryAsk(out T genome) => _pending.TryDequeue(out genome!);

    /// <summary>Tells what came of a genome.</summary>
    public void Tell(T genome, IReadOnlyList<double> objectives, double violation)
    {
        _told.Add(new Member(genome, [.. objectives], violation));
        if (_told.Count < _size)
        {
            return;
        }

        _population = Survivors([.. _population, .. _told]);
        _told.Clear();
        while (_pending.Count < _size)
        {
            var (first, second) = (Parent(), Parent());
            var (one, two) = _breeding.Breed(first, second, ref _rng);
            Take(one);
            Take(two);
        }
    }

    private void Take(T child)
    {
        if (_pending.Count < _size)
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

            survivors.AddRange(survivors.Count + front.Length <= _size ? front : front.OrderByDescending(member => member.Crowding).Take(_size - survivors.Count));
        }

        return [.. survivors];
    }
}
