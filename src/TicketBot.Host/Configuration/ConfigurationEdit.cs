namespace TicketBot.Host.Configuration;

/// <summary>A configuration file changed while the daemon runs; what is in force stays so until the next start.</summary>
/// <param name="IsValid">Whether the files as they are now could be started with.</param>
/// <param name="Faults">Every fault, with file, key, value and what was expected; empty when valid.</param>
/// <param name="Changes">Every option that would be different, with the value in force and the new one; empty when none would.</param>
public sealed record ConfigurationEdit(bool IsValid, IReadOnlyList<string> Faults, IReadOnlyList<string> Changes)
{
    /// <summary>Kind of the journal's notes about these.</summary>
    public const string Kind = "configuration";

    /// <inheritdoc/>
    public override string ToString() => !IsValid
        ? $"the configuration file has faults and is not taken; what is in force stays: {string.Join("; ", Faults)}"
        : Changes.Count == 0 ? "the configuration file says what is in force"
        : $"the configuration file changed; at the next start this takes force: {string.Join("; ", Changes)}";
}
