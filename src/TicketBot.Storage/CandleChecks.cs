using TicketBot.Domain;

namespace TicketBot.Storage;

/// <summary>What every candle store refuses: storing an impossible candle would spread it into every feature.</summary>
internal static class CandleChecks
{
    /// <summary>Throws when a candle is impossible, off the grid, or has an observation that is not finite.</summary>
    public static void RefuseImpossible(Interval interval, IReadOnlyList<Candle> candles)
    {
        foreach (var candle in candles)
        {
            if (Fault(interval, candle) is { } fault)
            {
                throw new ArgumentException($"the candle at {candle.OpenTime} cannot be stored: {fault}", nameof(candles));
            }
        }
    }

    /// <summary>Returns why a candle is refused, or <c>null</c>.</summary>
    public static string? Fault(Interval interval, in Candle candle)
    {
        var observations = candle.Observations;
        return candle.Fault()
            ?? (interval.OpenOf(candle.OpenTime) != candle.OpenTime
                ? $"a {interval} candle opens on the {interval} grid, expected {interval.OpenOf(candle.OpenTime)}, was {candle.OpenTime}"
                : null)
            ?? (IsFinite(observations.SpreadBp) && IsFinite(observations.BookImbalance) && IsFinite(observations.SignedFlow)
                && IsFinite(observations.FundingRate)
                ? null
                : $"observations must be finite or absent, were {observations}");
    }

    private static bool IsFinite(double? value) => value is null || double.IsFinite(value.Value);
}
