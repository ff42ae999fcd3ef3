using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;

namespace TicketBot.Learning.Sparse;

/// <summary>A dense layer (one tap) or a convolution over time: y[t] = activation(b + W (x[t-K+1], .., x[t])). Also the input half of recurrent layers,
/// whose rows are gates of equal length.</summary>
internal sealed unsafe class LinearStage : Stage
{
    private readonly float[] _weights;
    private readonly bool[] _edges;
    private readonly float[] _biases;
    private readonly int _columns;
    private readonly int _taps;
    private readonly int _firstColumn;
    private readonly bool _isCausal;
    private readonly int _gates;
    private readonly float[] _starts;
    private RowMatrix? _matrix;
    private TileBuffer _packedStarts = new(0);

    /// <param name="input">Where it reads.</param>
    /// <param name="shape">Steps and channels it writes.</param>
    /// <param name="weights"><c>[channels][taps * inputs]</c>, tap 0 the oldest; under their mask.</param>
    /// <param name="biases"><c>[channels]</c>.</param>
    /// <param name="taps">Steps that one output sees.</param>
    /// <param name="isCausal">True: zeros before step 0.</param>
    /// <param name="activation">Applied to the sums.</param>
    /// <param name="gates">Blocks of rows that are laid out side by side.</param>
    public LinearStage(Stage input, LayerShape shape, float[] weights, float[] biases, int taps, bool isCausal, Activation activation, int gates = 1)
        : base(shape, input)
    {
        _weights = weights;
        _edges = Array.ConvertAll(weights, weight => weight != 0f);
        _biases = biases;
        _columns = taps * input.Shape.Channels;
        // Taps that would lie before step 0 at every step read nothing but zeros.
        _taps = Math.Min(taps, input.Shape.Steps);
        _firstColumn = (taps - _taps) * input.Shape.Channels;
        _isCausal = isCausal;
        _gates = gates;
        _starts = (float[])biases.Clone();
        Activation = activation;
    }

    public Activation Activation { get; }

    public override int LiveNeurons => Needed.Where((needed, c) => needed && Constants[c] is null).Count();

    /// <summary>Returns this layer followed by y = (x - mean) factor + shift and an activation, as one layer; null where that has no finite weights.</summary>
    public LinearStage? Fold(float[] mean, float[] factor, float[] shift, Activation activation)
    {
        float[] weights = (float[])_weights.Clone();
        float[] biases = (float[])_biases.Clone();
        for (int r = 0; r < biases.Length; r++)
        {
            for (int c = 0; c < _columns; c++)
            {
                weights[r * _columns + c] *= factor[r];
            }

            biases[r] = MathF.FusedMultiplyAdd(biases[r] - mean[r], factor[r], shift[r]);
        }

        return FiniteCheck.Passes(weights) && FiniteCheck.Passes(biases)
            ? new LinearStage(Input, Shape, weights, biases, _columns / Input.Shape.Channels, _isCausal, activation)
            : null;
    }

    public override void FindConstants()
    {
        int channels = Input.Shape.Channels;
        for (int r = 0; r < Constants.Length; r++)
        {
            float sum = _biases[r];
            bool isConstant = true;
            for (int c = 0; c < _columns; c++)
            {
                float? input = Input.Constants[c % channels];
                ref bool edge = ref _edges[r * _columns + c];
                edge &= c >= _firstColumn && input != 0f;
                if (edge)
                {
                    // A constant beside the zeros before step 0 makes two values.
                    isConstant &= input is not null && (_taps == 1 || !_isCausal);
                    sum = MathF.FusedMultiplyAdd(_weights[r * _columns + c], input ?? 0f, sum);
                }
            }

            if (isConstant)
            {
                _starts[r] = sum;
                _edges.AsSpan(r * _columns, _columns).Clear();
                Constants[r] = Activations.Of(Activation, sum);
            }
        }
    }

    public override void RequireInputs()
    {
        int first = _isCausal ? Math.Max(0, First - _taps + 1) : First;
        for (int e = 0; e < _edges.Length; e++)
        {
            if (_edges[e] && Needed[e / _columns])
            {
                Input.Require(e % _columns % Input.Shape.Channels, first);
            }
        }

        if (_taps > 1 && _isCausal)
        {
            Input.RequireLeading(_taps - 1);
        }
    }

    public override void Lay()
    {
        if (_gates == 1)
        {
            base.Lay();
            return;
        }

        int units = Slots.Length / _gates;
        int stride = RecurrentStage.StrideOf(Needed.AsSpan(0, units).Count(true));
        Array.Fill(Slots, -1);
        int next = 0;
        for (int unit = 0; unit < units; unit++)
        {
            for (int gate = 0; Needed[unit] && gate < _gates; gate++)
            {
                Slots[gate * units + unit] = gate * stride + next;
            }

            next += Needed[unit] ? 1 : 0;
        }

        Width = _gates * stride;
    }

    public override void Pack(KernelForm form)
    {
        int channels = Input.Shape.Channels;
        var rows = new PackedRow[Width];
        Array.Fill(rows, PackedRow.Empty);
        for (int r = 0; r < Slots.Length; r++)
        {
            if (Slots[r] >= 0)
            {
                rows[Slots[r]] = PackedRow.Of(_weights.AsSpan(r * _columns, _columns), _edges.AsSpan(r * _columns, _columns), column =>
                    (column - _firstColumn) / channels * Input.Width + Input.Slots[column % channels]);
            }
        }

        _matrix = RowMatrix.Pack(rows, _taps * Input.Width, form);
        _packedStarts = BySlot(r => _starts[r]);
        Form = form;
    }

    public override int SettledFrom(int[] inputs) => Math.Min(Shape.Steps, _isCausal ? inputs[0] + _taps - 1 : inputs[0]);

    public override int Borrowed(int settled) => First < settled ? _taps - 1 : 0;

    public override StageRun Attach(Signal[] inputs, Signal output) => new LinearRun(this, inputs[0], output);

    private KernelForm Form { get; set; }

    private sealed class LinearRun(LinearStage stage, Signal input, Signal output) : StageRun(output)
    {
        public override void Run(int from, int to)
        {
            int back = stage._isCausal ? stage._taps - 1 : 0;
            for (int t = from; t < to; t++)
            {
                float* y = Output.At(t);
                stage._matrix!.Multiply(input.At(t - back), stage._packedStarts.Pointer, y);
                Activations.Apply(stage.Activation, y, null, PaddedWidth, stage.Form);
            }
        }

        public override long MultiplyAdds(int from, int to) => (long)(to - from) * stage._matrix!.Count;
    }
}
