namespace TicketBot.Market.Features;

/// <summary>The name of a feature row in the decision journal: <see cref="FeatureBuilder.HashOf"/> of its bits, worked out when it is read first, for most rows are never asked for it.
/// Equal when the texts are.</summary>
public sealed class FeatureHash : IEquatable<FeatureHash>
{
    private readonly ReadOnlyMemory<float> _row;
    private string? _text;

    /// <summary>Makes the hash of a row.</summary>
    /// <param name="row"><c>[features]</c>, unscaled; must not change any more.</param>
    public FeatureHash(ReadOnlyMemory<float> row) => _row = row;

    /// <summary>Makes a hash that was written down before.</summary>
    /// <param name="text">16 hex digits; empty where there was no row.</param>
    public FeatureHash(string text) => _text = text;

    /// <summary>Where no row could be built.</summary>
    public static FeatureHash None { get; } = new("");

    /// <summary>16 hex digits; empty where there is no row.</summary>
    public string Text => _text ??= FeatureBuilder.HashOf(_row.Span);

    /// <summary>The row, <c>[features]</c>; empty where there is none or only its hash is known.</summary>
    public ReadOnlyMemory<float> Row => _row;

    /// <inheritdoc/>
    public bool Equals(FeatureHash? other) => ReferenceEquals(this, other) || (other is not null && Text == other.Text);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FeatureHash);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <summary>Returns <see cref="Text"/>.</summary>
    public override string ToString() => Text;
}
