namespace TicketBot.Bybit.Tests;

/// <summary>A seeded source of chance for fuzz tests.</summary>
internal sealed class SplitMix(ulong state)
{
    public int Below(int bound)
    {
        state += 0x9E3779B97F4A7C15UL;
        var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return (int)((z ^ (z >> 31)) % (ulong)bound);
    }
}
