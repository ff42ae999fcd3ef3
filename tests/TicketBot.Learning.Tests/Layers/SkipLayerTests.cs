using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Tests.Reference;

namespace TicketBot.Learning.Tests.Layers;

public unsafe class SkipLayerTests
{
    [Theory]
    [InlineData(1, 3, 4, 4, false, 1)]
    [InlineData(1, 3, 4, 5, false, 17)]
    [InlineData(4, 2, 7, 7, false, 65)]
    [InlineData(3, 5, 6, 9, false, 130)]
    [InlineData(4, 2, 7, 7, true, 65)]
    [InlineData(5, 3, 2, 9, true, 130)]
    [InlineData(5, 1, 1, 3, true, 1)]
    public void Twin_and_floats_agree(int steps, int inputs, int sourceChannels, int channels, bool pooled, int samples)
    {
        var rng = new Rng(1);
        var layer = new Block(new LayerShape(steps, inputs), sourceChannels, channels, pooled, ref rng);
        var source = new TwinDense(new double[sourceChannels * inputs], new double[sourceChannels], inputs, sourceChannels, Activation.Tanh);
        var last = new TwinDense(new double[channels * sourceChannels], new double[channels], sourceChannels, channels, Activation.Tanh);
        TwinLayer[] main = pooled ? [new TwinPool(steps, sourceChannels, Pooling.Mean), last] : [last];
        double[] projection = sourceChannels == channels ? [] : new double[channels * sourceChannels];
        var twin = new TwinSkipBlock(source, main, projection, steps, sourceChannels, pooled ? 1 : steps, channels);
        float[] plain = LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Scalar);
        Assert.Equal(plain, LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Vector256));
        Assert.Equal(plain, LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Vector512));
        int few = Math.Min(samples, 3);
        LayerCheck.TwinAgainstDifferences(twin, few * steps * inputs, few, seed: 3);
        LayerCheck.AllocatesNothing(layer, samples);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_source_that_wants_no_gradient_gets_none_while_the_projection_learns(bool frozen)
    {
        var rng = new Rng(4);
        var source = new Flow(new LayerShape(2, 3)) { WantsGradient = false };
        var layer = new SkipLayer(new LayerShape(1, 2), source, LayerCheck.DrawParameter("p", 2, 3, ParameterKind.Weight, ref rng)) { IsFrozen = frozen };
        var input = new Flow(layer.Input) { WantsGradient = false };
        var output = new Flow(layer.Output);
        var pass = new Pass(1, Training: true, KernelForms.Best, new Rng(1));
        source.Reserve(1);
        input.Reserve(1);
        output.Reserve(1);
        for (int row = 0; row < 6; row++)
        {
            source.Values(0)[row * Tile.Width] = row;
        }

        output.Gradient(0)[0] = 1f;
        output.Gradient(0)[Tile.Width] = 10f;
        layer.BeginGradients();
        layer.Forward(input, output, pass);
        layer.Backward(input, output, pass);
        layer.FinishGradients();
        Assert.Same(source, Assert.Single(layer.OtherInputs));
        Assert.Equal(frozen ? new float[6] : [3f, 4f, 5f, 30f, 40f, 50f], layer.Parameters[0].Gradient);
    }

    [Fact]
    public void A_projection_starts_with_drawn_weights_and_without_one_nothing_is_drawn()
    {
        var rng = new Rng(5);
        Rng untouched = rng;
        new SkipLayer(new LayerShape(1, 3), new Flow(new LayerShape(1, 3)), null).Initialize(ref rng);
        Assert.Equal(untouched, rng);
        var weight = new Parameter(new ParameterShape("p", 3, 2, ParameterKind.Weight, IsOutput: false));
        new SkipLayer(new LayerShape(1, 3), new Flow(new LayerShape(1, 2)), weight).Initialize(ref rng);
        Assert.DoesNotContain(0f, weight.Values);
    }

    [Theory]
    [InlineData(1, 4, 0, 0)]
    [InlineData(2, 3, 0, 0)]
    [InlineData(2, 3, 4, 2)]
    [InlineData(2, 3, 5, 3)]
    public void A_source_that_does_not_fit_is_refused(int steps, int width, int rows, int columns)
    {
        Parameter? projection = rows == 0 ? null : new Parameter(new ParameterShape("p", rows, columns, ParameterKind.Weight, IsOutput: false));
        Assert.Throws<ArgumentException>(() => new SkipLayer(new LayerShape(2, 4), new Flow(new LayerShape(steps, width)), projection));
    }

    /// <summary>Dense, then (pooled to one step) dense again, then the first one's output skipped to the end.</summary>
    private sealed class Block : Layer
    {
        private readonly Layer[] _layers;
        private readonly Flow[] _flows;

        public Block(LayerShape input, int sourceChannels, int channels, bool pooled, ref Rng rng)
            : this(input, LayersOf(input, sourceChannels, channels, pooled, ref rng))
        {
        }

        private Block(LayerShape input, (Layer[] Layers, Flow[] Flows) parts)
            : base(input, parts.Layers[^1].Output, [.. parts.Layers.SelectMany(layer => layer.Parameters)])
        {
            (_layers, _flows) = parts;
            Matrices = [.. _layers.SelectMany(layer => layer.Matrices)];
        }

        public override WeightMatrix[] Matrices { get; }

        public override void Reserve(int tiles)
        {
            for (int i = 0; i < _flows.Length; i++)
            {
                _layers[i].Reserve(tiles);
                _flows[i].Reserve(tiles);
            }
        }

        public override void Forward(Flow input, Flow output, in Pass pass)
        {
            for (int i = 0; i < _layers.Length; i++)
            {
                _layers[i].Forward(i == 0 ? input : _flows[i - 1], i == _flows.Length ? output : _flows[i], pass);
            }
        }

        public override void Backward(Flow input, Flow output, in Pass pass)
        {
            foreach (Flow flow in _flows)
            {
                flow.ClearGradient(pass.Tiles);
            }

            for (int i = _layers.Length - 1; i >= 0; i--)
            {
                _layers[i].Backward(i == 0 ? input : _flows[i - 1], i == _flows.Length ? output : _flows[i], pass);
            }
        }

        private static (Layer[] Layers, Flow[] Flows) LayersOf(LayerShape input, int sourceChannels, int channels, bool pooled, ref Rng rng)
        {
            List<Layer> layers = [Dense(input, sourceChannels, ref rng)];
            if (pooled)
            {
                layers.Add(new PoolLayer(layers[0].Output, Pooling.Mean));
            }

            layers.Add(Dense(layers[^1].Output, channels, ref rng));
            Flow[] flows = [.. layers.Select(layer => new Flow(layer.Output))];
            Parameter? projection = sourceChannels == channels ? null : LayerCheck.DrawParameter("p", channels, sourceChannels, ParameterKind.Weight, ref rng);
            layers.Add(new SkipLayer(layers[^1].Output, flows[0], projection));
            return ([.. layers], flows);
        }

        private static DenseLayer Dense(LayerShape input, int outputs, ref Rng rng) => new(
            input, LayerCheck.DrawParameter("w", outputs, input.Channels, ParameterKind.Weight, ref rng),
            LayerCheck.DrawParameter("b", outputs, 1, ParameterKind.Bias, ref rng), Activation.Tanh);
    }
}
