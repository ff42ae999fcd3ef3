using System.Runtime.Intrinsics;
using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Sparse;

/// <summary>A skip connection: main + P source, or main + source. Of a source with more steps the last ones are taken.</summary>
internal sealed unsafe class SumStage : Stage
{
    private readonly float[]? _projection;
    private readonly bool[] _edges = [];
    private readonly int _columns;
    private RowMatrix? _matrix;
    private bool _hasSameSlots;

    /// <param name="main">What is added to.</param>
    /// <param name="source">Output of an earlier gene.</param>
    /// <param name="projection"><c>[main channels][source channels]</c> under its mask, or null.</param>
    public SumStage(Stage main, Stage source, float[]? projection)
        : base(main.Shape, main, source)
    {
        _projection = projection;
        _columns = source.Shape.Channels;
        if (projection is not null)
        {
            _edges = Array.ConvertAll(projection, weight => weight != 0f);
        }
    }

    private Stage Source => Inputs[1];

    private int Offset => Source.Shape.Steps - Shape.Steps;

    public override void FindConstants()
    {
        for (int r = 0; r < Constants.Length; r++)
        {
            if (_projection is null)
            {
                Constants[r] = Input.Constants[r] + Source.Constants[r];
                continue;
            }

            float sum = Input.Constants[r] ?? 0f;
            bool isConstant = Input.Constants[r] is not null;
            for (int c = 0; c < _columns; c++)
            {
                ref bool edge = ref _edges[r * _columns + c];
                edge &= Source.Constants[c] != 0f;
                if (edge)
                {
                    isConstant &= Source.Constants[c] is not null;
                    sum = MathF.FusedMultiplyAdd(_projection[r * _columns + c], Source.Constants[c] ?? 0f, sum);
                }
            }

            Constants[r] = isConstant ? sum : null;
        }
    }

    public override void RequireInputs()
    {
        RequireSame(Input);
        if (_projection is null)
        {
            for (int c = 0; c < Needed.Length; c++)
            {
                if (Needed[c] && Source.Constants[c] != 0f)
                {
                    Source.Require(c, First + Offset);
                }
            }

            return;
        }

        for (int e = 0; e < _edges.Length; e++)
        {
            if (_edges[e] && Needed[e / _columns])
            {
                Source.Require(e % _columns, First + Offset);
            }
        }
    }

    public override void Lay() => LayAs(Input);

    public override void Pack(KernelForm form)
    {
        if (_projection is null)
        {
            _hasSameSlots = Width == Source.Width && Slots.AsSpan().SequenceEqual(Source.Slots);
            return;
        }

        var rows = new PackedRow[Width];
        Array.Fill(rows, PackedRow.Empty);
        for (int r = 0; r < Slots.Length; r++)
        {
            if (Needed[r])
            {
                rows[Slots[r]] = PackedRow.Of(_projection.AsSpan(r * _columns, _columns), _edges.AsSpan(r * _columns, _columns), column => Source.Slots[column]);
            }
        }

        _matrix = RowMatrix.Pack(rows, Source.Width, form);
    }

    public override int SettledFrom(int[] inputs) => Math.Max(inputs[0], inputs[1] - Offset);

    public override StageRun Attach(Signal[] inputs, Signal output) => new SumRun(this, inputs[0], inputs[1], output);

    private sealed class SumRun(SumStage stage, Signal main, Signal source, Signal output) : StageRun(output)
    {
        public override void Run(int from, int to)
        {
            for (int t = from; t < to; t++)
            {
                float* x = main.At(t);
                float* added = source.At(t + stage.Offset);
                float* y = Output.At(t);
                if (stage._matrix is { } matrix)
                {
                    matrix.Multiply(added, x, y);
                }
                else if (stage._hasSameSlots)
                {
                    for (int i = 0; i < Output.Width; i += 8)
                    {
                        (Vector256.Load(x + i) + Vector256.Load(added + i)).Store(y + i);
                    }
                }
                else
                {
                    for (int c = 0; c < stage.Slots.Length; c++)
                    {
                        int slot = stage.Slots[c];
                        if (slot >= 0)
                        {
                            int from1 = stage.Source.Slots[c];
                            y[slot] = from1 >= 0 ? x[slot] + added[from1] : x[slot];
                        }
                    }
                }
            }
        }

        public override long MultiplyAdds(int from, int to) => (long)(to - from) * (stage._matrix?.Count ?? 0);
    }
}
