namespace TicketBot.Research.Labels;

/// <summary>The candles that a label is a function of, by their index in the series.</summary>
/// <remarks>A candle stands for the return from the close before it to its own: two labels are concurrent where they share one (Lopez de
/// Prado, Advances in Financial Machine Learning, 2018, section 4.3). The decision candle itself is the past of its label and no part of it.</remarks>
/// <param name="Decision">Candle at whose close the label is asked for.</param>
/// <param name="First">First candle that it looks at, after <paramref name="Decision"/>.</param>
/// <param name="Last">Last candle that it looks at, not before <paramref name="First"/>.</param>
public readonly record struct LabelSpan(int Decision, int First, int Last)
{
    /// <summary>Candles it looks at.</summary>
    public int Length => Last - First + 1;

    /// <summary>Returns the span of the <paramref name="horizon"/> candles after <paramref name="decision"/>.</summary>
    public static LabelSpan After(int decision, int horizon) => new(decision, decision + 1, decision + horizon);

    /// <summary>Whether a candle is looked at by both.</summary>
    public bool Overlaps(in LabelSpan other) => First <= other.Last && other.First <= Last;
}
