using TicketBot.Domain;

namespace TicketBot.Trading.Exchange;

/// <summary>An order as it is to be sent: exactly these values go over the wire.</summary>
public sealed record OrderRequest
{
    /// <summary>Our id.</summary>
    public required ClientOrderId Id { get; init; }

    /// <summary>The contract.</summary>
    public required Symbol Symbol { get; init; }

    /// <summary>Buy or sell.</summary>
    public required Side Side { get; init; }

    /// <summary>Market or limit.</summary>
    public required OrderType Type { get; init; }

    /// <summary>Quantity on the lot grid.</summary>
    public required Quantity Quantity { get; init; }

    /// <summary>Price of a limit order, else <c>null</c>.</summary>
    public Price? LimitPrice { get; init; }

    /// <summary>Stop-loss for the position that the order opens, else <c>null</c>.</summary>
    public Price? StopLoss { get; init; }

    /// <summary>Whether the stop triggers by mark price instead of last price.</summary>
    public bool StopByMarkPrice { get; init; }

    /// <summary>Whether the order may only reduce a position.</summary>
    public bool ReduceOnly { get; init; }

    /// <summary>Market time of the candle close (or tick) that caused it.</summary>
    public required Instant CausedAt { get; init; }
}

/// <summary>What came back from sending an order. A closed family.</summary>
public abstract record SubmitAnswer
{
    private SubmitAnswer()
    {
    }

    /// <summary>The venue acknowledged receipt.</summary>
    /// <param name="VenueId">The venue's id.</param>
    public sealed record Acknowledged(VenueOrderId VenueId) : SubmitAnswer;

    /// <summary>The venue refused; nothing exists there.</summary>
    /// <param name="Code">The venue's code.</param>
    /// <param name="Text">The venue's words.</param>
    public sealed record Refused(int Code, string Text) : SubmitAnswer;

    /// <summary>The venue says the id was used before: the order exists and must be looked up.</summary>
    public sealed record Duplicate : SubmitAnswer;

    /// <summary>The answer was lost or ambiguous: the order may exist.</summary>
    /// <param name="Text">What happened.</param>
    public sealed record Unknown(string Text) : SubmitAnswer;
}

/// <summary>What came back from a cancel or stop request. A closed family.</summary>
public abstract record RequestAnswer
{
    private RequestAnswer()
    {
    }

    /// <summary>Done, or it was so already.</summary>
    public sealed record Done : RequestAnswer;

    /// <summary>The venue refused.</summary>
    /// <param name="Code">The venue's code.</param>
    /// <param name="Text">The venue's words.</param>
    public sealed record Refused(int Code, string Text) : RequestAnswer;

    /// <summary>The answer was lost.</summary>
    /// <param name="Text">What happened.</param>
    public sealed record Unknown(string Text) : RequestAnswer;
}

/// <summary>The exchange could not be reached or refused for good.</summary>
public sealed class ExchangeException : Exception
{
    /// <summary>Makes one.</summary>
    public ExchangeException()
    {
    }

    /// <summary>Makes one with a message that names what was asked, what came back and what to do.</summary>
    public ExchangeException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with a message and its cause.</summary>
    public ExchangeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
