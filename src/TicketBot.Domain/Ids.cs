namespace TicketBot.Domain;

/// <summary>Our id of an order, sent to the venue as <c>orderLinkId</c>: 1 to 36 letters, digits, '-' or '_'. <c>default</c> names nothing.</summary>
public readonly record struct ClientOrderId
{
    /// <summary>Makes an id.</summary>
    /// <exception cref="ArgumentException">The text has another form.</exception>
    public ClientOrderId(string value)
    {
        if (value is null || value.Length is 0 or > 36 || value.Any(c => !(char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
        {
            throw new ArgumentException($"a client order id has 1 to 36 letters, digits, '-' or '_', was '{value}'", nameof(value));
        }

        Value = value;
    }

    /// <summary>The id's text; <c>null</c> only in <c>default</c>.</summary>
    public string Value { get; }

    /// <summary>Whether this is <c>default</c>.</summary>
    public bool IsDefault => Value is null;

    /// <inheritdoc/>
    public override string ToString() => Value ?? "(none)";
}

/// <summary>The venue's id of an order. <c>default</c> names nothing.</summary>
/// <param name="Value">The venue's text.</param>
public readonly record struct VenueOrderId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value ?? "(none)";
}

/// <summary>The venue's id of one execution: the key against duplicates.</summary>
/// <param name="Value">The venue's text.</param>
public readonly record struct ExecutionId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value ?? "(none)";
}
