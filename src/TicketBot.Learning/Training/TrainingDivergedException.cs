namespace TicketBot.Learning.Training;

/// <summary>Training met a loss or a weight that is not a finite number.</summary>
public sealed class TrainingDivergedException : Exception
{
    /// <summary>An error without details.</summary>
    public TrainingDivergedException()
    {
    }

    /// <summary>An error with a message.</summary>
    public TrainingDivergedException(string message)
        : base(message)
    {
    }

    /// <summary>An error with a message and a cause.</summary>
    public TrainingDivergedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
