using System.Globalization;
using TicketBot.Domain;

namespace TicketBot.Research.Campaigns;

/// <summary>What announces the next candle's direction in a generated market, how surely, and how far that candle moves.</summary>
/// <param name="Name">One of <see cref="Names"/>.</param>
/// <param name="Probability">Probability that the announced direction comes, 0.5 to 1.</param>
/// <param name="MoveBp">Mean size of the announced candle's move in basis points, 1 to 1,000.</param>
internal sealed record PlantedRule(string Name, double Probability, double MoveBp)
{
    /// <summary>Closes in one direction that make a streak.</summary>
    internal const int Streak = 5;

    /// <summary>Candles that a rule looks at.</summary>
    internal const int Memory = 61;

    /// <summary>The rules there are.</summary>
    internal static readonly string[] Names = ["burst", "streak", "volume", "lag", "breakout", "drift", "product", "hour"];

    /// <summary>Reads <c>RULE:P:BP</c>.</summary>
    /// <exception cref="FormatException">The text has another form.</exception>
    internal static PlantedRule Parse(string text)
    {
        var parts = text.Split(':');
        return parts is [var name, var probability, var move] && Names.Contains(name)
            && double.TryParse(probability, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var p) && p is >= 0.5 and <= 1
            && double.TryParse(move, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var bp) && bp is >= 1 and <= 1_000
            ? new PlantedRule(name, p, bp)
            : throw new FormatException($"a planted rule is RULE:P:BP with RULE one of {string.Join(", ", Names)}, P from 0.5 to 1 and BP from 1 to 1000 (such as burst:0.7:100), was '{text}'");
    }

    /// <summary>Returns the direction that the newest of these candles announces by what all of them show, 1, -1 or 0 for none; the last <see cref="Memory"/> candles, oldest
    /// first. The rules whose sign the market itself makes (burst) are not known here.</summary>
    internal int Announced(IReadOnlyList<Candle> last) => last.Count < Memory ? 0 : Name switch
    {
        "streak" => Enumerable.Range(1, Streak).Sum(back => Direction(last[^back])) is var run && Math.Abs(run) == Streak ? -Math.Sign(run) : 0,
        "volume" => IsLoud(last, 1, 1.4) ? Direction(last[^1]) : 0,
        "lag" => IsLoud(last, 3, 1.4) ? Direction(last[^3]) : 0,
        "breakout" => last[^1].Close > last.SkipLast(1).TakeLast(30).Max(c => c.High) ? 1 : last[^1].Close < last.SkipLast(1).TakeLast(30).Min(c => c.Low) ? -1 : 0,
        "drift" => Drift(last) is var score && Math.Abs(score) > 1.7 ? Math.Sign(score) : 0,
        "product" => IsLoud(last, 1, 1.25) ? Direction(last[^1]) * Direction(last[^2]) : 0,
        "hour" => (last[^1].OpenTime.UnixMilliseconds / 3_600_000 % 24) switch { 14 => 1, 2 => -1, _ => 0 },
        _ => 0,
    };

    private static int Direction(Candle candle) => Math.Sign(candle.Close - candle.Open);

    // Whether the volume of a candle is that many times the mean of the 20 before it.
    private static bool IsLoud(IReadOnlyList<Candle> last, int back, double times) => last[^back].Volume > times * last.SkipLast(back).TakeLast(20).Average(c => c.Volume);

    // The move over three candles in deviations of such moves.
    private static double Drift(IReadOnlyList<Candle> last)
    {
        double[] moves = [.. last.TakeLast(60).Select(c => Math.Log(c.Close / c.Open))];
        var mean = moves.Average();
        return moves[^3..].Sum() / Math.Sqrt(3 * moves.Average(m => (m - mean) * (m - mean)));
    }
}
