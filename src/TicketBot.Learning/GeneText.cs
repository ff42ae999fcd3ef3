using System.Globalization;

namespace TicketBot.Learning;

/// <summary>Reads genes such as <c>conv1d:32x3/gelu+1@0.2</c>.</summary>
internal static class GeneText
{
    private const string Known = "dense:WIDTH, conv1d:WIDTHxKERNEL[:valid], lstm:WIDTH, gru:WIDTH, attention:WIDTHxHEADS, batchnorm, layernorm, flatten, last, mean, max, identity, skip+N, reversal:STRENGTH, each with optional /activation, +N, @dropout";

    private static readonly Dictionary<string, Activation> Activations = new(StringComparer.Ordinal)
    {
        ["identity"] = Activation.Identity,
        ["relu"] = Activation.Relu,
        ["leakyrelu"] = Activation.LeakyRelu,
        ["tanh"] = Activation.Tanh,
        ["sigmoid"] = Activation.Sigmoid,
        ["gelu"] = Activation.Gelu,
    };

    public static string NameOf(Activation activation)
    {
        foreach ((string name, Activation known) in Activations)
        {
            if (known == activation)
            {
                return name;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(activation), activation, "unknown activation");
    }

    public static string NameOf(Pooling pooling) => pooling switch
    {
        Pooling.Last => "last",
        Pooling.Mean => "mean",
        Pooling.Max => "max",
        _ => throw new ArgumentOutOfRangeException(nameof(pooling), pooling, "unknown pooling"),
    };

    /// <summary>Reads the gene at a place of the list.</summary>
    /// <exception cref="FormatException">It is unknown or out of range; the message names it and says what is known.</exception>
    public static Gene Parse(string text, int number)
    {
        int end = text.AsSpan().IndexOfAny("/+@");
        string layer = end < 0 ? text : text[..end];
        Gene gene = ParseLayer(text, layer);
        Activation activation = gene.DefaultActivation;
        bool hasActivation = false;
        double? dropout = null;
        var skips = new List<int>();
        while (end >= 0 && end < text.Length)
        {
            char sign = text[end];
            int next = text.AsSpan(end + 1).IndexOfAny("/+@");
            string value = next < 0 ? text[(end + 1)..] : text[(end + 1)..(end + 1 + next)];
            end = next < 0 ? -1 : end + 1 + next;
            switch (sign)
            {
                case '/' when hasActivation:
                    throw new FormatException($"gene '{text}': expected one activation, found a second, '{value}'");
                case '/':
                    activation = Activations.TryGetValue(value, out Activation known) ? known
                        : throw new FormatException($"gene '{text}': expected an activation of {string.Join(", ", Activations.Keys)}, found '{value}'");
                    hasActivation = true;
                    break;
                case '+':
                    int skip = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int source) && source < number ? source
                        : throw new FormatException($"gene '{text}', number {number}: expected the number of an earlier gene after '+', 0 (the input) to {number - 1}, found '{value}'");
                    skips.Add(skips.Contains(skip) ? throw new FormatException($"gene '{text}': expected each earlier gene once, found +{skip} twice") : skip);
                    break;
                default:
                    dropout = dropout is null && double.TryParse(value, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double rate) && rate < 1.0 ? rate
                        : throw new FormatException($"gene '{text}': expected one dropout rate from 0 to below 1 after '@', found '{value}'");
                    break;
            }
        }

        if (layer == "skip" && skips.Count == 0)
        {
            throw new FormatException($"gene '{text}': expected the earlier gene to add, for example skip+{number - 1}");
        }

        skips.Sort();
        return gene with { Activation = activation, Skips = skips, Dropout = dropout ?? 0.0 };
    }

    private static Gene ParseLayer(string text, string layer)
    {
        string[] parts = layer.Split(':');
        int sizes = parts[0] switch
        {
            "dense" or "lstm" or "gru" or "reversal" => 1,
            "conv1d" => parts.Length == 3 ? 2 : 1,
            "attention" => 1,
            "batchnorm" or "layernorm" or "flatten" or "last" or "mean" or "max" or "identity" or "skip" => 0,
            _ => throw new FormatException($"gene '{text}': unknown layer '{parts[0]}'; known are {Known}"),
        };
        if (parts.Length != sizes + 1)
        {
            throw new FormatException($"gene '{text}': found '{layer}', expected one of {Known}");
        }

        switch (parts[0])
        {
            case "dense":
                return new Gene.Dense(Size(text, parts[1], "a width"));
            case "lstm":
                return new Gene.Lstm(Size(text, parts[1], "a width"));
            case "gru":
                return new Gene.Gru(Size(text, parts[1], "a width"));
            case "conv1d":
                (int channels, int kernel) = Pair(text, parts[1], "WIDTHxKERNEL");
                return parts.Length == 2 || parts[2] == "valid" ? new Gene.Conv1D(channels, kernel, parts.Length == 2)
                    : throw new FormatException($"gene '{text}': expected 'valid' (no padding) or nothing after the kernel, found '{parts[2]}'");
            case "attention":
                (int width, int heads) = Pair(text, parts[1], "WIDTHxHEADS");
                return new Gene.Attention(width, heads);
            case "reversal":
                return double.TryParse(parts[1], NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double strength) && strength <= Gene.MaximumStrength
                    ? new Gene.Reversal(strength)
                    : throw new FormatException($"gene '{text}': expected a strength from 0 to {Gene.MaximumStrength}, found '{parts[1]}'");
            case "batchnorm":
                return new Gene.BatchNorm();
            case "layernorm":
                return new Gene.LayerNorm();
            case "flatten":
                return new Gene.Flatten();
            case "last":
                return new Gene.Pool(Pooling.Last);
            case "mean":
                return new Gene.Pool(Pooling.Mean);
            case "max":
                return new Gene.Pool(Pooling.Max);
            default:
                return new Gene.Identity();
        }
    }

    private static (int First, int Second) Pair(string text, string value, string form)
    {
        string[] parts = value.Split('x');
        return parts.Length == 2 ? (Size(text, parts[0], "a width"), Size(text, parts[1], form[(form.IndexOf('x', StringComparison.Ordinal) + 1)..].ToLowerInvariant()))
            : throw new FormatException($"gene '{text}': expected {form}, found '{value}'");
    }

    private static int Size(string text, string value, string name) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size is >= 1 and <= Gene.MaximumWidth ? size
            : throw new FormatException($"gene '{text}': expected {name} from 1 to {Gene.MaximumWidth}, found '{value}'");
}
