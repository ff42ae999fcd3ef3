using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;

namespace TicketBot.Learning.Sparse;

/// <summary>The recurrent half of an LSTM (gates i, f, g, o) or GRU (gates r, z, n, with a bias of the recurrent product), reading the sums of the input half.
/// Its state starts at zero with each window, so all steps are computed for each.</summary>
internal sealed unsafe class RecurrentStage : Stage
{
    private readonly int _gates;
    private readonly float[] _weights;
    private readonly bool[] _edges;
    private readonly float[]? _recurrentBias;
    private RowMatrix? _matrix;
    private TileBuffer _starts = new(0);
    private KernelForm _form;

    /// <param name="gates">The input half, <c>[steps][gates * units]</c>.</param>
    /// <param name="shape">Steps and units.</param>
    /// <param name="weights"><c>[gates * units][units]</c>, under their mask.</param>
    /// <param name="recurrentBias"><c>[units]</c> for a GRU, null for an LSTM.</param>
    public RecurrentStage(LinearStage gates, LayerShape shape, float[] weights, float[]? recurrentBias)
        : base(shape, gates)
    {
        _gates = gates.Shape.Channels / shape.Channels;
        _weights = weights;
        _edges = Array.ConvertAll(weights, weight => weight != 0f);
        _recurrentBias = recurrentBias;
    }

    private int Units => Shape.Channels;

    /// <summary>Floats between the gates of so many units.</summary>
    public static int StrideOf(int units) => (units + RowMatrix.RowGroup - 1) / RowMatrix.RowGroup * RowMatrix.RowGroup;

    public override void RequireInputs()
    {
        // A unit is needed too if a needed one reads it a step later.
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int e = 0; e < _edges.Length; e++)
            {
                int source = e % Units;
                if (_edges[e] && Needed[e / Units % Units] && !Needed[source])
                {
                    Require(source, First);
                    changed = true;
                }
            }
        }

        for (int unit = 0; unit < Units; unit++)
        {
            for (int gate = 0; Needed[unit] && gate < _gates; gate++)
            {
                Input.Require(gate * Units + unit, 0);
            }
        }
    }

    public override void Pack(KernelForm form)
    {
        _form = form;
        int stride = StrideOf(Width);
        var rows = new PackedRow[_gates * stride];
        Array.Fill(rows, PackedRow.Empty);
        for (int r = 0; r < _gates * Units; r++)
        {
            if (Needed[r % Units])
            {
                rows[r / Units * stride + Slots[r % Units]] = PackedRow.Of(_weights.AsSpan(r * Units, Units), _edges.AsSpan(r * Units, Units), column => Slots[column]);
            }
        }

        _matrix = RowMatrix.Pack(rows, Width, form);
        _starts = BySlot(unit => _recurrentBias?[unit] ?? 0f);
    }

    public override int SettledFrom(int[] inputs) => Shape.Steps;

    public override StageRun Attach(Signal[] inputs, Signal output) => new RecurrentRun(this, inputs[0], output);

    private sealed class RecurrentRun : StageRun
    {
        private readonly RecurrentStage _stage;
        private readonly Signal _input;
        private readonly int _stride;
        private readonly TileBuffer _sums;
        private readonly TileBuffer _cell;

        public RecurrentRun(RecurrentStage stage, Signal input, Signal output)
            : base(output)
        {
            _stage = stage;
            _input = input;
            _stride = StrideOf(output.Width);
            _sums = new TileBuffer(stage._gates * _stride);
            _cell = new TileBuffer(_stride);
        }

        public override void Run(int from, int to)
        {
            _cell.Span.Clear();
            for (int t = 0; t < to; t++)
            {
                float* before = t == 0 ? null : Output.At(t - 1);
                float* sums = _sums.Pointer;
                if (_stage._recurrentBias is null)
                {
                    if (t == 0)
                    {
                        sums = _input.At(t);
                    }
                    else
                    {
                        _stage._matrix!.Multiply(before, _input.At(t), sums);
                    }

                    RecurrentRow.Lstm(sums, _cell.Pointer, Output.At(t), _stride, _stage._form);
                    continue;
                }

                // The recurrent product continues the sums of r and z and starts those of n from their own bias.
                new ReadOnlySpan<float>(_input.At(t), 2 * _stride).CopyTo(new Span<float>(sums, 2 * _stride));
                _stage._starts.Span[..Output.Width].CopyTo(new Span<float>(sums + 2 * _stride, Output.Width));
                if (t > 0)
                {
                    _stage._matrix!.Multiply(before, sums, sums);
                }

                RecurrentRow.Gru(_input.At(t) + 2 * _stride, sums, before, Output.At(t), _stride, _stage._form);
            }
        }

        public override long MultiplyAdds(int from, int to) => (long)(to - 1) * _stage._matrix!.Count;
    }
}
