namespace TicketBot.Storage;

/// <summary>A file or database of ours could not be read or written, or is not what it should be; the message names it and the remedy.</summary>
public sealed class StorageException : IOException
{
    /// <summary>Makes an exception without a message.</summary>
    public StorageException()
    {
    }

    /// <summary>Makes an exception.</summary>
    public StorageException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with its cause.</summary>
    public StorageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
