using System.Globalization;

namespace TicketBot.Research.Labels;

/// <summary>How often each class occurs, in all and in each regime, and how many independent labels that is worth.</summary>
/// <param name="Name">The regime, or <c>all</c>.</param>
/// <param name="Counts">Labels per class.</param>
/// <param name="EffectiveCount">Sum of average uniqueness over these labels: an hour seen by ten labels counts once.</param>
public sealed record ClassBalance(string Name, IReadOnlyList<int> Counts, double EffectiveCount)
{
    /// <summary>Name of the line over all labels.</summary>
    public const string All = "all";

    /// <summary>Labels.</summary>
    public int Count => Counts.Sum();

    /// <summary>Share of each class, 0..1; all 0 without labels.</summary>
    public IReadOnlyList<double> Shares => [.. Counts.Select(count => Count == 0 ? 0 : (double)count / Count)];

    /// <summary>Hit rate of always naming the most frequent class: what an accuracy must be compared with; 0 without labels.</summary>
    public double MajorityShare => Shares.Max();

    /// <summary>Returns the balance over all labels, then of each regime, then, if there are any, of the labels without a regime.</summary>
    /// <param name="labels">Class of each label, 0 to <paramref name="classes"/> - 1.</param>
    /// <param name="classes">Classes, at least 2.</param>
    /// <param name="spans">What each label looks at. Uniqueness is taken over all labels, so that the effective counts of the regimes sum to the whole.</param>
    /// <param name="regimes">State of each label, -1 for none; empty when there are no regimes.</param>
    /// <param name="names">Names of the states.</param>
    /// <exception cref="ArgumentException">The lists differ in length, or a label or state lies outside its range; the message names it.</exception>
    public static IReadOnlyList<ClassBalance> Of(
        ReadOnlySpan<int> labels, int classes, IReadOnlyList<LabelSpan> spans, ReadOnlySpan<int> regimes, IReadOnlyList<string> names)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        if (spans.Count != labels.Length || (regimes.Length != labels.Length && regimes.Length != 0))
        {
            throw new ArgumentException($"expected a span and a regime, or no regimes, for each of {labels.Length} labels, found {spans.Count} and {regimes.Length}");
        }

        var weights = UniquenessWeights.Of(spans).Average;
        var groups = names.Count + 2; // All, the states, no state.
        var counts = new int[groups][];
        var effective = new double[groups];
        for (var group = 0; group < groups; group++)
        {
            counts[group] = new int[classes];
        }

        for (var i = 0; i < labels.Length; i++)
        {
            var state = regimes.Length == 0 ? -1 : regimes[i];
            if (labels[i] < 0 || labels[i] >= classes || state < -1 || state >= names.Count)
            {
                throw new ArgumentException($"label {i} must be a class below {classes} in a state below {names.Count} or -1, was {labels[i]} in {state}");
            }

            foreach (var group in (ReadOnlySpan<int>)[0, state < 0 ? groups - 1 : state + 1])
            {
                counts[group][labels[i]]++;
                effective[group] += weights[i];
            }
        }

        var found = new List<ClassBalance> { new(All, counts[0], effective[0]) };
        for (var state = 0; state < names.Count; state++)
        {
            found.Add(new ClassBalance(names[state], counts[state + 1], effective[state + 1]));
        }

        if (regimes.Length > 0 && counts[^1].Sum() > 0)
        {
            found.Add(new ClassBalance("none", counts[^1], effective[^1]));
        }

        return found;
    }

    /// <summary>Returns one line: name, labels, counts with shares, effective labels.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}: {Count} labels, {string.Join(", ", Counts.Select((count, i) => string.Create(CultureInfo.InvariantCulture, $"class {i} {count} ({Shares[i]:P1})")))}, worth {EffectiveCount:0.#} independent ones");
}
