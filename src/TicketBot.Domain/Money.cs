using System.Globalization;

namespace TicketBot.Domain;

/// <summary>An amount of the settlement coin (USDT); may be negative. <c>default</c> is zero.</summary>
/// <remarks>Operators: Money + Money, Money - Money, -Money, Money x factor, comparison.</remarks>
/// <param name="Value">Settlement coin.</param>
public readonly record struct Money(decimal Value) : IComparable<Money>
{
    /// <summary>No money.</summary>
    public static Money Zero => default;

    /// <inheritdoc/>
    public int CompareTo(Money other) => Value.CompareTo(other.Value);

    /// <summary>Sum.</summary>
    public static Money operator +(Money left, Money right) => new(left.Value + right.Value);

    /// <summary>Difference.</summary>
    public static Money operator -(Money left, Money right) => new(left.Value - right.Value);

    /// <summary>The negative amount.</summary>
    public static Money operator -(Money value) => new(-value.Value);

    /// <summary>The amount scaled by a fraction without unit.</summary>
    public static Money operator *(Money value, decimal factor) => new(value.Value * factor);

    /// <summary>Less than.</summary>
    public static bool operator <(Money left, Money right) => left.Value < right.Value;

    /// <summary>More than.</summary>
    public static bool operator >(Money left, Money right) => left.Value > right.Value;

    /// <summary>Not more than.</summary>
    public static bool operator <=(Money left, Money right) => left.Value <= right.Value;

    /// <summary>Not less than.</summary>
    public static bool operator >=(Money left, Money right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
