namespace TicketBot.Simulator;

/// <summary>A seeded stream of chance (splitmix64; Steele, Lea and Flood 2014): equal seeds give equal streams on every machine.</summary>
internal struct Chance
{
    private ulong _state;

    /// <summary>Starts the stream of <paramref name="seed"/> and a numbered branch of it.</summary>
    internal Chance(ulong seed, ulong branch) => _state = Mix(seed ^ Mix(branch + 0x9E3779B97F4A7C15UL));

    /// <summary>Returns 64 well-mixed bits of a value; a pure function.</summary>
    internal static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
            return value ^ (value >> 31);
        }
    }

    /// <summary>Returns the next 64 bits.</summary>
    internal ulong NextBits()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15UL;
        }

        return Mix(_state);
    }

    /// <summary>Returns a number of [0, 1).</summary>
    internal double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Returns a standard normal number (Box and Muller 1958; the second of the pair is dropped so that each call takes two draws).</summary>
    internal double NextNormal()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>Returns a deterministic text in the form of a UUID for a numbered thing.</summary>
    internal static string Identity(ulong seed, ulong kind, ulong account, ulong number)
    {
        // Mix is a bijection: the second half alone tells numbers of one account and kind apart, so no two can collide.
        unchecked
        {
            var high = Mix(seed ^ Mix((kind << 32) ^ account));
            var low = Mix(number + (high << 1));
            return $"{high >> 32:x8}-{(high >> 16) & 0xFFFF:x4}-{high & 0xFFFF:x4}-{low >> 48:x4}-{low & 0xFFFFFFFFFFFFUL:x12}";
        }
    }
}
