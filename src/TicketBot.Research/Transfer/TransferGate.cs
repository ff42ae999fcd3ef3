namespace TicketBot.Research.Transfer;

/// <summary>One rule of a transfer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">The number judged; <c>null</c> when it could not be measured.</param>
/// <param name="Threshold">What it is held against.</param>
/// <param name="N">Rows behind the number.</param>
/// <param name="Passed">The verdict; <c>null</c> when not run.</param>
/// <param name="Refuses">Whether a failure refuses the transfer here; otherwise it refuses a ticket only, and labels of the target decide here.</param>
/// <param name="Reason">In plain words.</param>
public sealed record TransferGate(string Name, double? Value, double Threshold, int N, bool? Passed, bool Refuses, string Reason);
