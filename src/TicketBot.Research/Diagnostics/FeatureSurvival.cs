using TicketBot.Research.Experiments;

namespace TicketBot.Research.Diagnostics;

/// <summary>What surviving weights look at, against what they look at when labels have no meaning. Shares are means over masks drawn from both halves of the rows and several
/// first weights.</summary>
/// <param name="Draws">Draws with shuffled labels.</param>
/// <param name="NullHigh">95 % point of the largest share of any input under shuffled labels; with fewer than 40 draws their largest. Taken over the largest, so that
/// looking at many inputs finds no more by chance than looking at one.</param>
/// <param name="Features">Every input, in the order of the table.</param>
/// <param name="PairNullHigh">The same bound of pairs; <c>null</c> where they were not counted (above 256 inputs).</param>
/// <param name="Pairs">The strongest pairs, strongest first.</param>
public sealed record FeatureSurvival(int Draws, double NullHigh, IReadOnlyList<FeatureShare> Features, double? PairNullHigh, IReadOnlyList<PairShare> Pairs)
{
    /// <summary>Reads it from the draws of a stability test.</summary>
    /// <param name="stability">The test.</param>
    /// <param name="names">Names of the inputs.</param>
    /// <param name="ticketShares">Shares of a found ticket, shown beside; <c>null</c> where there is none.</param>
    /// <param name="strongest">Pairs to list, at least 0.</param>
    /// <exception cref="ArgumentException">There are not as many names as inputs.</exception>
    public static FeatureSurvival Of(MaskStabilityReport stability, IReadOnlyList<string> names, IReadOnlyList<double>? ticketShares = null, int strongest = 10)
    {
        var inputs = stability.InputShares.Count;
        if (names.Count != inputs || (ticketShares is not null && ticketShares.Count != inputs))
        {
            throw new ArgumentException($"expected a name and a share for each of {inputs} inputs, found {names.Count} names and {ticketShares?.Count.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no"} shares", nameof(names));
        }

        var high = InputSurvival.NullHigh(stability.NullInputMaxima);
        double? pairHigh = stability.NullPairMaxima.Count == 0 ? null : InputSurvival.NullHigh(stability.NullPairMaxima);
        var pairs = new List<PairShare>();
        var next = 0;
        for (var i = 0; pairHigh is { } bound && i < inputs; i++)
        {
            for (var j = i + 1; j < inputs; j++)
            {
                var share = stability.PairShares[next++];
                pairs.Add(new PairShare(names[i], names[j], share, share > bound));
            }
        }

        return new FeatureSurvival(
            stability.Draws, high, [.. stability.InputShares.Select((share, i) => new FeatureShare(names[i], share, ticketShares?[i], share > high))], pairHigh,
            [.. pairs.OrderByDescending(pair => pair.Share).Take(strongest)]);
    }
}

/// <summary>An input.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Share">Its share of the surviving weight that reads inputs, 0..1.</param>
/// <param name="TicketShare">Its share in the found ticket; <c>null</c> where there is none.</param>
/// <param name="Survives">Whether the share lies above the null of the maximum.</param>
public sealed record FeatureShare(string Feature, double Share, double? TicketShare, bool Survives);

/// <summary>Two inputs that meet in neurons of the first layer.</summary>
/// <param name="First">Name of one.</param>
/// <param name="Second">Name of the other.</param>
/// <param name="Share">Share in the sum, over neurons and pairs, of the products of what a neuron reads of either, 0..1.</param>
/// <param name="Survives">Whether the share lies above the null of the maximum over pairs.</param>
public sealed record PairShare(string First, string Second, double Share, bool Survives);
