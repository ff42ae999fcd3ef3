namespace TicketBot.Tickets;

/// <summary>What a ticket predicts.</summary>
public enum PredictionTask
{
    /// <summary>Direction of the return over the horizon: opens positions.</summary>
    Direction = 1,

    /// <summary>Volatility over the horizon: only scales sizes down.</summary>
    Volatility = 2,

    /// <summary>Portfolio weights: shadow and report.</summary>
    Weights = 3,
}

/// <summary>The answer of a compiled ticket: a closed family, one member per task.</summary>
public abstract record Prediction
{
    private Prediction()
    {
    }

    /// <summary>A calibrated direction.</summary>
    /// <param name="ProbabilityUp">Calibrated probability that the close after the horizon lies above the close now, 0..1.</param>
    public sealed record Direction(double ProbabilityUp) : Prediction;

    /// <summary>A volatility forecast.</summary>
    /// <param name="Sigma">Standard deviation of the log return over the horizon.</param>
    public sealed record Volatility(double Sigma) : Prediction;
}
