using System.Globalization;

namespace TicketBot.Domain;

/// <summary>An amount of base coin, at least zero. <c>default</c> is zero.</summary>
/// <remarks>Operators: Quantity + Quantity, Quantity - Quantity (checked), comparison; Price x Quantity = Money.</remarks>
public readonly record struct Quantity : IComparable<Quantity>
{
    /// <summary>Makes a quantity.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public Quantity(decimal value)
    {
        if (value < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, $"a quantity must not be negative, was {value}");
        }

        Value = value;
    }

    /// <summary>No quantity.</summary>
    public static Quantity Zero => default;

    /// <summary>Base coin.</summary>
    public decimal Value { get; }

    /// <summary>Whether this is zero.</summary>
    public bool IsZero => Value == 0;

    /// <inheritdoc/>
    public int CompareTo(Quantity other) => Value.CompareTo(other.Value);

    /// <summary>Sum.</summary>
    public static Quantity operator +(Quantity left, Quantity right) => new(left.Value + right.Value);

    /// <summary>Difference; throws when it would be negative.</summary>
    public static Quantity operator -(Quantity left, Quantity right) => new(left.Value - right.Value);

    /// <summary>Less than.</summary>
    public static bool operator <(Quantity left, Quantity right) => left.Value < right.Value;

    /// <summary>More than.</summary>
    public static bool operator >(Quantity left, Quantity right) => left.Value > right.Value;

    /// <summary>Not more than.</summary>
    public static bool operator <=(Quantity left, Quantity right) => left.Value <= right.Value;

    /// <summary>Not less than.</summary>
    public static bool operator >=(Quantity left, Quantity right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
