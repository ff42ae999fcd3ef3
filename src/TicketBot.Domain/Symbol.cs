namespace TicketBot.Domain;

/// <summary>The venue's name of a contract, for example <c>BTCUSDT</c>. <c>default</c> names nothing and is refused by constructors.</summary>
public readonly record struct Symbol : IComparable<Symbol>
{
    private readonly string? _value;

    /// <summary>Makes a symbol of 1 to 32 upper-case letters, digits, '-' or '_'.</summary>
    /// <exception cref="ArgumentException">The text has another form.</exception>
    public Symbol(string value)
    {
        if (!IsValid(value))
        {
            throw new ArgumentException(
                $"a symbol has 1 to 32 upper-case letters, digits, '-' or '_', was '{value}'", nameof(value));
        }

        _value = value;
    }

    /// <summary>The symbol's text.</summary>
    /// <exception cref="InvalidOperationException">This is <c>default</c>.</exception>
    public string Value => _value ?? throw new InvalidOperationException("Invariant: default(Symbol) names no contract");

    /// <summary>Whether this is <c>default</c>.</summary>
    public bool IsDefault => _value is null;

    /// <summary>Returns whether <paramref name="value"/> has the form of a symbol.</summary>
    public static bool IsValid(string? value)
    {
        if (value is null || value.Length is 0 or > 32)
        {
            return false;
        }

        foreach (var c in value)
        {
            if (c is not ((>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Returns a hash of the first letters: symbols are few and no stranger chooses them.</summary>
    public override int GetHashCode()
    {
        var hash = 0u;
        foreach (var letter in _value.AsSpan(0, Math.Min(_value?.Length ?? 0, 8)))
        {
            hash = unchecked((hash * 31) + letter);
        }

        return unchecked((int)hash);
    }

    /// <inheritdoc/>
    public int CompareTo(Symbol other) => string.CompareOrdinal(_value, other._value);

    /// <inheritdoc/>
    public override string ToString() => _value ?? "(none)";
}
