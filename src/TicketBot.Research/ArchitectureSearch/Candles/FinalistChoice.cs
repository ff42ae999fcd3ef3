using System.Globalization;
using TicketBot.Learning;
using TicketBot.Research.Stages;
using TicketBot.Research.Statistics;

namespace TicketBot.Research.ArchitectureSearch.Candles;

/// <summary>The architecture that tickets are drawn from, and why it is this one.</summary>
/// <param name="Finalist">The finalist.</param>
/// <param name="Reason">Plain words.</param>
public sealed record FinalistChoice(FinalistReport Finalist, string Reason)
{
    /// <summary>The rule in one sentence.</summary>
    public const string Rule = "the finalist with the fewest parameters whose log-loss on the confirming rows is within one standard error of the best finalist's, row by row";

    private const double BelowOneError = 0.158655; // P(Z > 1) of the normal law.

    /// <summary>Chooses by the one-standard-error rule (Breiman, Friedman, Olshen and Stone, "Classification and Regression Trees", 1984, section 3.4.3), with paired differences: what two
    /// networks find hard alike says nothing about which is the better. The rows are those that gave the finalists their confirmed scores; test rows play no part.</summary>
    /// <param name="finalists">The finalists, the best first.</param>
    /// <param name="block">Mean block length of the bootstrap, rows.</param>
    /// <param name="draws">Its draws.</param>
    /// <param name="seed">Its seed.</param>
    public static FinalistChoice Of(IReadOnlyList<FinalistReport> finalists, double block, int draws, ulong seed)
    {
        var best = finalists[0];
        foreach (var simpler in finalists.Where(finalist => finalist.Parameters < best.Parameters).OrderBy(finalist => finalist.Parameters).ThenByDescending(finalist => finalist.ConfirmedScore))
        {
            double[] excess = [.. simpler.ConfirmedLosses.Select((loss, row) => loss - best.ConfirmedLosses[row])];
            var bound = StationaryBootstrap.OfMean(excess, BelowOneError, block, draws, new Rng(StageHash.Seed("simpler", seed, simpler.Architecture)));
            if (bound.Lower <= 0)
            {
                return new FinalistChoice(simpler, string.Create(
                    CultureInfo.InvariantCulture,
                    $"{bound.Mean:0.0000} nats above the best finalist on {excess.Length} confirming rows, within one standard error, with {simpler.Parameters} parameters instead of {best.Parameters}"));
            }
        }

        return new FinalistChoice(best, finalists.Any(finalist => finalist.Parameters < best.Parameters)
            ? "the best finalist; every one with fewer parameters trails it by more than one standard error"
            : "the best finalist, and none has fewer parameters");
    }
}
