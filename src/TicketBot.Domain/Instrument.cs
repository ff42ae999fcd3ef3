namespace TicketBot.Domain;

/// <summary>The trading rules of one contract, and the only place where prices and quantities are rounded.</summary>
/// <remarks>Source: https://bybit-exchange.github.io/docs/v5/market/instrument.</remarks>
public sealed record Instrument
{
    /// <summary>The contract.</summary>
    public required Symbol Symbol { get; init; }

    /// <summary>Smallest price step, above zero.</summary>
    public required decimal TickSize { get; init; }

    /// <summary>Smallest quantity step, above zero.</summary>
    public required decimal QuantityStep { get; init; }

    /// <summary>Smallest order quantity, above zero.</summary>
    public required decimal MinQuantity { get; init; }

    /// <summary>Largest quantity of a market order.</summary>
    public required decimal MaxMarketQuantity { get; init; }

    /// <summary>Largest quantity of a limit order.</summary>
    public required decimal MaxQuantity { get; init; }

    /// <summary>Smallest notional value of an order that opens, in quote coin.</summary>
    public required decimal MinNotional { get; init; }

    /// <summary>Minutes between funding settlements, counted from 00:00 UTC.</summary>
    public int FundingIntervalMinutes { get; init; } = 480;

    /// <summary>Whether the venue accepts orders for it.</summary>
    public bool IsTrading { get; init; } = true;

    /// <summary>Returns the largest multiple of the quantity step that is not above <paramref name="value"/>; zero for a negative value.</summary>
    public Quantity FloorToLot(decimal value) =>
        value <= 0 ? Quantity.Zero : new Quantity(Normalise(value - (value % QuantityStep)));

    /// <summary>Returns <paramref name="price"/> on the tick grid, rounded so that an order of <paramref name="side"/> is not
    /// made worse for its owner: a buy down, a sell up.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rounded price is not above zero.</exception>
    public Price RoundToTick(decimal price, Side side)
    {
        // The remainder is exact where a quotient would round, and could round across the grid.
        var rest = price % TickSize;
        var below = price - rest;
        return new Price(Normalise(side == Side.Buy || rest <= 0 ? below : below + TickSize));
    }

    /// <summary>Returns the nearest tick to an observed price (ties away from zero; the first 15 significant digits count).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rounded price is not above zero.</exception>
    /// <exception cref="OverflowException">The price is not finite, or above the range of decimal.</exception>
    public Price NearestTick(double price) =>
        new(Normalise(decimal.Round((decimal)price / TickSize, 0, MidpointRounding.AwayFromZero) * TickSize));

    /// <summary>Whether <paramref name="price"/> lies on the tick grid.</summary>
    public bool IsOnTick(decimal price) => price % TickSize == 0;

    /// <summary>Whether <paramref name="quantity"/> is a multiple of the quantity step.</summary>
    public bool IsOnLot(decimal quantity) => quantity % QuantityStep == 0;

    // Trailing zeros of a decimal are part of its text; on the wire and in ids 0.50 and 0.5 must be the same text.
    private static decimal Normalise(decimal value) => value / 1.000000000000000000000000000000000m;
}
