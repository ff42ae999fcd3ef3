using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;

namespace TicketBot.Learning.Sparse;

/// <summary>Multi-head self-attention over the window, in the order of the trained layer: lanes are steps where scores are made and channels where values are mixed. Queries
/// are made for the needed steps only. Channels of queries and keys of which one is always zero are left out, and heads that reach no output.
/// A step's position is counted from the start of the window, so everything is computed for each window.</summary>
internal sealed unsafe class AttentionStage : Stage
{
    private const int Query = 0;
    private const int Key = 1;
    private const int Value = 2;
    private const int Mix = 3;

    private readonly int _heads;
    private readonly float[][] _weights;
    private readonly bool[][] _edges;
    private readonly float[][] _biases;
    private readonly float[] _positions;
    private readonly RowMatrix?[] _matrices = new RowMatrix?[4];
    private readonly TileBuffer[] _starts = new TileBuffer[4];
    private readonly int[] _widths = new int[3];
    private int[][] _scoreChannels = [];
    private int[][] _valueChannels = [];
    private TileBuffer _packedPositions = new(0);
    private KernelForm _form;

    /// <param name="input">Where it reads.</param>
    /// <param name="shape">Steps and D.</param>
    /// <param name="heads">Heads, a divisor of D.</param>
    /// <param name="weights">Query, key, value <c>[D][channels]</c> and mix <c>[D][D]</c>, under their masks.</param>
    /// <param name="biases"><c>[D]</c> each.</param>
    public AttentionStage(Stage input, LayerShape shape, int heads, float[][] weights, float[][] biases)
        : base(shape, input)
    {
        _heads = heads;
        _weights = weights;
        _edges = [.. weights.Select(values => Array.ConvertAll(values, weight => weight != 0f))];
        _biases = biases;
        _positions = SinusoidalPositions.Of(input.Shape);
    }

    public override int LiveNeurons => Needed.Where((needed, c) => needed && Constants[c] is null).Count() + _scoreChannels.Concat(_scoreChannels).Concat(_valueChannels).Sum(channels => channels.Length);

    private int HeadWidth => Shape.Channels / _heads;

    public override void FindConstants()
    {
        int width = Shape.Channels;
        for (int r = 0; r < width; r++)
        {
            bool isConstant = true;
            for (int c = 0; c < width; c++)
            {
                ref bool edge = ref _edges[Mix][r * width + c];
                edge &= !IsZero(Value, c);
                isConstant &= !edge;
            }

            Constants[r] = isConstant ? _biases[Mix][r] : null;
        }
    }

    public override void RequireInputs()
    {
        int width = Shape.Channels;
        bool[] mixes = new bool[width];
        for (int e = 0; e < _edges[Mix].Length; e++)
        {
            mixes[e % width] |= _edges[Mix][e] && Needed[e / width];
        }

        int[][] heads = [.. Enumerable.Range(0, _heads).Select(head => Enumerable.Range(head * HeadWidth, HeadWidth).ToArray())];
        _valueChannels = [.. heads.Select(channels => channels.Where(c => mixes[c]).ToArray())];
        _scoreChannels = [.. heads.Select((channels, head) => channels.Where(c => _valueChannels[head].Length > 0 && !IsZero(Query, c) && !IsZero(Key, c)).ToArray())];
        for (int i = 0; i < 3; i++)
        {
            foreach (int r in (i == Value ? _valueChannels : _scoreChannels).SelectMany(channels => channels))
            {
                for (int c = 0; c < Input.Shape.Channels; c++)
                {
                    if (_edges[i][r * Input.Shape.Channels + c])
                    {
                        Input.Require(c, 0);
                    }
                }
            }
        }
    }

    public override void Pack(KernelForm form)
    {
        _form = form;
        int channels = Input.Shape.Channels;
        for (int i = 0; i < 3; i++)
        {
            int[] rows = [.. (i == Value ? _valueChannels : _scoreChannels).SelectMany(list => list)];
            PackMatrix(i, rows, channels, Input.Width, column => Input.Slots[column]);
            _widths[i] = rows.Length;
        }

        int[] values = [.. _valueChannels.SelectMany(list => list)];
        int[] outputs = [.. Enumerable.Range(0, Shape.Channels).Where(c => Needed[c])];
        PackMatrix(Mix, outputs, Shape.Channels, values.Length, column => Array.IndexOf(values, column));

        int stride = Input.Width;
        _packedPositions = new TileBuffer(Shape.Steps * stride + RowMatrix.RowGroup);
        for (int i = 0; i < _positions.Length; i++)
        {
            int slot = Input.Slots[i % channels];
            if (slot >= 0)
            {
                _packedPositions.Span[i / channels * stride + slot] = _positions[i];
            }
        }
    }

    public override int SettledFrom(int[] inputs) => Shape.Steps;

    public override StageRun Attach(Signal[] inputs, Signal output) => new AttentionRun(this, inputs[0], output);

    private bool IsZero(int projection, int row)
    {
        int columns = Input.Shape.Channels;
        return _biases[projection][row] == 0f && !_edges[projection].AsSpan(row * columns, columns).Contains(true);
    }

    private void PackMatrix(int index, int[] rows, int columns, int packedColumns, Func<int, int> slotOf)
    {
        PackedRow[] packed = [.. rows.Select(r => PackedRow.Of(_weights[index].AsSpan(r * columns, columns), _edges[index].AsSpan(r * columns, columns), slotOf))];
        _matrices[index] = RowMatrix.Pack(packed, packedColumns, _form);
        _starts[index] = new TileBuffer(rows.Length + RowMatrix.RowGroup);
        for (int i = 0; i < rows.Length; i++)
        {
            _starts[index].Span[i] = _biases[index][rows[i]];
        }
    }

    private sealed class AttentionRun : StageRun
    {
        private const int Slack = RowMatrix.RowGroup + RowMatrix.ReadAhead;

        private readonly AttentionStage _stage;
        private readonly Signal _input;
        private readonly int _paddedSteps;
        private readonly float _scale;
        private readonly TileBuffer _x;
        private readonly TileBuffer _query;
        private readonly TileBuffer _key;
        private readonly TileBuffer _keys;
        private readonly TileBuffer _values;
        private readonly TileBuffer _scores;
        private readonly TileBuffer _context;

        public AttentionRun(AttentionStage stage, Signal input, Signal output)
            : base(output)
        {
            _stage = stage;
            _input = input;
            _paddedSteps = (input.Steps + 7) & ~7;
            _scale = 1f / MathF.Sqrt(stage.HeadWidth);
            _x = new TileBuffer(input.Width + Slack);
            _query = new TileBuffer(stage._widths[Query] + Slack);
            _key = new TileBuffer(stage._widths[Key] + Slack);
            _keys = new TileBuffer(stage._widths[Key] * _paddedSteps);
            _values = new TileBuffer(input.Steps * stage._widths[Value] + Slack);
            _scores = new TileBuffer(_paddedSteps);
            _context = new TileBuffer(stage._widths[Value] + Slack);
        }

        public override void Run(int from, int to)
        {
            for (int t = 0; t < _input.Steps; t++)
            {
                AddPositions(t);
                _stage._matrices[Key]!.Multiply(_x.Pointer, _stage._starts[Key].Pointer, _key.Pointer);
                for (int c = 0; c < _stage._widths[Key]; c++)
                {
                    _keys.Pointer[c * _paddedSteps + t] = _key.Pointer[c];
                }

                _stage._matrices[Value]!.Multiply(_x.Pointer, _stage._starts[Value].Pointer, _values.Pointer + t * _stage._widths[Value]);
            }

            for (int t = from; t < to; t++)
            {
                AddPositions(t);
                _stage._matrices[Query]!.Multiply(_x.Pointer, _stage._starts[Query].Pointer, _query.Pointer);
                for (int c = 0; c < _stage._widths[Query]; c++)
                {
                    _query.Pointer[c] *= _scale;
                }

                int score = 0;
                int value = 0;
                for (int head = 0; head < _stage._heads; head++)
                {
                    int scores = _stage._scoreChannels[head].Length;
                    int values = _stage._valueChannels[head].Length;
                    if (values > 0)
                    {
                        AttentionRow.Scores(_query.Pointer + score, _keys.Pointer + score * _paddedSteps, scores, _scores.Pointer, _paddedSteps, _stage._form);
                        AttentionRow.Softmax(_scores.Pointer, _input.Steps, _paddedSteps, _stage._form);
                        AttentionRow.Mix(_scores.Pointer, _input.Steps, _values.Pointer + value, _stage._widths[Value], _context.Pointer + value, values, _stage._form);
                    }

                    score += scores;
                    value += values;
                }

                _stage._matrices[Mix]!.Multiply(_context.Pointer, _stage._starts[Mix].Pointer, Output.At(t));
            }
        }

        public override long MultiplyAdds(int from, int to) =>
            _input.Steps * ((long)_stage._matrices[Key]!.Count + _stage._matrices[Value]!.Count)
            + (to - from) * ((long)_stage._matrices[Query]!.Count + _stage._matrices[Mix]!.Count + _input.Steps * (long)(_stage._widths[Query] + _stage._widths[Value]));

        private void AddPositions(int t)
        {
            float* x = _input.At(t);
            float* position = _stage._packedPositions.Pointer + t * _input.Width;
            for (int i = 0; i < _input.Width; i++)
            {
                _x.Pointer[i] = x[i] + position[i];
            }
        }
    }
}
