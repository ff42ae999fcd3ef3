using System.Globalization;
using System.Numerics;
using TicketBot.Learning;

namespace TicketBot.Research.ArchitectureSearch.Spaces;

/// <summary>The architectures a search may try: a sequence of places, each with a kind of gene, a width, an activation, a kernel, a dropout and a skip, and a reading of
/// the window. Every combination of options stands for a valid architecture; combinations of the same graph stand for the same one. Immutable.</summary>
public sealed class ArchitectureSpace
{
    private const int EnumerationLimit = 1_000_000;

    private readonly Dictionary<(DecisionKind, int), int> _positions = [];
    private readonly GeneKind[] _kinds;
    private readonly int[] _kernels;

    /// <summary>Makes the space of the options.</summary>
    /// <exception cref="ResearchRefusedException">An option is out of its range or does not go with another; the message names it and the remedy.</exception>
    public ArchitectureSpace(SpaceOptions options)
    {
        Options = options;
        var isWindow = options.Window > 1;
        _kinds = [.. (options.Kinds ?? (isWindow ? Enum.GetValues<GeneKind>() : [GeneKind.Identity, GeneKind.Dense, GeneKind.Skip])).Distinct()
            .Where(kind => kind != GeneKind.Skip || options.Skips)];
        _kernels = [.. options.Kernels.Where(kernel => kernel <= options.Window)];
        _kernels = _kernels.Length == 0 ? [Math.Max(1, options.Window)] : _kernels;
        SpaceChecks.Require(options, _kinds);
        var decisions = new List<Decision>();
        void Add(DecisionKind kind, int place, IEnumerable<string> words)
        {
            _positions[(kind, place)] = decisions.Count;
            decisions.Add(new Decision(kind, place, [.. words]));
        }

        for (var place = 1; place <= options.Places; place++)
        {
            Add(DecisionKind.Kind, place, _kinds.Select(kind => kind.ToString().ToLowerInvariant()));
            Add(DecisionKind.Width, place, options.Widths.Select(width => width.ToString(CultureInfo.InvariantCulture)));
            Add(DecisionKind.Activation, place, options.Activations.Select(activation => activation.ToString().ToLowerInvariant()));
            Add(DecisionKind.Kernel, place, _kernels.Select(kernel => kernel.ToString(CultureInfo.InvariantCulture)));
            Add(DecisionKind.Dropout, place, options.Dropouts.Select(rate => rate.ToString("R", CultureInfo.InvariantCulture)));
            Add(DecisionKind.Skip, place, options.Skips ? ["none", .. Enumerable.Range(0, place).Select(source => source.ToString(CultureInfo.InvariantCulture))] : ["none"]);
        }

        if (isWindow)
        {
            Add(DecisionKind.Reading, options.Places + 1, options.Readings);
        }

        Decisions = decisions;
        Genotypes = decisions.Aggregate(BigInteger.One, (product, decision) => product * decision.Count);
        Combinations = CountCombinations();
    }

    /// <summary>What it is made of.</summary>
    public SpaceOptions Options { get; }

    /// <summary>The decisions a candidate is made of, in the order of <see cref="Candidate.Choices"/>.</summary>
    public IReadOnlyList<Decision> Decisions { get; }

    /// <summary>Combinations of options.</summary>
    public BigInteger Genotypes { get; }

    /// <summary>Combinations of options that have an effect: an upper bound of the number of architectures, close where skips are few.</summary>
    public BigInteger Combinations { get; }

    /// <summary>Returns the candidate of a combination; options without effect are set to 0.</summary>
    /// <param name="choices">Index of an option per decision.</param>
    /// <exception cref="ArgumentException">There are more or fewer choices than decisions, or one is no option.</exception>
    public Candidate Of(IReadOnlyList<int> choices)
    {
        if (choices.Count != Decisions.Count)
        {
            throw new ArgumentException($"expected {Decisions.Count} choices, found {choices.Count}", nameof(choices));
        }

        int[] own = [.. choices];
        for (var i = 0; i < own.Length; i++)
        {
            if (own[i] < 0 || own[i] >= Decisions[i].Count)
            {
                throw new ArgumentException($"decision {i} ({Decisions[i].Kind} of place {Decisions[i].Place}): expected 0 to {Decisions[i].Count - 1}, found {own[i]}", nameof(choices));
            }

            own[i] = IsActive(own, i) ? own[i] : 0;
        }

        var genes = new GeneSequence(Options.Places);
        for (var place = 1; place <= Options.Places; place++)
        {
            var chosen = own[At(DecisionKind.Skip, place)];
            genes.Add(LayerOf(own, place), chosen == 0 ? null : chosen - 1);
        }

        return new Candidate(own, Architecture.Parse(genes.Text(ReadingOf(own)), Options.Inputs, Options.Outputs, Options.Window));
    }

    /// <summary>Whether a decision has an effect on a candidate, given the kinds of its places.</summary>
    public bool IsActive(IReadOnlyList<int> choices, int decision)
    {
        var (kind, place) = (Decisions[decision].Kind, Decisions[decision].Place);
        if (kind is DecisionKind.Kind or DecisionKind.Reading)
        {
            return true;
        }

        var gene = _kinds[choices[At(DecisionKind.Kind, place)]];
        return gene != GeneKind.Identity && kind switch
        {
            DecisionKind.Skip => true,
            DecisionKind.Activation => gene is GeneKind.Dense or GeneKind.Conv1D,
            DecisionKind.Kernel => gene == GeneKind.Conv1D,
            DecisionKind.Width or DecisionKind.Dropout => gene != GeneKind.Skip,
            DecisionKind.Kind or DecisionKind.Reading => true,
            _ => throw new ArgumentOutOfRangeException(nameof(decision), kind, "unknown decision"),
        };
    }

    /// <summary>Whether an architecture keeps the limit of parameters. Latency is judged where a table is at hand.</summary>
    public bool Allows(Architecture architecture) => Options.MaxParameters is not { } most || ArchitectureCost.ParametersOf(architecture) <= most;

    /// <summary>Draws a candidate: every option of every decision equally likely; one outside the parameter limit is drawn again, and after 100 draws made smaller.</summary>
    public Candidate Draw(ref Rng rng)
    {
        Candidate candidate;
        var draws = 0;
        do
        {
            var choices = new int[Decisions.Count];
            for (var i = 0; i < choices.Length; i++)
            {
                choices[i] = rng.NextInt(Decisions[i].Count);
            }

            candidate = Of(choices);
        }
        while (!Allows(candidate.Architecture) && ++draws < 100);
        return Shrink(candidate, ref rng);
    }

    /// <summary>Returns a candidate inside the parameter limit by taking widths down and genes out at random places.</summary>
    internal Candidate Shrink(Candidate candidate, ref Rng rng)
    {
        while (!Allows(candidate.Architecture))
        {
            int[] choices = [.. candidate.Choices];
            int[] smaller = [.. Enumerable.Range(0, choices.Length).Where(i => choices[i] > 0 && Decisions[i].Kind is DecisionKind.Width or DecisionKind.Kind or DecisionKind.Reading or DecisionKind.Skip)];
            if (smaller.Length == 0)
            {
                throw new ResearchRefusedException($"--max-parameters: the smallest architecture of the space, '{candidate}', has {candidate.Architecture.ParameterCount} parameters, more than {Options.MaxParameters}; allow more");
            }

            var at = smaller[rng.NextInt(smaller.Length)];
            choices[at] = Decisions[at].Kind == DecisionKind.Width ? choices[at] - 1 : 0;
            candidate = Of(choices);
        }

        return candidate;
    }

    /// <summary>Returns an architecture that none of the space exceeds by much: of those with the same kind and the widest layer at every place, the one with most parameters.</summary>
    public Architecture Largest()
    {
        Architecture? largest = null;
        for (var kind = 0; kind < _kinds.Length; kind++)
        {
            for (var reading = 0; reading < (Options.Window > 1 ? Options.Readings.Count : 1); reading++)
            {
                int[] choices = [.. Decisions.Select(decision => decision.Kind switch
                {
                    DecisionKind.Kind => kind,
                    DecisionKind.Width or DecisionKind.Kernel => decision.Count - 1,
                    DecisionKind.Reading => reading,
                    _ => 0,
                })];
                var architecture = Of(choices).Architecture;
                largest = largest is null || architecture.ParameterCount > largest.ParameterCount ? architecture : largest;
            }
        }

        return largest!;
    }

    /// <summary>Returns every architecture of the space once, in the order of its combinations.</summary>
    /// <exception cref="InvalidOperationException">The space has more than a million combinations.</exception>
    public IEnumerable<Candidate> Enumerate()
    {
        if (Genotypes > EnumerationLimit)
        {
            throw new InvalidOperationException($"expected at most {EnumerationLimit} combinations to enumerate, found {Genotypes}");
        }

        var seen = new HashSet<Architecture>();
        for (var number = 0; number < (int)Genotypes; number++)
        {
            var rest = number;
            var choices = new int[Decisions.Count];
            for (var i = choices.Length - 1; i >= 0; i--)
            {
                (rest, choices[i]) = Math.DivRem(rest, Decisions[i].Count);
            }

            var isCanonical = true;
            for (var i = 0; i < choices.Length && isCanonical; i++)
            {
                isCanonical = choices[i] == 0 || IsActive(choices, i);
            }

            if (isCanonical && Of(choices) is var candidate && Allows(candidate.Architecture) && seen.Add(candidate.Architecture))
            {
                yield return candidate;
            }
        }
    }

    /// <summary>Returns the space in words: its places, options and size.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Options.Places} places of {string.Join(", ", _kinds.Select(kind => kind.ToString().ToLowerInvariant()))}; widths {string.Join(", ", Options.Widths)}; {Combinations:N0} combinations ({Decisions.Count} decisions)");

    private string ReadingOf(int[] own) => Options.Window > 1 ? Options.Readings[own[^1]] : "last";

    private Gene? LayerOf(int[] own, int place)
    {
        var width = Options.Widths[own[At(DecisionKind.Width, place)]];
        Gene? gene = _kinds[own[At(DecisionKind.Kind, place)]] switch
        {
            GeneKind.Identity => null,
            GeneKind.Dense => new Gene.Dense(width),
            GeneKind.Conv1D => new Gene.Conv1D(width, _kernels[own[At(DecisionKind.Kernel, place)]]),
            GeneKind.Lstm => new Gene.Lstm(width),
            GeneKind.Gru => new Gene.Gru(width),
            GeneKind.Attention => new Gene.Attention(width, Options.Heads),
            GeneKind.Skip => new Gene.Identity(),
            var other => throw new InvalidOperationException($"Invariant: unknown kind of gene {other}."),
        };
        return gene switch
        {
            Gene.Dense or Gene.Conv1D => gene with { Activation = Options.Activations[own[At(DecisionKind.Activation, place)]], Dropout = DropoutOf(own, place) },
            Gene.Identity or null => gene,
            _ => gene with { Dropout = DropoutOf(own, place) },
        };
    }

    private double DropoutOf(int[] own, int place) => Options.Dropouts[own[At(DecisionKind.Dropout, place)]];

    private int At(DecisionKind kind, int place) => _positions[(kind, place)];

    private BigInteger CountCombinations()
    {
        var product = BigInteger.One;
        for (var place = 1; place <= Options.Places; place++)
        {
            var sum = BigInteger.Zero;
            for (var kind = 0; kind < _kinds.Length; kind++)
            {
                var choices = new int[Decisions.Count];
                choices[At(DecisionKind.Kind, place)] = kind;
                sum += Enumerable.Range(0, Decisions.Count).Where(i => Decisions[i].Place == place && Decisions[i].Kind != DecisionKind.Kind && IsActive(choices, i))
                    .Aggregate(BigInteger.One, (count, i) => count * Decisions[i].Count);
            }

            product *= sum;
        }

        return Options.Window > 1 ? product * Options.Readings.Count : product;
    }
}
