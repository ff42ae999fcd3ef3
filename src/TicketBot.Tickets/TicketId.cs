namespace TicketBot.Tickets;

/// <summary>The id of a ticket: SHA-256 (hex, 64 digits, lower case) of its file's content.</summary>
/// <param name="Value">Hex text.</param>
public readonly record struct TicketId(string Value)
{
    /// <summary>The first 12 digits, for people.</summary>
    public string Short => Value is { Length: > 12 } ? Value[..12] : Value ?? "(none)";

    /// <inheritdoc/>
    public override string ToString() => Value ?? "(none)";
}
