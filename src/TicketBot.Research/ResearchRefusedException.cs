namespace TicketBot.Research;

/// <summary>A search cannot be made with what was given; the message says what was expected, what was found and what to do.</summary>
public sealed class ResearchRefusedException : Exception
{
    /// <summary>Makes one.</summary>
    public ResearchRefusedException()
    {
    }

    /// <summary>Makes one with a message.</summary>
    public ResearchRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with a message and its cause.</summary>
    public ResearchRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
