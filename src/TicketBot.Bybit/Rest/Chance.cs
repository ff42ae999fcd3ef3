namespace TicketBot.Bybit.Rest;

/// <summary>A seeded source of jitter (SplitMix64; Steele, Lea, Flood 2014). Safe for use by several threads.</summary>
internal sealed class Chance
{
    private ulong _state;

    public Chance(ulong seed) => _state = seed;

    /// <summary>Returns the next number in [0, 1).</summary>
    public double Next()
    {
        var z = Interlocked.Add(ref _state, 0x9E3779B97F4A7C15UL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
