namespace TicketBot.Testing;

/// <summary>Counts what code allocates.</summary>
public static class AllocatedBytes
{
    private const int Rounds = 5;

    /// <summary>The fewest bytes that one of five rounds allocated on this thread: what the code allocates it allocates in every round,
    /// the runtime charges a thread with bytes of its own once in a while.</summary>
    /// <param name="round">What is counted; it has been run before, and does the same each time.</param>
    public static long LeastOf(Action round)
    {
        var least = long.MaxValue;
        for (var i = 0; i < Rounds && least > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
