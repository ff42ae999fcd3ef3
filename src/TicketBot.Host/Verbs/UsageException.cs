namespace TicketBot.Host.Verbs;

/// <summary>A verb was given something it cannot work with; the message says what was expected and found.</summary>
public sealed class UsageException : Exception
{
    /// <summary>Makes one.</summary>
    public UsageException()
    {
    }

    /// <summary>Makes one with a message.</summary>
    public UsageException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with a message and its cause.</summary>
    public UsageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
