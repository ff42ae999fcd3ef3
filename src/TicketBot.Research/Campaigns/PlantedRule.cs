using System.Globalization;

namespace TicketBot.Research.Campaigns;

/// <summary>What announces the next candle's direction in a generated market, how surely, and how far that candle moves.</summary>
/// <param name="Name"><c>burst</c> or <c>streak</c>.</param>
/// <param name="Probability">Probability that the announced direction comes, 0.5 to 1.</param>
/// <param name="MoveBp">Mean size of the announced candle's move in basis points, 1 to 1,000.</param>
internal sealed record PlantedRule(string Name, double Probability, double MoveBp)
{
    /// <summary>Closes in one direction that make a streak.</summary>
    internal const int Streak = 5;

    /// <summary>Reads <c>RULE:P:BP</c>.</summary>
    /// <exception cref="FormatException">The text has another form.</exception>
    internal static PlantedRule Parse(string text)
    {
        var parts = text.Split(':');
        return parts is [("burst" or "streak") and var name, var probability, var move]
            && double.TryParse(probability, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var p) && p is >= 0.5 and <= 1
            && double.TryParse(move, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var bp) && bp is >= 1 and <= 1_000
            ? new PlantedRule(name, p, bp)
            : throw new FormatException($"a planted rule is burst:P:BP or streak:P:BP with P from 0.5 to 1 and BP from 1 to 1000 (such as burst:0.7:100), was '{text}'");
    }
}
