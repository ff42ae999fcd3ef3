using TicketBot.Learning;
using TicketBot.Learning.Training;
using TicketBot.Research.Stages;

namespace TicketBot.Research.Transfer;

/// <summary>A fair sample of the rows of each regime seen so far, to be learned again beside new ones so that they are not forgotten. Every row of a regime has the same chance to be
/// in it (Vitter, "Random sampling with a reservoir", 1985, algorithm R).</summary>
/// <param name="features">Values of a row, at least 1.</param>
/// <param name="capacity">Rows kept of each regime, at least 1.</param>
/// <param name="seed">Seed of the sample.</param>
public sealed class RehearsalReservoir(int features, int capacity, ulong seed)
{
    private readonly SortedDictionary<int, Sample> _samples = [];

    /// <summary>Rows kept.</summary>
    public int Rows => _samples.Values.Sum(sample => sample.Kept.Count);

    /// <summary>Regimes seen, ascending.</summary>
    public IReadOnlyCollection<int> Regimes => _samples.Keys;

    /// <summary>Offers a row.</summary>
    /// <param name="regime">The regime it belongs to.</param>
    /// <param name="row">Its scaled values.</param>
    /// <param name="label">Its class, from 0.</param>
    /// <exception cref="ArgumentException">The row has another number of values.</exception>
    public void Add(int regime, ReadOnlySpan<float> row, int label)
    {
        if (row.Length != features)
        {
            throw new ArgumentException($"expected a row of {features} values, found {row.Length}", nameof(row));
        }

        if (!_samples.TryGetValue(regime, out var sample))
        {
            sample = new Sample(new Rng(StageHash.Seed("reservoir", seed, regime)));
            _samples[regime] = sample;
        }

        sample.Offer(row.ToArray(), label, capacity);
    }

    /// <summary>Returns all kept rows; regimes weigh alike.</summary>
    /// <exception cref="InvalidOperationException">Nothing was added.</exception>
    public TrainingSet ToSet() => _samples.Count == 0 ? throw new InvalidOperationException("expected rows in the reservoir, found none") : Set([.. _samples.Values]);

    /// <summary>Returns the kept rows of one regime.</summary>
    /// <exception cref="KeyNotFoundException">No row of it was added.</exception>
    public TrainingSet ToSet(int regime) => Set([_samples[regime]]);

    private TrainingSet Set(Sample[] samples)
    {
        var rows = samples.SelectMany(sample => sample.Kept.Select(kept => (kept.Row, kept.Label, Weight: 1f / sample.Kept.Count))).ToList();
        var mean = rows.Sum(row => row.Weight) / rows.Count;
        return new TrainingSet([.. rows.SelectMany(row => row.Row)], features, [.. rows.Select(row => row.Label)], [.. rows.Select(row => row.Weight / mean)]);
    }

    private sealed class Sample(Rng rng)
    {
        private Rng _rng = rng;
        private int _seen;

        public List<(float[] Row, int Label)> Kept { get; } = [];

        public void Offer(float[] row, int label, int capacity)
        {
            _seen++;
            if (Kept.Count < capacity)
            {
                Kept.Add((row, label));
                return;
            }

            var at = _rng.NextInt(_seen);
            if (at < capacity)
            {
                Kept[at] = (row, label);
            }
        }
    }
}
