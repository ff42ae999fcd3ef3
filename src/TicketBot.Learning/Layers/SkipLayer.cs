using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Layers;

/// <summary>A skip connection (He et al. 2016): y = x + P s, where s is another flow of the network and P is left out where widths are equal. Of a source with more steps the
/// last ones are used. Several sources are several such layers in a row.</summary>
internal sealed unsafe class SkipLayer : Layer
{
    private readonly Flow _source;
    private readonly int _firstStep;
    private readonly WeightMatrix? _projection;
    private readonly TransposedRows? _sourceRows;

    /// <summary>Adds a flow to the input.</summary>
    /// <param name="main">Shape in and out.</param>
    /// <param name="source">A flow that is complete before this layer runs forward, and whose gradient is not used before it has run backward.</param>
    /// <param name="projection"><c>[main channels][source channels]</c>; null where these are equal.</param>
    /// <exception cref="ArgumentException">The source has too few steps, or the widths do not fit.</exception>
    public SkipLayer(LayerShape main, Flow source, Parameter? projection)
        : base(main, main, projection is null ? [] : [projection])
    {
        int width = projection?.Columns ?? main.Channels;
        if (source.Shape.Steps < main.Steps || source.Shape.Channels != width || (projection is not null && projection.Rows != main.Channels))
        {
            throw new ArgumentException($"expected a source of at least {main.Steps} steps of {width} channels for {main} and a projection to its channels, found {source.Shape} and {projection?.Shape.ToString() ?? "none"}");
        }

        _source = source;
        OtherInputs = [source];
        _firstStep = source.Shape.Steps - main.Steps;
        if (projection is not null)
        {
            _projection = new WeightMatrix(projection);
            _sourceRows = new TransposedRows(width);
            Matrices = [_projection];
        }
    }

    public override WeightMatrix[] Matrices { get; } = [];

    public override Flow[] OtherInputs { get; }

    public override void Initialize(ref Rng rng)
    {
        if (_projection is not null)
        {
            InitialWeights.Draw(_projection.Parameter, Activation.Identity, ref rng);
        }
    }

    public override void Forward(Flow input, Flow output, in Pass pass)
    {
        for (int tile = 0; tile < pass.Tiles; tile++)
        {
            int lanes = pass.LanesOf(tile);
            float* y = output.Values(tile);
            float* s = SourceOf(_source.Values(tile));
            TileRows.Copy(input.Values(tile), y, Output.Rows, lanes);
            if (_projection is null)
            {
                TileRows.Add(s, y, Output.Rows, lanes, pass.Form);
                continue;
            }

            for (int t = 0; t < Output.Steps; t++)
            {
                _projection.Forward(s + t * _source.Shape.Channels * Tile.Width, null, y + t * Output.Channels * Tile.Width, lanes, pass.Form);
            }
        }
    }

    public override void Backward(Flow input, Flow output, in Pass pass)
    {
        for (int tile = 0; tile < pass.Tiles; tile++)
        {
            int lanes = pass.LanesOf(tile);
            float* dy = output.Gradient(tile);
            if (input.WantsGradient)
            {
                TileRows.Add(dy, input.Gradient(tile), Output.Rows, lanes, pass.Form);
            }

            if (_projection is not null)
            {
                BackwardProjected(tile, dy, pass);
            }
            else if (_source.WantsGradient)
            {
                TileRows.Add(dy, SourceOf(_source.Gradient(tile)), Output.Rows, lanes, pass.Form);
            }
        }
    }

    private void BackwardProjected(int tile, float* dy, in Pass pass)
    {
        int channels = _source.Shape.Channels;
        for (int t = 0; t < Output.Steps; t++, dy += Output.Channels * Tile.Width)
        {
            if (!IsFrozen)
            {
                float* s = SourceOf(_source.Values(tile)) + t * channels * Tile.Width;
                if (_projection!.NeedsTransposedInput)
                {
                    _sourceRows!.Fill(s, channels, pass.CountOf(tile));
                }

                _projection.WeightGradient(s, _sourceRows!.Pointer, _sourceRows.Stride, dy, pass.CountOf(tile), pass.Form);
            }

            if (_source.WantsGradient)
            {
                _projection!.InputGradient(dy, SourceOf(_source.Gradient(tile)) + t * channels * Tile.Width, pass.LanesOf(tile), pass.Form);
            }
        }
    }

    private float* SourceOf(float* rows) => rows + _firstStep * _source.Shape.Channels * Tile.Width;
}
