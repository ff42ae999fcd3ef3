using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Layers;

/// <summary>Batch normalisation (Ioffe and Szegedy 2015, algorithms 1 and 2): y = scale (x - mean) / sqrt(variance + 1e-5) + shift per channel. In training,
/// mean and biased variance are those of all samples and steps of the batch, and move the running ones by a tenth, the variance in its unbiased form. Otherwise, and
/// always while frozen, the running ones are used and kept. With one value per channel in a batch the output is the shift, the input gets no gradient, and the running
/// variance is kept, for one value says nothing of it.</summary>
internal sealed unsafe class BatchNormLayer : Layer
{
    private const float Momentum = 0.1f;

    private readonly Parameter _scale;
    private readonly Parameter _shift;
    private readonly Parameter _runningMean;
    private readonly Parameter _runningVariance;

    // Two sums of 16 virtual lanes per channel.
    private readonly TileBuffer _sums;
    private readonly TileBuffer _products;

    // Per channel: what the last forward pass took for mean, 1 / sqrt(variance + epsilon), and scale times that.
    private readonly TileBuffer _mean;
    private readonly TileBuffer _inverse;
    private readonly TileBuffer _factor;

    // Per channel: constants of the backward pass.
    private readonly TileBuffer _average;
    private readonly TileBuffer _slope;

    private readonly MeanAndSpread[] _gathered;
    private bool _isGathering;
    private bool _usesBatch;

    public BatchNormLayer(LayerShape input, Parameter scale, Parameter shift, Parameter runningMean, Parameter runningVariance)
        : base(input, input, scale, shift, runningMean, runningVariance)
    {
        _scale = scale;
        _shift = shift;
        _runningMean = runningMean;
        _runningVariance = runningVariance;
        int channels = input.Channels;
        _sums = new TileBuffer(channels * Tile.LaneGroup);
        _products = new TileBuffer(channels * Tile.LaneGroup);
        _mean = new TileBuffer(channels);
        _inverse = new TileBuffer(channels);
        _factor = new TileBuffer(channels);
        _average = new TileBuffer(channels);
        _slope = new TileBuffer(channels);
        _gathered = new MeanAndSpread[channels];
    }

    public override void Initialize(ref Rng rng)
    {
        Array.Fill(_scale.Values, 1f);
        Array.Clear(_shift.Values);
        Array.Clear(_runningMean.Values);
        Array.Fill(_runningVariance.Values, 1f);
    }

    /// <summary>Starts to gather the mean and variance of everything that passes until <see cref="FinishStatistics"/>, for weights or data that the running
    /// statistics do not belong to: points between two networks, another domain (adaptive batch normalisation, Li et al. 2017). While gathering, passes of any kind use their
    /// batch's own statistics and leave the running ones alone, frozen or not. Gathered for all layers at once, later layers see inputs
    /// normalised per batch (Izmailov et al. 2018); for exact statistics finish each layer before the next begins, with passes that are not for training.</summary>
    public void BeginStatistics()
    {
        Array.Clear(_gathered);
        _isGathering = true;
    }

    /// <summary>Ends gathering: the running statistics become mean and unbiased variance of all values since <see cref="BeginStatistics"/>, however they were cut
    /// into batches. After one value per channel the running variance is kept.</summary>
    /// <exception cref="InvalidOperationException">Nothing was gathered.</exception>
    public void FinishStatistics()
    {
        if (!_isGathering || _gathered[0].Count == 0)
        {
            throw new InvalidOperationException($"expected a pass between {nameof(BeginStatistics)} and {nameof(FinishStatistics)}, found none");
        }

        _isGathering = false;
        for (int c = 0; c < Input.Channels; c++)
        {
            MeanAndSpread gathered = _gathered[c];
            _runningMean.Values[c] = (float)gathered.Mean;
            if (gathered.Count > 1)
            {
                _runningVariance.Values[c] = Floored((float)(gathered.Spread / (gathered.Count - 1)));
            }
        }
    }

    public override void Forward(Flow input, Flow output, in Pass pass)
    {
        _usesBatch = _isGathering || (pass.Training && !IsFrozen);
        if (_usesBatch)
        {
            Measure(input, pass);
        }
        else
        {
            for (int c = 0; c < Input.Channels; c++)
            {
                Take(c, _runningMean.Values[c], _runningVariance.Values[c]);
            }
        }

        fixed (float* shift = _shift.Values)
        {
            for (int tile = 0; tile < pass.Tiles; tile++)
            {
                BatchNormalization.Normalize(input.Values(tile), output.Values(tile), Input.Steps, Input.Channels, pass.LanesOf(tile), _mean.Pointer, _factor.Pointer, shift, pass.Form);
            }
        }
    }

    public override void Backward(Flow input, Flow output, in Pass pass)
    {
        if (!IsFrozen || _usesBatch)
        {
            SumGradients(input, output, pass);
        }

        for (int tile = 0; input.WantsGradient && tile < pass.Tiles; tile++)
        {
            if (_usesBatch)
            {
                BatchNormalization.AddInputGradient(
                    input.Values(tile), output.Gradient(tile), input.Gradient(tile), Input.Steps, Input.Channels, pass.CountOf(tile),
                    _mean.Pointer, _factor.Pointer, _average.Pointer, _slope.Pointer, pass.Form);
            }
            else
            {
                BatchNormalization.AddScaledGradient(output.Gradient(tile), input.Gradient(tile), Input.Steps, Input.Channels, pass.LanesOf(tile), _factor.Pointer, pass.Form);
            }
        }
    }

    private static float Floored(float variance) => variance < Normalization.VarianceFloor ? 0f : variance;

    private void Measure(Flow input, in Pass pass)
    {
        int values = pass.Count * Input.Steps;
        _sums.Span.Clear();
        for (int tile = 0; tile < pass.Tiles; tile++)
        {
            BatchNormalization.AddSums(input.Values(tile), Input.Steps, Input.Channels, pass.CountOf(tile), _sums.Pointer, pass.Form);
        }

        for (int c = 0; c < Input.Channels; c++)
        {
            _mean.Pointer[c] = SumOf(_sums, c, pass.Form) / values;
        }

        _sums.Span.Clear();
        _products.Span.Fill(Normalization.SquareStart);
        for (int tile = 0; tile < pass.Tiles; tile++)
        {
            BatchNormalization.AddDeviations(input.Values(tile), Input.Steps, Input.Channels, pass.CountOf(tile), _mean.Pointer, _sums.Pointer, _products.Pointer, pass.Form);
        }

        for (int c = 0; c < Input.Channels; c++)
        {
            float left = SumOf(_sums, c, pass.Form);
            float correction = left / values;
            float mean = _mean.Pointer[c] + correction;
            float variance = Floored((SumOf(_products, c, pass.Form) - left * correction) / values);
            Take(c, mean, variance);
            if (_isGathering)
            {
                _gathered[c] = _gathered[c].With(values, mean, (double)variance * values);
                continue;
            }

            float moved = MathF.FusedMultiplyAdd(Momentum, mean - _runningMean.Values[c], _runningMean.Values[c]);
            _runningMean.Values[c] = MathF.Abs(moved) < Normalization.VarianceFloor ? 0f : moved;
            if (values > 1)
            {
                float unbiased = variance * values / (values - 1);
                _runningVariance.Values[c] = Floored(MathF.FusedMultiplyAdd(Momentum, unbiased - _runningVariance.Values[c], _runningVariance.Values[c]));
            }
        }
    }

    private void Take(int channel, float mean, float variance)
    {
        _mean.Pointer[channel] = mean;
        _inverse.Pointer[channel] = 1f / MathF.Sqrt(variance + Normalization.Epsilon);
        _factor.Pointer[channel] = _scale.Values[channel] * _inverse.Pointer[channel];
    }

    private void SumGradients(Flow input, Flow output, in Pass pass)
    {
        _sums.Span.Clear();
        _products.Span.Clear();
        for (int tile = 0; tile < pass.Tiles; tile++)
        {
            BatchNormalization.AddGradientSums(
                input.Values(tile), output.Gradient(tile), Input.Steps, Input.Channels, pass.LanesOf(tile), _mean.Pointer, _sums.Pointer, _products.Pointer, pass.Form);
        }

        int values = pass.Count * Input.Steps;
        for (int c = 0; c < Input.Channels; c++)
        {
            float sum = SumOf(_sums, c, pass.Form);
            float product = SumOf(_products, c, pass.Form);
            float inverse = _inverse.Pointer[c];
            if (!IsFrozen)
            {
                _scale.Gradient[c] += product * inverse;
                _shift.Gradient[c] += sum;
            }

            _average.Pointer[c] = sum / values;
            _slope.Pointer[c] = -(product / values) * (inverse * inverse);
        }
    }

    private static float SumOf(TileBuffer sums, int channel, KernelForm form) => LaneSum.Of(sums.Pointer + channel * Tile.LaneGroup, Tile.LaneGroup, form);

    /// <summary>Count, mean and sum of squared deviations of what was seen, joined batch by batch in double precision (Chan, Golub and LeVeque 1983).</summary>
    private readonly record struct MeanAndSpread(double Count, double Mean, double Spread)
    {
        public MeanAndSpread With(double count, double mean, double spread)
        {
            double total = Count + count;
            double apart = mean - Mean;
            return new MeanAndSpread(total, Mean + apart * (count / total), Spread + spread + apart * apart * (Count * count / total));
        }
    }
}
