using System.Globalization;
using TicketBot.Learning;
using TicketBot.Learning.Search;
using TicketBot.Research.ArchitectureSearch.Spaces;

namespace TicketBot.Research.ArchitectureSearch.OneShot;

/// <summary>The cell of shared weights that stands for a space of architectures: the first place is its dense stem, every further place a position, all of one width. A path
/// becomes a candidate without the batch normalisation that shared weights need.</summary>
internal sealed class CellMapping
{
    private readonly ArchitectureSpace _space;
    private readonly Dictionary<string, (GeneKind Kind, int Kernel, int Activation)> _meaning = new(StringComparer.Ordinal);
    private readonly Dictionary<(DecisionKind, int), int> _decisions;

    /// <summary>Makes the cell of a space, at the second narrowest of its widths, or the narrowest where paths would break the parameter limit.</summary>
    /// <param name="space">The space.</param>
    /// <param name="strategy">The strategy that asks, for what is refused.</param>
    /// <exception cref="ResearchRefusedException">The space has one place, or less than two operations beside skips.</exception>
    public CellMapping(ArchitectureSpace space, string strategy)
    {
        _space = space;
        var options = space.Options;
        _decisions = Enumerable.Range(0, space.Decisions.Count).ToDictionary(i => (space.Decisions[i].Kind, space.Decisions[i].Place));
        if (options.Places < 2)
        {
            throw new ResearchRefusedException($"--places: expected at least 2 for --strategy {strategy}, which takes the first for a dense layer and chooses what the others hold, found {options.Places}");
        }

        if (IndexOf(DecisionKind.Kind, 1, nameof(GeneKind.Dense)) is null)
        {
            throw new ResearchRefusedException($"--kinds: expected dense among them for --strategy {strategy}, whose first place is a dense layer, found {string.Join(", ", space.Decisions[0].Options)}");
        }

        Width = options.Widths.Take(2).Reverse().FirstOrDefault(Fits, options.Widths[0]);
        Cell = CellOf(Width, strategy);
        bool Fits(int width) => options.MaxParameters is not { } most || Enumerable.Range(0, CellOf(width, strategy).OperationsAt(0).Count)
            .All(chosen => CellOf(width, strategy).ArchitectureOf([.. Enumerable.Repeat(chosen, options.Places - 1)]).ParameterCount <= most);
    }

    /// <summary>The cell.</summary>
    public CellSpace Cell { get; }

    /// <summary>Width of its positions.</summary>
    public int Width { get; }

    /// <summary>Returns the candidate of a path.</summary>
    /// <param name="path">Operation per position.</param>
    /// <param name="width">Width of its layers, one of the space.</param>
    /// <returns><c>null</c> where it breaks the parameter limit.</returns>
    public Candidate? Of(IReadOnlyList<int> path, int width)
    {
        var choices = new int[_space.Decisions.Count];
        var operations = Cell.OperationsOf(path);
        Set(choices, DecisionKind.Kind, 1, nameof(GeneKind.Dense));
        Set(choices, DecisionKind.Width, 1, width.ToString(CultureInfo.InvariantCulture));
        for (var position = 0; position < operations.Count; position++)
        {
            var place = position + 2;
            var (kind, kernel, activation) = _meaning[operations[position]];
            Set(choices, DecisionKind.Kind, place, kind.ToString());
            if (kind == GeneKind.Skip)
            {
                Set(choices, DecisionKind.Skip, place, (place - 2).ToString(CultureInfo.InvariantCulture));
            }
            else if (kind != GeneKind.Identity)
            {
                Set(choices, DecisionKind.Width, place, width.ToString(CultureInfo.InvariantCulture));
                choices[_decisions[(DecisionKind.Kernel, place)]] = kernel;
                choices[_decisions[(DecisionKind.Activation, place)]] = activation;
            }
        }

        if (IndexOf(DecisionKind.Reading, _space.Options.Places + 1, "last") is { } last)
        {
            choices[_decisions[(DecisionKind.Reading, _space.Options.Places + 1)]] = last;
        }

        var candidate = _space.Of(choices);
        return _space.Allows(candidate.Architecture) ? candidate : null;
    }

    // Without a window nothing but activations tells layers apart; with one there are layers enough.
    private CellSpace CellOf(int width, string strategy)
    {
        var options = _space.Options;
        int[] kernels = [.. _space.Decisions[_decisions[(DecisionKind.Kernel, 1)]].Options.Select(kernel => int.Parse(kernel, CultureInfo.InvariantCulture))];
        var activations = options.Window > 1 ? 1 : options.Activations.Count;
        _meaning.Clear();
        foreach (var word in _space.Decisions[_decisions[(DecisionKind.Kind, 1)]].Options)
        {
            switch (Enum.Parse<GeneKind>(word, ignoreCase: true))
            {
                case GeneKind.Identity:
                    _meaning[CellSpace.Identity] = (GeneKind.Identity, 0, 0);
                    break;
                case GeneKind.Skip:
                    _meaning[CellSpace.Skip] = (GeneKind.Skip, 0, 0);
                    break;
                case GeneKind.Dense:
                    for (var activation = 0; activation < activations; activation++)
                    {
                        Add(new Gene.Dense(width) { Activation = options.Activations[activation] }, GeneKind.Dense, 0, activation);
                    }

                    break;
                case GeneKind.Conv1D:
                    for (var kernel = 0; kernel < kernels.Length; kernel++)
                    {
                        Add(new Gene.Conv1D(width, kernels[kernel]) { Activation = options.Activations[0] }, GeneKind.Conv1D, kernel, 0);
                    }

                    break;
                case GeneKind.Lstm:
                    Add(new Gene.Lstm(width), GeneKind.Lstm, 0, 0);
                    break;
                case GeneKind.Gru:
                    Add(new Gene.Gru(width), GeneKind.Gru, 0, 0);
                    break;
                case GeneKind.Attention:
                    Add(new Gene.Attention(width, options.Heads), GeneKind.Attention, 0, 0);
                    break;
                default:
                    throw new InvalidOperationException($"Invariant: unknown kind of gene {word}.");
            }
        }

        if (_meaning.Keys.Count(operation => operation != CellSpace.Skip) < 2)
        {
            throw new ResearchRefusedException($"--kinds: expected at least two kinds beside skip for --strategy {strategy}, found {string.Join(", ", _meaning.Keys)}");
        }

        var stem = new Gene.Dense(width) { Activation = options.Activations[0] };
        return new CellSpace(options.Inputs, options.Outputs, options.Window, width, options.Places - 1, [.. _meaning.Keys], stem.ToString());
        void Add(Gene gene, GeneKind kind, int kernel, int activation) => _meaning[gene.ToString()] = (kind, kernel, activation);
    }

    private void Set(int[] choices, DecisionKind kind, int place, string option) =>
        choices[_decisions[(kind, place)]] = IndexOf(kind, place, option) ?? throw new InvalidOperationException($"Invariant: the space offers no {option} as {kind} of place {place}.");

    private int? IndexOf(DecisionKind kind, int place, string option)
    {
        if (!_decisions.TryGetValue((kind, place), out var decision))
        {
            return null;
        }

        var options = _space.Decisions[decision].Options;
        for (var i = 0; i < options.Count; i++)
        {
            if (string.Equals(options[i], option, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return null;
    }
}
