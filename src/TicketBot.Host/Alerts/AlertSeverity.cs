namespace TicketBot.Host.Alerts;

/// <summary>How much an alert matters.</summary>
public enum AlertSeverity
{
    /// <summary>Worth knowing.</summary>
    Info = 1,

    /// <summary>Look at it today.</summary>
    Warning = 2,

    /// <summary>Look at it now.</summary>
    Critical = 3,
}
