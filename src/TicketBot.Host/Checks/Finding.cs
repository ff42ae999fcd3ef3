namespace TicketBot.Host.Checks;

/// <summary>One finding of a check.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Passed">Whether it holds.</param>
/// <param name="Text">What was expected and found, with the remedy when it does not hold.</param>
public sealed record Finding(string Name, bool Passed, string Text);
