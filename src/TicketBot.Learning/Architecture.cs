using System.Globalization;
using TicketBot.Learning.Layers;

namespace TicketBot.Learning;

/// <summary>A directed acyclic stack of layers from a row of features to outputs, described by a comma list of genes such as
/// <c>conv1d:32x3/gelu,lstm:64@0.2,dense:64+1</c>. With a window a row has several steps: layers act per step until <c>flatten</c> or a pooling gene makes
/// one of them; the head, a dense layer without activation, takes the last step otherwise. Two architectures are equal when window, inputs, outputs and
/// canonical genes are.</summary>
public sealed record Architecture
{
    /// <summary>Most values one parameter array may have.</summary>
    public const int MaximumParameters = 100_000_000;

    private Architecture(int inputs, int outputs, int window, Gene[] layers)
    {
        Inputs = inputs;
        Outputs = outputs;
        Window = window;
        Layers = layers;
        Genes = string.Join(',', layers.Select(layer => layer.ToString()));
        var parameters = new ParameterList();
        var shapes = new List<LayerShape> { new(window, inputs) };
        for (int i = 0; i < layers.Length; i++)
        {
            shapes.Add(Describe(parameters, layers[i], i + 1, shapes));
        }

        parameters.Begin("output", layers.Length + 1, isOutput: true);
        parameters.AddWeight("weight", outputs, shapes[^1].Channels);
        parameters.AddVector("bias", outputs, ParameterKind.Bias);
        Parameters = parameters.Shapes;
        Shapes = shapes;
    }

    /// <summary>Features of a step, at least 1.</summary>
    public int Inputs { get; }

    /// <summary>Steps of a row, at least 1; 1 for rows without a window.</summary>
    public int Window { get; }

    /// <summary>Values of a row: <see cref="Window"/> times <see cref="Inputs"/>.</summary>
    public int RowLength => Window * Inputs;

    /// <summary>Outputs, at least 1: one logit per class for a classifier.</summary>
    public int Outputs { get; }

    /// <summary>The canonical gene list (without inputs and outputs); empty for a linear network.</summary>
    public string Genes { get; }

    /// <summary>The genes from inputs to outputs.</summary>
    public IReadOnlyList<Gene> Layers { get; }

    /// <summary>Shapes of the parameters in the order every weight list uses: gene by gene, the output layer last.</summary>
    public IReadOnlyList<ParameterShape> Parameters { get; }

    /// <summary>Number of values in all parameters, running statistics included.</summary>
    public int ParameterCount => Parameters.Sum(shape => shape.Count);

    /// <summary>Shape of the input and of each gene's output.</summary>
    internal IReadOnlyList<LayerShape> Shapes { get; }

    /// <summary>Reads the gene list; the output layer is added. An empty list gives a linear network.</summary>
    /// <param name="genes">The genes.</param>
    /// <param name="inputs">Features of a step, at least 1.</param>
    /// <param name="outputs">Outputs, at least 1.</param>
    /// <param name="window">Steps of a row, at least 1.</param>
    /// <exception cref="FormatException">A gene is unknown or out of range, or cannot read what comes before it; the message names it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public static Architecture Parse(string genes, int inputs, int outputs, int window = 1)
    {
        ArgumentNullException.ThrowIfNull(genes);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        List<Gene> layers = string.IsNullOrWhiteSpace(genes) ? [] : [.. genes.Split(',').Select((gene, i) => GeneText.Parse(gene.Trim(), i + 1))];

        // The head takes the last step anyway: with and without this gene the graph is the same, so its name must be.
        while (layers is [.., Gene.Pool { Kind: Pooling.Last, IsPlain: true }])
        {
            layers.RemoveAt(layers.Count - 1);
        }

        return new Architecture(inputs, outputs, window, [.. layers]);
    }

    /// <summary>True when the other has the same window, inputs, outputs and canonical genes.</summary>
    public bool Equals(Architecture? other) =>
        other is not null && Inputs == other.Inputs && Outputs == other.Outputs && Window == other.Window && string.Equals(Genes, other.Genes, StringComparison.Ordinal);

    /// <summary>Hash of window, inputs, outputs and canonical genes.</summary>
    public override int GetHashCode() => HashCode.Combine(Inputs, Outputs, Window, string.GetHashCode(Genes, StringComparison.Ordinal));

    /// <summary>Window, inputs, genes and outputs in one line.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Window == 1 ? "" : $"{Window} x ")}{Inputs} -> [{Genes}] -> {Outputs}");

    private static LayerShape Describe(ParameterList parameters, Gene gene, int number, List<LayerShape> shapes)
    {
        try
        {
            LayerShape output = gene.OutputOf(shapes[^1]);
            parameters.Begin(string.Create(CultureInfo.InvariantCulture, $"layer{number}"), number, isOutput: false);
            gene.AddParameters(parameters, shapes[^1]);
            foreach (int source in gene.Skips)
            {
                if (shapes[source].Channels != output.Channels)
                {
                    parameters.AddWeight(SkipWeight(source), output.Channels, shapes[source].Channels);
                }
            }

            return output;
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            throw new FormatException($"gene '{gene}', number {number}: {exception.Message}", exception);
        }
    }

    internal static string SkipWeight(int source) => string.Create(CultureInfo.InvariantCulture, $"skip{source}_weight");
}
