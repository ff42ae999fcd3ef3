using TicketBot.Learning.Training;

namespace TicketBot.Learning.Search;

/// <summary>How a supernet is trained and its paths are evaluated.</summary>
public sealed record SupernetOptions
{
    /// <summary>How weights are trained; Adam at 0.003 falling as a cosine over 40 epochs, gradients clipped at norm 5, by default. Each update runs one path. Validation, early
    /// stopping and layer rates are not read.</summary>
    public TrainingOptions Training { get; init; } = new() { LearningRate = 3e-3, Schedule = LearningRateSchedule.Cosine, ClipNorm = 5.0, Epochs = 40 };

    /// <summary>How paths are drawn; fair by default.</summary>
    public SupernetSampling Sampling { get; init; } = SupernetSampling.Fair;

    /// <summary>Training rows that renew the running statistics of a path before it is evaluated, at least 1; 1,024 by default.</summary>
    public int RecalibrationRows { get; init; } = 1024;

    /// <summary>Checks every range.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    public void Validate()
    {
        Training.Validate();
        if (!Enum.IsDefined(Sampling))
        {
            throw new ArgumentException($"{nameof(Sampling)}: expected uniform or fair, found {Sampling}");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(RecalibrationRows, 1);
    }
}
