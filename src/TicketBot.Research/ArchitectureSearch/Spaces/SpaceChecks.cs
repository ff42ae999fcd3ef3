using System.Globalization;

namespace TicketBot.Research.ArchitectureSearch.Spaces;

/// <summary>Ranges of the options of a space.</summary>
internal static class SpaceChecks
{
    private static readonly string[] Readings = ["last", "mean", "max", "flatten"];

    /// <summary>Checks them.</summary>
    /// <exception cref="ResearchRefusedException">One is out of its range.</exception>
    public static void Require(SpaceOptions options, IReadOnlyList<GeneKind> kinds)
    {
        Require(options.Inputs >= 1, "inputs", "at least 1", options.Inputs);
        Require(options.Outputs >= 1, "outputs", "at least 1", options.Outputs);
        Require(options.Window >= 1, "window", "at least 1", options.Window);
        Require(options.Places is >= 1 and <= 12, "places", "1 to 12", options.Places);
        Require(kinds.Count >= 1, "kinds", "at least one kind of gene that is not skip, or skips", string.Join(',', kinds));
        Require(
            options.Window > 1 || kinds.All(kind => kind is GeneKind.Identity or GeneKind.Dense or GeneKind.Skip), "kinds",
            "identity, dense and skip without a window, for the others need several steps", string.Join(',', kinds));
        Require(Ascends(options.Widths) && options.Widths[0] >= 1 && options.Widths[^1] <= Learning.Gene.MaximumWidth, "widths", $"ascending widths from 1 to {Learning.Gene.MaximumWidth}", string.Join(',', options.Widths));
        Require(options.Activations.Count >= 1 && options.Activations.Distinct().Count() == options.Activations.Count, "activations", "each once, at least one", string.Join(',', options.Activations));
        Require(Ascends(options.Kernels) && options.Kernels[0] >= 1, "kernels", "ascending kernels of at least 1 step", string.Join(',', options.Kernels));
        Require(
            !kinds.Contains(GeneKind.Attention) || (options.Heads >= 1 && options.Widths.All(width => width % options.Heads == 0)), "heads",
            "a number of heads that divides every width", options.Heads);
        Require(options.Dropouts.Count >= 1 && options.Dropouts.All(rate => rate is >= 0 and < 1) && options.Dropouts.Distinct().Count() == options.Dropouts.Count, "dropouts", "different rates from 0 to below 1", string.Join(',', options.Dropouts));
        Require(options.Readings.Count >= 1 && options.Readings.All(Readings.Contains) && options.Readings.Distinct().Count() == options.Readings.Count, "readings", "each of last, mean, max, flatten at most once", string.Join(',', options.Readings));
        Require(options.MaxParameters is null or >= 1, "max-parameters", "at least 1", options.MaxParameters);
        Require(options.MaxLatencyUs is null or > 0, "max-latency", "above 0 microseconds", options.MaxLatencyUs);
    }

    private static bool Ascends(IReadOnlyList<int> values) => values.Count >= 1 && values.Zip(values.Skip(1)).All(pair => pair.First < pair.Second);

    private static void Require(bool holds, string option, string expected, object? found)
    {
        if (!holds)
        {
            throw new ResearchRefusedException(string.Create(CultureInfo.InvariantCulture, $"--{option}: expected {expected}, found {found}"));
        }
    }
}
