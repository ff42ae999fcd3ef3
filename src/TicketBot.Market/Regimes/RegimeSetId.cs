namespace TicketBot.Market.Regimes;

/// <summary>The id of a fitted regime set: SHA-256 (hex) of its parameters.</summary>
/// <param name="Value">Hex text.</param>
public readonly record struct RegimeSetId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value ?? "(none)";
}
