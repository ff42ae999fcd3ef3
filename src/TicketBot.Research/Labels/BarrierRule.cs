namespace TicketBot.Research.Labels;

/// <summary>Where the three barriers stand.</summary>
/// <param name="ProfitMultiple">Distance of the profit barrier in volatilities, above 0.</param>
/// <param name="StopMultiple">Distance of the stop barrier in volatilities, above 0.</param>
/// <param name="Limit">Candles after which the vertical barrier ends it, at least 1.</param>
public sealed record BarrierRule(double ProfitMultiple, double StopMultiple, int Limit)
{
    /// <summary>Throws when a number lies outside its range.</summary>
    /// <exception cref="ArgumentException">It does; the message names it.</exception>
    public void Check()
    {
        if (!(ProfitMultiple > 0 && double.IsFinite(ProfitMultiple) && StopMultiple > 0 && double.IsFinite(StopMultiple)) || Limit < 1)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"barriers need multiples above 0 and a limit of at least 1 candle, were profit {ProfitMultiple}, stop {StopMultiple}, limit {Limit}"));
        }
    }
}
