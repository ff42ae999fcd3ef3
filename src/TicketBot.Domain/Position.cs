namespace TicketBot.Domain;

/// <summary>A net position of one contract, kept from executions alone; one-way mode, settled in the quote coin.</summary>
/// <remarks>Not safe for use by several threads. Average-cost accounting: a fill on the same side moves the average entry, a
/// fill on the other side realises profit against it. The cost of a part closed is rounded to <see cref="CostDecimals"/> places
/// and what stays open keeps the exact rest, so every sum is exact and does not depend on the order of adding:
/// <c>Realised - SignedCost</c> is the cash of all fills to the last digit.</remarks>
public sealed class Position
{
    /// <summary>Decimal places of the cost of a closed part.</summary>
    public const int CostDecimals = 12;

    /// <summary>Makes a flat position.</summary>
    /// <exception cref="ArgumentException">The symbol is <c>default</c>.</exception>
    public Position(Symbol symbol)
    {
        if (symbol.IsDefault)
        {
            throw new ArgumentException("a position needs a symbol", nameof(symbol));
        }

        Symbol = symbol;
    }

    /// <summary>The contract.</summary>
    public Symbol Symbol { get; }

    /// <summary>Base coin held: positive long, negative short, zero flat.</summary>
    public decimal SignedQuantity { get; private set; }

    /// <summary>Entry value with sign (base coin x entry price), exact: the average entry price is this over the quantity.</summary>
    public decimal SignedCost { get; private set; }

    /// <summary>Realised profit of closed parts before fees and funding, in settlement coin.</summary>
    public Money Realised { get; private set; }

    /// <summary>Fees paid (positive) in settlement coin.</summary>
    public Money Fees { get; private set; }

    /// <summary>Funding paid (positive) in settlement coin.</summary>
    public Money Funding { get; private set; }

    /// <summary>Whether nothing is held.</summary>
    public bool IsFlat => SignedQuantity == 0;

    /// <summary>The side held, or <c>null</c> when flat.</summary>
    public Side? Side => SignedQuantity switch { > 0 => Domain.Side.Buy, < 0 => Domain.Side.Sell, _ => null };

    /// <summary>The quantity held without sign.</summary>
    public Quantity Quantity => new(Math.Abs(SignedQuantity));

    /// <summary>Average entry price; zero when flat.</summary>
    public decimal AverageEntry => IsFlat ? 0 : SignedCost / SignedQuantity;

    /// <summary>Returns the profit not yet realised at <paramref name="mark"/>, before fees.</summary>
    public Money Unrealised(decimal mark) => new((SignedQuantity * mark) - SignedCost);

    /// <summary>Applies an execution of this contract; an unknown kind changes nothing.</summary>
    /// <exception cref="ArgumentException">The execution belongs to another contract.</exception>
    public void Apply(Execution execution)
    {
        if (execution.Symbol != Symbol)
        {
            throw new ArgumentException($"execution of {execution.Symbol} given to the position of {Symbol}", nameof(execution));
        }

        switch (execution.Kind)
        {
            case ExecutionKind.Funding:
                Funding += execution.Fee;
                break;
            case ExecutionKind.Trade or ExecutionKind.Forced:
                Fees += execution.Fee;
                Fill(execution.Side.Sign() * execution.Quantity.Value, execution.Price.Value);
                break;
            case ExecutionKind.Unknown:
                break;
            default:
                throw new InvalidOperationException($"Invariant: execution kind {execution.Kind} has no rule");
        }
    }

    private void Fill(decimal signed, decimal price)
    {
        if (SignedQuantity == 0 || Math.Sign(signed) == Math.Sign(SignedQuantity))
        {
            SignedQuantity += signed;
            SignedCost += signed * price;
            return;
        }

        var closing = Math.Min(Math.Abs(signed), Math.Abs(SignedQuantity)) * Math.Sign(signed);
        var remaining = SignedQuantity + closing;

        // Multiplied before divided: 28 digits of a third, times three, are not one. Unrounded, a quotient would fill all digits
        // of a decimal and make each later sum lose its last ones.
        var cost = remaining == 0 ? SignedCost : decimal.Round(SignedCost * -closing / SignedQuantity, CostDecimals);
        Realised += new Money((-closing * price) - cost);
        SignedCost -= cost;
        SignedQuantity = remaining;
        if (signed != closing)
        {
            SignedQuantity = signed - closing;
            SignedCost = SignedQuantity * price;
        }
    }
}
