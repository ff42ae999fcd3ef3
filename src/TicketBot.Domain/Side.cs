namespace TicketBot.Domain;

/// <summary>The direction of an order or a position.</summary>
public enum Side
{
    /// <summary>Buys; of a position: long.</summary>
    Buy = 1,

    /// <summary>Sells; of a position: short.</summary>
    Sell = 2,
}

/// <summary>What follows from a side.</summary>
public static class SideExtensions
{
    /// <summary>Returns the other side.</summary>
    public static Side Opposite(this Side side) => side == Side.Buy ? Side.Sell : Side.Buy;

    /// <summary>Returns +1 for a buy and -1 for a sell.</summary>
    public static int Sign(this Side side) => side == Side.Buy ? 1 : -1;
}
