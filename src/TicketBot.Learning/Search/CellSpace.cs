using System.Globalization;

namespace TicketBot.Learning.Search;

/// <summary>A small space of architectures that share weights: a dense stem brings the input to one width, then every position holds one of several operations that keep
/// <c>[steps x width]</c>, then comes the head. A path names the operation of each position. Operations are genes without options of place, for example <c>lstm:16</c> or
/// <c>conv1d:16x3/gelu</c>; <c>identity</c> leaves the position empty, <c>skip</c> adds the output before the one before (a residual connection over the position before it)
/// and is therefore not offered at the first position.</summary>
public sealed record CellSpace
{
    /// <summary>The word of an empty position.</summary>
    public const string Identity = "identity";

    /// <summary>The word of a residual connection.</summary>
    public const string Skip = "skip";

    private readonly string[][] _operations;

    /// <summary>Makes a space.</summary>
    /// <param name="inputs">Features of a step, at least 1.</param>
    /// <param name="outputs">Outputs, at least 1.</param>
    /// <param name="window">Steps of a row, at least 1.</param>
    /// <param name="width">Width of every position, at least 1.</param>
    /// <param name="positions">Positions, 1 to 32.</param>
    /// <param name="operations">What a position may hold, at least two different operations; null takes <see cref="DefaultOperations"/>.</param>
    /// <param name="stem">Gene of the stem, of that width; null takes a linear dense layer.</param>
    /// <param name="isNormalised">True puts batch normalisation behind the stem and behind every operation with weights, so that operations are mixed at one scale (as Liu et
    /// al. 2019 do); running statistics then belong to a path.</param>
    /// <exception cref="ArgumentException">A size is out of range, or operations repeat or change the shape.</exception>
    /// <exception cref="FormatException">A gene cannot be read.</exception>
    public CellSpace(int inputs, int outputs, int window, int width, int positions, IReadOnlyList<string>? operations = null, string? stem = null, bool isNormalised = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(positions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(positions, 32);
        Inputs = inputs;
        Outputs = outputs;
        Window = window;
        Width = width;
        IsNormalised = isNormalised;
        Stem = stem ?? string.Create(CultureInfo.InvariantCulture, $"dense:{width}/identity");
        string[] offered = [.. (operations ?? DefaultOperations(width)).Select(text => text == Skip ? Skip : GeneText.Parse(text, 1).ToString())];
        if (offered.Length < 2 || offered.Distinct(StringComparer.Ordinal).Count() != offered.Length)
        {
            throw new ArgumentException($"expected at least two different operations, found {string.Join(", ", offered)}", nameof(operations));
        }

        _operations = [.. Enumerable.Range(0, positions).Select(position => position == 0 ? [.. offered.Where(text => text != Skip)] : offered)];
        if (_operations[0].Length < 2)
        {
            throw new ArgumentException($"expected at least two operations beside {Skip}, which the first position cannot hold, found {string.Join(", ", offered)}", nameof(operations));
        }

        foreach (string text in offered.Where(text => !IsParameterFree(text)).Prepend(Stem))
        {
            Architecture alone = Architecture.Parse(text, text == Stem ? inputs : width, outputs, window);
            if (alone.Shapes[^1] != new Layers.LayerShape(window, width) || alone.Layers.Count != 1 || alone.Layers[0].Skips.Count > 0)
            {
                throw new ArgumentException($"expected one gene without skips that gives {window} steps of {width}, found '{text}', which gives {alone.Shapes[^1].Steps} of {alone.Shapes[^1].Channels}", nameof(operations));
            }
        }
    }

    /// <summary>Features of a step.</summary>
    public int Inputs { get; }

    /// <summary>Outputs.</summary>
    public int Outputs { get; }

    /// <summary>Steps of a row.</summary>
    public int Window { get; }

    /// <summary>Width of every position.</summary>
    public int Width { get; }

    /// <summary>Gene of the stem.</summary>
    public string Stem { get; }

    /// <summary>Whether batch normalisation follows the stem and every operation with weights.</summary>
    public bool IsNormalised { get; }

    /// <summary>Number of positions.</summary>
    public int Positions => _operations.Length;

    /// <summary>Number of paths.</summary>
    public double Paths => _operations.Aggregate(1.0, (product, offered) => product * offered.Length);

    /// <summary>Returns dense, convolution of three steps, long short-term memory, gated recurrent unit, attention, skip and identity of a width.</summary>
    public static IReadOnlyList<string> DefaultOperations(int width)
    {
        int heads = width % 4 == 0 ? 4 : 1;
        string Of(string layer, string rest = "") => string.Create(CultureInfo.InvariantCulture, $"{layer}:{width}{rest}");
        return [Of("dense"), Of("conv1d", "x3"), Of("lstm"), Of("gru"), Of("attention", $"x{heads}"), Skip, Identity];
    }

    /// <summary>True for operations without weights: an empty position and a residual connection.</summary>
    public static bool IsParameterFree(string operation) => operation is Identity or Skip;

    /// <summary>The operations that a position may hold, position from 0.</summary>
    public IReadOnlyList<string> OperationsAt(int position) => _operations[position];

    /// <summary>The operations of a path.</summary>
    public IReadOnlyList<string> OperationsOf(IReadOnlyList<int> path)
    {
        RequirePath(path);
        return [.. path.Select((chosen, position) => _operations[position][chosen])];
    }

    /// <summary>Returns a path drawn uniformly.</summary>
    public int[] DrawPath(ref Rng rng)
    {
        int[] path = new int[Positions];
        for (int position = 0; position < path.Length; position++)
        {
            path[position] = rng.NextInt(_operations[position].Length);
        }

        return path;
    }

    /// <summary>Returns the architecture of a path, with the batch normalisations of the space; empty positions leave no gene.</summary>
    /// <exception cref="ArgumentException">The path does not belong to the space.</exception>
    public Architecture ArchitectureOf(IReadOnlyList<int> path)
    {
        RequirePath(path);
        var genes = new List<string>();
        AddGene(genes, Stem);
        int before = 0;
        for (int position = 0; position < path.Count; position++)
        {
            int input = genes.Count;
            string operation = _operations[position][path[position]];
            if (operation == Skip)
            {
                genes.Add(string.Create(CultureInfo.InvariantCulture, $"skip+{before}"));
            }
            else if (operation != Identity)
            {
                AddGene(genes, operation);
            }

            before = input;
        }

        return Architecture.Parse(string.Join(',', genes), Inputs, Outputs, Window);
    }

    /// <summary>The genes of an operation with weights, or of the stem.</summary>
    internal string GenesOf(string operation) => IsNormalised ? operation + ",batchnorm" : operation;

    private void AddGene(List<string> genes, string operation) => genes.AddRange(GenesOf(operation).Split(','));

    private void RequirePath(IReadOnlyList<int> path)
    {
        if (path.Count != Positions || path.Where((chosen, position) => chosen < 0 || chosen >= _operations[position].Length).Any())
        {
            throw new ArgumentException($"expected one operation for each of {Positions} positions, each below {string.Join(", ", _operations.Select(offered => offered.Length))}, found {string.Join(", ", path)}", nameof(path));
        }
    }
}
