using System.Globalization;

namespace TicketBot.Learning;

/// <summary>A stack of layers from inputs to class logits, described by a comma list of genes such as <c>dense:64,dense:32</c>.
/// Two architectures are equal when inputs, outputs and canonical genes are.</summary>
public sealed record Architecture
{
    /// <summary>The widest layer a gene may ask for.</summary>
    public const int MaximumWidth = 65_536;

    private static readonly string[] KnownKinds =
        ["conv1d", "lstm", "gru", "attention", "identity", "skip", "batchnorm", "layernorm", "flatten", "last", "mean", "max"];

    private Architecture(int inputs, int outputs, DenseGene[] layers)
    {
        Inputs = inputs;
        Outputs = outputs;
        Layers = layers;
        Genes = string.Join(',', layers.Select(layer => layer.ToString()));
        var shapes = new List<ParameterShape>(2 * layers.Length + 2);
        int width = inputs;
        for (int i = 0; i < layers.Length; i++)
        {
            AddShapes(shapes, string.Create(CultureInfo.InvariantCulture, $"layer{i + 1}"), layers[i].Width, width, isOutput: false);
            width = layers[i].Width;
        }

        AddShapes(shapes, "output", outputs, width, isOutput: true);
        Parameters = shapes;
    }

    /// <summary>Features of a row, at least 1.</summary>
    public int Inputs { get; }

    /// <summary>Steps of a row; 1 for rows without a window.</summary>
    public int Window { get; } = 1;

    /// <summary>Values of a row: <see cref="Window"/> times <see cref="Inputs"/>.</summary>
    public int RowLength => Window * Inputs;

    /// <summary>Class logits, at least 2.</summary>
    public int Outputs { get; }

    /// <summary>The canonical gene list (without inputs and outputs); empty for a linear classifier.</summary>
    public string Genes { get; }

    /// <summary>The hidden layers from inputs to outputs.</summary>
    public IReadOnlyList<DenseGene> Layers { get; }

    /// <summary>Shapes of the parameters in the order every weight list uses: per layer its weights, then its biases; the output layer last.</summary>
    public IReadOnlyList<ParameterShape> Parameters { get; }

    /// <summary>Number of weights and biases.</summary>
    public int ParameterCount => Parameters.Sum(shape => shape.Count);

    /// <summary>Reads the gene list; the output layer of <paramref name="outputs"/> logits is added. An empty list gives a linear classifier.</summary>
    /// <exception cref="FormatException">A gene is unknown, not supported by this version, or out of range; the message names it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no inputs or fewer than two outputs.</exception>
    public static Architecture Parse(string genes, int inputs, int outputs)
    {
        ArgumentNullException.ThrowIfNull(genes);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 2);
        DenseGene[] layers = string.IsNullOrWhiteSpace(genes) ? [] : [.. genes.Split(',').Select(gene => ParseGene(gene.Trim()))];
        return new Architecture(inputs, outputs, layers);
    }

    /// <summary>True when the other has the same inputs, outputs and canonical genes.</summary>
    public bool Equals(Architecture? other) =>
        other is not null && Inputs == other.Inputs && Outputs == other.Outputs && string.Equals(Genes, other.Genes, StringComparison.Ordinal);

    /// <summary>Hash of inputs, outputs and canonical genes.</summary>
    public override int GetHashCode() => HashCode.Combine(Inputs, Outputs, string.GetHashCode(Genes, StringComparison.Ordinal));

    /// <summary>Inputs, genes and outputs in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Inputs} -> [{Genes}] -> {Outputs}");

    private static void AddShapes(List<ParameterShape> shapes, string layer, int rows, int columns, bool isOutput)
    {
        shapes.Add(new ParameterShape(layer + ".weight", rows, columns, ParameterKind.Weight, isOutput));
        shapes.Add(new ParameterShape(layer + ".bias", rows, 1, ParameterKind.Bias, isOutput));
    }

    private static DenseGene ParseGene(string gene)
    {
        int end = gene.AsSpan().IndexOfAny(":/+@");
        string kind = end < 0 ? gene : gene[..end];
        if (kind != "dense")
        {
            throw new FormatException(KnownKinds.Contains(kind)
                ? $"gene '{gene}': layers of kind '{kind}' are not supported yet by this version; supported is dense:WIDTH[/activation]"
                : $"gene '{gene}': expected dense:WIDTH[/activation], found kind '{kind}'");
        }

        if (gene.AsSpan().IndexOfAny('+', '@') >= 0)
        {
            throw new FormatException($"gene '{gene}': '+n' and '@dropout' are not supported yet by this version; supported is dense:WIDTH[/activation]");
        }

        int slash = gene.IndexOf('/', StringComparison.Ordinal);
        string sized = slash < 0 ? gene : gene[..slash];
        string widthText = sized.Length > 6 ? sized[6..] : "";
        if (!int.TryParse(widthText, NumberStyles.None, CultureInfo.InvariantCulture, out int width) || width < 1 || width > MaximumWidth)
        {
            throw new FormatException($"gene '{gene}': expected a width from 1 to {MaximumWidth}, found '{widthText}'");
        }

        Activation activation = (slash < 0 ? "relu" : gene[(slash + 1)..]) switch
        {
            "relu" => Activation.Relu,
            "leakyrelu" => Activation.LeakyRelu,
            "tanh" => Activation.Tanh,
            "identity" => Activation.Identity,
            "gelu" or "sigmoid" or "silu" or "elu" or "selu" or "swish" or "mish" or "softplus" =>
                throw new FormatException($"gene '{gene}': activation '{gene[(slash + 1)..]}' is not supported yet by this version; supported are relu, leakyrelu, tanh, identity"),
            var other => throw new FormatException($"gene '{gene}': expected activation relu, leakyrelu, tanh or identity, found '{other}'"),
        };
        return new DenseGene(width, activation);
    }
}
