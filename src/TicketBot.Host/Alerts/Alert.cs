using TicketBot.Domain;

namespace TicketBot.Host.Alerts;

/// <summary>Something that an operator should know.</summary>
/// <param name="Code">Its kind, such as <c>halted</c> or <c>positionWithoutStop</c>.</param>
/// <param name="Subject">What it is about: a symbol, a job, or empty for the whole daemon.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Text">What is the matter and what to do, in plain words.</param>
/// <param name="Since">Market time from which it held.</param>
/// <param name="IsOver">Whether this says that it holds no longer.</param>
public sealed record Alert(string Code, string Subject, AlertSeverity Severity, string Text, Instant Since, bool IsOver = false);
