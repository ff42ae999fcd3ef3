namespace TicketBot.Learning;

/// <summary>How the steps of a window become one.</summary>
public enum Pooling
{
    /// <summary>The newest step.</summary>
    Last = 0,

    /// <summary>The mean over steps, per channel.</summary>
    Mean = 1,

    /// <summary>The largest over steps, per channel.</summary>
    Max = 2,
}
