using System.Globalization;
using TicketBot.Learning;
using TicketBot.Research.Stages;
using TicketBot.Research.Statistics;

namespace TicketBot.Research.Admission;

/// <summary>Whether a challenger did better than the champion on the same decisions, none of which either could have been chosen by.</summary>
/// <remarks>Looked at after N, 2 N, 4 N, ... decisions of shadow trading, each look on just so many: what is asked in between changes nothing, and a look that was missed is had later with the same
/// answer. Look k = 0, 1, ... has the level alpha / ((k + 1)(k + 2)), which sum to alpha however often is looked: an equal challenger is ever promoted with a chance of about alpha. The
/// statistic is the one-sided lower bound of the mean difference per decision by stationary bootstrap.</remarks>
/// <param name="Decisions">Decisions that both took.</param>
/// <param name="Looks">Looks taken.</param>
/// <param name="LookedAt">Decisions of the look that decided, or of the last one; zero before the first.</param>
/// <param name="MeanBp">Mean difference per decision there, in basis points.</param>
/// <param name="LowBp">Lower bound of it.</param>
/// <param name="IsBetter">Whether it was above zero in any look.</param>
public sealed record PairedEvidence(int Decisions, int Looks, int LookedAt, double MeanBp, double LowBp, bool IsBetter)
{
    /// <summary>Fewest decisions of a first look.</summary>
    public const int LeastDecisions = 100;

    /// <summary>Looks.</summary>
    /// <param name="differencesBp">Challenger's net return less the champion's, per decision in the order of time, in basis points; zero where neither traded.</param>
    /// <param name="decisions">Decisions of the first look; at least <see cref="LeastDecisions"/> are taken.</param>
    /// <param name="options">Alpha and bootstrap figures.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    public static PairedEvidence Of(ReadOnlySpan<double> differencesBp, int decisions, ResearchOptions options, ulong seed)
    {
        var evidence = new PairedEvidence(differencesBp.Length, 0, 0, 0, 0, false);
        long size = Math.Max(decisions, LeastDecisions);
        for (var look = 0; size <= differencesBp.Length && !evidence.IsBetter; look++, size *= 2)
        {
            var level = options.Alpha / ((look + 1) * (look + 2));
            var bound = StationaryBootstrap.OfMean(
                differencesBp[..(int)size], level, options.BootstrapBlock, options.BootstrapDraws, new Rng(StageHash.Seed("paired", seed, look)));
            evidence = evidence with { Looks = look + 1, LookedAt = (int)size, MeanBp = bound.Mean, LowBp = bound.Lower, IsBetter = bound.Lower > 0 };
        }

        return evidence;
    }

    /// <inheritdoc/>
    public override string ToString() => Looks == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{Decisions} decisions in shadow, too few for a look")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"over {LookedAt} decisions in shadow the challenger brought {MeanBp:0.00} bp a decision more than the champion, lower bound {LowBp:0.00} at look {Looks}");
}
