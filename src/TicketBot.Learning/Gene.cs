using System.Globalization;
using TicketBot.Learning.Layers;

namespace TicketBot.Learning;

/// <summary>One gene of an architecture: a main layer, then activation and dropout, then the outputs of earlier genes added:
/// <c>y = dropout(activation(layer(x))) + sum of P_n y_n</c>. A closed family; the text of a gene is its canonical form.</summary>
public abstract record Gene
{
    /// <summary>The widest layer a gene may ask for.</summary>
    public const int MaximumWidth = 65_536;

    /// <summary>The strongest gradient reversal a gene may ask for.</summary>
    public const double MaximumStrength = 1_000_000;

    private Gene()
    {
    }

    /// <summary>Function of the layer's outputs.</summary>
    public Activation Activation { get; init; }

    /// <summary>Genes whose outputs are added, counted from 1, ascending; 0 is the input. Where widths differ a projection P without bias is learned; of a
    /// source with more steps the last ones are taken.</summary>
    public IReadOnlyList<int> Skips { get; init; } = [];

    /// <summary>Share of outputs dropped in training, 0 to below 1 (Srivastava et al. 2014).</summary>
    public double Dropout { get; init; }

    /// <summary>The gene without its options, for example <c>conv1d:32x3</c>.</summary>
    public abstract string Layer { get; }

    /// <summary>True when nothing but the main layer is asked for.</summary>
    internal bool IsPlain => Activation == DefaultActivation && Skips.Count == 0 && Dropout == 0.0;

    internal virtual Activation DefaultActivation => Activation.Identity;

    /// <summary>The canonical gene: the activation is named where it is not the usual one.</summary>
    public sealed override string ToString() => string.Concat(
        Layer, Activation == DefaultActivation ? "" : "/" + GeneText.NameOf(Activation), string.Concat(Skips.Select(skip => "+" + skip.ToString(CultureInfo.InvariantCulture))),
        Dropout == 0.0 ? "" : "@" + Dropout.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Shape of the outputs.</summary>
    /// <exception cref="FormatException">The gene cannot read such inputs; the message says why, without naming the gene.</exception>
    internal abstract LayerShape OutputOf(LayerShape input);

    /// <summary>Adds the parameters of the main layer, in file order.</summary>
    internal virtual void AddParameters(ParameterList parameters, LayerShape input)
    {
    }

    /// <summary>Fully connected, at every step.</summary>
    /// <param name="Width">Outputs, 1 to <see cref="MaximumWidth"/>.</param>
    public sealed record Dense(int Width) : Gene
    {
        /// <inheritdoc/>
        public override string Layer => string.Create(CultureInfo.InvariantCulture, $"dense:{Width}");

        internal override Activation DefaultActivation => Activation.Relu;

        internal override LayerShape OutputOf(LayerShape input) => input with { Channels = Width };

        internal override void AddParameters(ParameterList parameters, LayerShape input)
        {
            parameters.AddWeight("weight", Width, input.Channels);
            parameters.AddVector("bias", Width, ParameterKind.Bias);
        }
    }

    /// <summary>A convolution over time.</summary>
    /// <param name="Width">Output channels, 1 to <see cref="MaximumWidth"/>.</param>
    /// <param name="Kernel">Steps it sees, at least 1.</param>
    /// <param name="IsCausal">True pads with zeros before the first step and keeps the number of steps; false gives <c>steps - kernel + 1</c>.</param>
    public sealed record Conv1D(int Width, int Kernel, bool IsCausal = true) : Gene
    {
        /// <inheritdoc/>
        public override string Layer => string.Create(CultureInfo.InvariantCulture, $"conv1d:{Width}x{Kernel}{(IsCausal ? "" : ":valid")}");

        internal override Activation DefaultActivation => Activation.Relu;

        internal override LayerShape OutputOf(LayerShape input) => IsCausal || Kernel <= input.Steps
            ? new LayerShape(IsCausal ? input.Steps : input.Steps - Kernel + 1, Width)
            : throw new FormatException($"a kernel of {Kernel} without padding needs at least {Kernel} steps, here are {input.Steps}");

        internal override void AddParameters(ParameterList parameters, LayerShape input)
        {
            parameters.AddWeight("weight", Width, checked(Kernel * input.Channels));
            parameters.AddVector("bias", Width, ParameterKind.Bias);
        }
    }

    /// <summary>Long short-term memory (Hochreiter and Schmidhuber 1997, with forget gates of Gers et al. 2000); gates in the order input, forget, cell, output.</summary>
    /// <param name="Width">Memory cells, 1 to <see cref="MaximumWidth"/>.</param>
    public sealed record Lstm(int Width) : Gene
    {
        /// <inheritdoc/>
        public override string Layer => string.Create(CultureInfo.InvariantCulture, $"lstm:{Width}");

        internal override LayerShape OutputOf(LayerShape input) => input with { Channels = Width };

        internal override void AddParameters(ParameterList parameters, LayerShape input)
        {
            parameters.AddWeight("input_weight", 4 * Width, input.Channels, groups: 4);
            parameters.AddWeight("recurrent_weight", 4 * Width, Width, ParameterKind.RecurrentWeight, groups: 4);
            parameters.AddVector("bias", 4 * Width, ParameterKind.Bias, groups: 4);
        }
    }

    /// <summary>Gated recurrent unit (Cho et al. 2014) with the reset gate behind the recurrent product; gates in the order reset, update, new.</summary>
    /// <param name="Width">Units, 1 to <see cref="MaximumWidth"/>.</param>
    public sealed record Gru(int Width) : Gene
    {
        /// <inheritdoc/>
        public override string Layer => string.Create(CultureInfo.InvariantCulture, $"gru:{Width}");

        internal override LayerShape OutputOf(LayerShape input) => input with { Channels = Width };

        internal override void AddParameters(ParameterList parameters, LayerShape input)
        {
            parameters.AddWeight("input_weight", 3 * Width, input.Channels, groups: 3);
            parameters.AddWeight("recurrent_weight", 3 * Width, Width, ParameterKind.RecurrentWeight, groups: 3);
            parameters.AddVector("bias", 3 * Width, ParameterKind.Bias, groups: 3);
            parameters.AddVector("recurrent_bias", Width, ParameterKind.Bias);
        }
    }

    /// <summary>Multi-head self-attention over all steps of the window, with sinusoidal positions (Vaswani et al. 2017).</summary>
    /// <param name="Width">Width of queries, keys, values and outputs, a multiple of <paramref name="Heads"/>.</param>
    /// <param name="Heads">Heads, at least 1.</param>
    public sealed record Attention(int Width, int Heads) : Gene
    {
        /// <inheritdoc/>
        public override string Layer => string.Create(CultureInfo.InvariantCulture, $"attention:{Width}x{Heads}");

        internal override LayerShape OutputOf(LayerShape input) => Width % Heads == 0
            ? input with { Channels = Width }
            : throw new FormatException($"expected a width that {Heads} heads divide, found {Width}");

        internal override void AddParameters(ParameterList parameters, LayerShape input)
        {
            foreach (string projection in (ReadOnlySpan<string>)["query", "key", "value", "output"])
            {
                parameters.AddWeight(projection + "_weight", Width, projection == "output" ? Width : input.Channels);
                parameters.AddVector(projection + "_bias", Width, ParameterKind.Bias);
            }
        }
    }

    /// <summary>Batch normalisation over samples and steps (Ioffe and Szegedy 2015).</summary>
    public sealed record BatchNorm : Gene
    {
        /// <inheritdoc/>
        public override string Layer => "batchnorm";

        internal override LayerShape OutputOf(LayerShape input) => input;

        internal override void AddParameters(ParameterList parameters, LayerShape input)
        {
            parameters.AddVector("scale", input.Channels, ParameterKind.Scale);
            parameters.AddVector("shift", input.Channels, ParameterKind.Shift);
            parameters.AddVector("running_mean", input.Channels, ParameterKind.Buffer);
            parameters.AddVector("running_variance", input.Channels, ParameterKind.Buffer);
        }
    }

    /// <summary>Layer normalisation over the channels of each step (Ba et al. 2016).</summary>
    public sealed record LayerNorm : Gene
    {
        /// <inheritdoc/>
        public override string Layer => "layernorm";

        internal override LayerShape OutputOf(LayerShape input) => input;

        internal override void AddParameters(ParameterList parameters, LayerShape input)
        {
            parameters.AddVector("scale", input.Channels, ParameterKind.Scale);
            parameters.AddVector("shift", input.Channels, ParameterKind.Shift);
        }
    }

    /// <summary>All steps side by side in one.</summary>
    public sealed record Flatten : Gene
    {
        /// <inheritdoc/>
        public override string Layer => "flatten";

        internal override LayerShape OutputOf(LayerShape input) => new(1, checked(input.Steps * input.Channels));
    }

    /// <summary>One step made of all.</summary>
    /// <param name="Kind">How.</param>
    public sealed record Pool(Pooling Kind) : Gene
    {
        /// <inheritdoc/>
        public override string Layer => GeneText.NameOf(Kind);

        internal override LayerShape OutputOf(LayerShape input) => input with { Steps = 1 };
    }

    /// <summary>Passes its input on; written <c>skip</c> when it adds earlier outputs.</summary>
    public sealed record Identity : Gene
    {
        /// <inheritdoc/>
        public override string Layer => Skips.Count == 0 ? "identity" : "skip";

        internal override LayerShape OutputOf(LayerShape input) => input;
    }

    /// <summary>Passes its input on, and its gradient back times minus <paramref name="Strength"/> (Ganin and Lempitsky 2015).</summary>
    /// <param name="Strength">Factor, 0 to <see cref="MaximumStrength"/>.</param>
    public sealed record Reversal(double Strength) : Gene
    {
        /// <inheritdoc/>
        public override string Layer => string.Create(CultureInfo.InvariantCulture, $"reversal:{Strength:R}");

        internal override LayerShape OutputOf(LayerShape input) => input;
    }
}
