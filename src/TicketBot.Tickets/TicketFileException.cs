namespace TicketBot.Tickets;

/// <summary>A ticket file cannot be read, was changed since it was written, or was made for another program version; the message names the
/// file, what was expected, what was found and the remedy.</summary>
public sealed class TicketFileException : IOException
{
    /// <summary>Makes an exception without a message.</summary>
    public TicketFileException()
    {
    }

    /// <summary>Makes an exception.</summary>
    public TicketFileException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with its cause.</summary>
    public TicketFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
