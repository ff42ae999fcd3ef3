using System.Globalization;

namespace TicketBot.Domain;

/// <summary>A price in quote coin per base coin, above zero. <c>default</c> is no price and is refused by constructors that take one.</summary>
/// <remarks>Operators: Price x Quantity = Money; comparison. Nothing else has a unit.</remarks>
public readonly record struct Price : IComparable<Price>
{
    /// <summary>Makes a price.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above zero.</exception>
    public Price(decimal value)
    {
        if (value <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, $"a price must be above zero, was {value}");
        }

        Value = value;
    }

    /// <summary>Quote coin per base coin.</summary>
    public decimal Value { get; }

    /// <summary>Whether this is <c>default</c>.</summary>
    public bool IsDefault => Value == 0;

    /// <inheritdoc/>
    public int CompareTo(Price other) => Value.CompareTo(other.Value);

    /// <summary>The notional value of <paramref name="quantity"/> at <paramref name="price"/>.</summary>
    public static Money operator *(Price price, Quantity quantity) => new(price.Value * quantity.Value);

    /// <summary>Lower than.</summary>
    public static bool operator <(Price left, Price right) => left.Value < right.Value;

    /// <summary>Higher than.</summary>
    public static bool operator >(Price left, Price right) => left.Value > right.Value;

    /// <summary>Not higher than.</summary>
    public static bool operator <=(Price left, Price right) => left.Value <= right.Value;

    /// <summary>Not lower than.</summary>
    public static bool operator >=(Price left, Price right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
