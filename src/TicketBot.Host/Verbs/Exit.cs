namespace TicketBot.Host.Verbs;

/// <summary>Exit codes of the command line.</summary>
public static class Exit
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>A check or verdict failed where the verb's purpose is a verdict.</summary>
    public const int Refused = 1;

    /// <summary>Wrong usage or configuration.</summary>
    public const int Usage = 2;

    /// <summary>The outside world failed.</summary>
    public const int World = 3;

    /// <summary>Interrupted.</summary>
    public const int Interrupted = 130;
}
