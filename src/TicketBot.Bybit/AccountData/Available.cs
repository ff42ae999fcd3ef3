namespace TicketBot.Bybit.AccountData;

/// <summary>A value, or why this environment or key does not give it.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
/// <param name="Value">The value, or <c>null</c>.</param>
/// <param name="Reason">Why there is none, in plain words; empty where there is one.</param>
public sealed record Available<T>(T? Value, string Reason)
    where T : class;
