using System.Numerics;

namespace TicketBot.Learning;

/// <summary>A seeded stream of pseudo-random numbers: xoshiro256** (Blackman and Vigna 2018), its state filled by splitmix64.
/// A mutable value: pass it by reference to share a stream, copy it to repeat one. <c>default</c> is not a stream; drawing from it throws.</summary>
public struct Rng
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    /// <summary>Starts the stream of a seed; any seed is good, zero included.</summary>
    public Rng(ulong seed)
    {
        _a = SplitMix(ref seed);
        _b = SplitMix(ref seed);
        _c = SplitMix(ref seed);
        _d = SplitMix(ref seed);
    }

    /// <summary>Returns 64 uniform bits.</summary>
    /// <exception cref="InvalidOperationException">The value was never seeded.</exception>
    public ulong NextUInt64()
    {
        if ((_a | _b | _c | _d) == 0)
        {
            throw new InvalidOperationException("Invariant: a random stream must be started from a seed, but this one is default(Rng).");
        }

        ulong result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        ulong t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>Returns a uniform double in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Returns a uniform float in [0, 1) with 24 random bits.</summary>
    public float NextFloat() => (NextUInt64() >> 40) * (1.0f / (1 << 24));

    /// <summary>Returns a standard normal draw by Marsaglia's polar method (1964); only IEEE arithmetic, so the bits are the same on every machine.</summary>
    public double NextGaussian()
    {
        while (true)
        {
            double u = 2.0 * NextDouble() - 1.0;
            double v = 2.0 * NextDouble() - 1.0;
            double s = u * u + v * v;
            if (s > 0.0 && s < 1.0)
            {
                return u * Math.Sqrt(-2.0 * PortableMath.Log(s) / s);
            }
        }
    }

    /// <summary>Returns a uniform integer in [0, <paramref name="exclusiveBound"/>) without bias (Lemire 2019).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound is below 1.</exception>
    public int NextInt(int exclusiveBound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(exclusiveBound, 1);
        ulong bound = (ulong)exclusiveBound;
        ulong high = Math.BigMul(NextUInt64(), bound, out ulong low);
        if (low < bound)
        {
            ulong threshold = (0UL - bound) % bound;
            while (low < threshold)
            {
                high = Math.BigMul(NextUInt64(), bound, out low);
            }
        }

        return (int)high;
    }

    /// <summary>Puts the items in a uniformly random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>Puts the integers in a uniformly random order (Fisher and Yates).</summary>
    public void Shuffle(Span<int> items) => Shuffle<int>(items);

    /// <summary>Returns an independent stream that depends on this stream's present state and on <paramref name="stream"/>; this stream does not move.</summary>
    public readonly Rng Split(ulong stream)
    {
        ulong key = stream;
        ulong seed = _a ^ SplitMix(ref key);
        seed = SplitMix(ref seed) ^ _b;
        seed = SplitMix(ref seed) ^ _c;
        seed = SplitMix(ref seed) ^ _d;
        return new Rng(seed);
    }

    /// <summary>The state as four words, to be kept and given back to <see cref="FromWords"/>.</summary>
    internal readonly ulong[] Words() => [_a, _b, _c, _d];

    internal static Rng FromWords(ReadOnlySpan<ulong> words) => new() { _a = words[0], _b = words[1], _c = words[2], _d = words[3] };

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
