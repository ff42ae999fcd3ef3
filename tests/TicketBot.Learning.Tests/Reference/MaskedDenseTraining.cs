using TicketBot.Learning.Kernels;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Tests.Reference;

/// <summary>Training of a ReLU network in plain loops over whole, masked matrices: nothing is packed and nothing left out. Every sum is written here in the
/// order that the engine states: outputs and input gradients by ascending fused multiply-adds from their start, weight gradients of sparse matrices through 16
/// lanes and the tree, of the others sample by sample.</summary>
internal sealed unsafe class MaskedDenseTraining
{
    private readonly Architecture _architecture;
    private readonly MaskSet _mask;
    private readonly TrainingOptions _options;
    private readonly float[][] _gradients;
    private readonly float[][] _first;
    private readonly float[][] _second;
    private double _beta1Power = 1.0;
    private double _beta2Power = 1.0;

    public MaskedDenseTraining(Network start, MaskSet mask, TrainingOptions options)
    {
        _architecture = start.Architecture;
        _mask = mask;
        _options = options;
        Weights = start.CaptureWeights();
        _gradients = [.. Weights.Select(w => new float[w.Length])];
        _first = [.. Weights.Select(w => new float[w.Length])];
        _second = [.. Weights.Select(w => new float[w.Length])];
        for (int p = 0; p < Weights.Length; p++)
        {
            ClearMasked(p, Weights[p]);
        }
    }

    public float[][] Weights { get; }

    private int Depth => Weights.Length / 2;

    public void Run(TrainingSet set, Rng rng)
    {
        var order = new DataOrder(rng, set.Rows, _options.BatchSize);
        int planned = _options.PlannedSteps(set.Rows);
        for (Step step = default; step.Number < planned; step = order.After(step))
        {
            int[] rows = order.RowsOf(step).ToArray();
            foreach (float[] gradient in _gradients)
            {
                Array.Clear(gradient);
            }

            for (int first = 0; first < rows.Length; first += 64)
            {
                RunTile(set, rows[first..Math.Min(first + 64, rows.Length)], (float)(1.0 / rows.Length));
            }

            Update();
        }
    }

    private void RunTile(TrainingSet set, int[] rows, float scale)
    {
        int lanes = (rows.Length + 15) / 16 * 16;
        int inputs = _architecture.Inputs;
        float[][] values = new float[Depth + 1][];
        values[0] = new float[inputs * 64];
        for (int i = 0; i < rows.Length * inputs; i++)
        {
            values[0][i % inputs * 64 + i / inputs] = set.Features[rows[i / inputs] * inputs + i % inputs];
        }

        for (int l = 0; l < Depth; l++)
        {
            values[l + 1] = Forward(l, values[l], lanes);
        }

        float[] dy = LossGradient(values[Depth], rows, set, lanes, scale);
        for (int l = Depth - 1; l >= 0; l--)
        {
            for (int i = 0; l < Depth - 1 && i < dy.Length; i++)
            {
                dy[i] = values[l + 1][i] > 0f ? dy[i] : 0f;
            }

            AddGradients(l, values[l], dy, rows.Length, lanes);
            dy = InputGradient(l, dy, lanes);
        }
    }

    private float[] Forward(int l, float[] x, int lanes)
    {
        (int rows, int columns) = SizeOf(l);
        float[] y = new float[rows * 64];
        for (int r = 0; r < rows; r++)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                float sum = Weights[2 * l + 1][r];
                for (int c = 0; c < columns; c++)
                {
                    sum = MathF.FusedMultiplyAdd(Weights[2 * l][r * columns + c], x[c * 64 + lane], sum);
                }

                y[r * 64 + lane] = l < Depth - 1 && sum < 0f ? 0f : sum;
            }
        }

        return y;
    }

    private float[] LossGradient(float[] logits, int[] rows, TrainingSet set, int lanes, float scale)
    {
        float[] gradient = new float[logits.Length];
        float[] ones = new float[64];
        float[] scales = new float[64];
        ones.AsSpan(0, rows.Length).Fill(1f);
        scales.AsSpan(0, rows.Length).Fill(scale);
        int[] labels = [.. rows.Select(row => set.Labels[row])];
        fixed (float* z = logits, g = gradient, w = ones, s = scales)
        {
            SoftmaxCrossEntropy.Run(z, g, _architecture.Outputs, rows.Length, lanes, labels, w, s, KernelForm.Scalar);
        }

        return gradient;
    }

    private void AddGradients(int l, float[] x, float[] dy, int count, int lanes)
    {
        (int rows, int columns) = SizeOf(l);
        bool sparse = _mask.Of(2 * l).Count(true) <= SparseTraining.SwitchDensity * rows * columns;
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                ref float gradient = ref _gradients[2 * l][r * columns + c];
                if (sparse)
                {
                    gradient += PlainSums.LaneTree(dy.AsSpan(r * 64, lanes), x.AsSpan(c * 64, lanes));
                    continue;
                }

                for (int s = 0; s < count; s++)
                {
                    gradient = MathF.FusedMultiplyAdd(dy[r * 64 + s], x[c * 64 + s], gradient);
                }
            }

            fixed (float* row = &dy[r * 64])
            {
                _gradients[2 * l + 1][r] += LaneSum.Of(row, lanes, KernelForm.Scalar);
            }
        }

        ClearMasked(2 * l, _gradients[2 * l]);
    }

    private float[] InputGradient(int l, float[] dy, int lanes)
    {
        (int rows, int columns) = SizeOf(l);
        float[] dx = new float[columns * 64];
        for (int c = 0; c < columns; c++)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                for (int r = 0; r < rows; r++)
                {
                    dx[c * 64 + lane] = MathF.FusedMultiplyAdd(Weights[2 * l][r * columns + c], dy[r * 64 + lane], dx[c * 64 + lane]);
                }
            }
        }

        return dx;
    }

    private void Update()
    {
        _beta1Power *= _options.Beta1;
        _beta2Power *= _options.Beta2;
        double norm = Math.Sqrt(_gradients.SelectMany(g => g).Aggregate(0.0, (sum, g) => sum + (double)g * g));
        float scale = _options.ClipNorm is { } limit && norm > limit ? (float)(limit / norm) : 1f;
        for (int p = 0; p < Weights.Length; p++)
        {
            float rate = (float)_options.LearningRate;
            float decay = p % 2 == 0 ? (float)_options.WeightDecay : 0f;
            fixed (float* w = Weights[p], g = _gradients[p], m = _first[p], v = _second[p])
            fixed (int* keep = _mask.KeepBits(p))
            {
                if (_options.Optimizer == Optimizer.Sgd)
                {
                    Updates.Descent(w, g, m, keep, Weights[p].Length, new Updates.DescentStep(rate, decay, scale, (float)_options.Momentum), KernelForm.Scalar);
                    continue;
                }

                Updates.Adam(w, g, m, v, keep, Weights[p].Length, new Updates.AdamStep(rate, decay, scale, (float)_options.Beta1, (float)_options.Beta2,
                    (float)(1.0 - _beta1Power), (float)(1.0 - _beta2Power), (float)_options.Epsilon), KernelForm.Scalar);
            }
        }
    }

    private (int Rows, int Columns) SizeOf(int l) => (_architecture.Parameters[2 * l].Rows, _architecture.Parameters[2 * l].Columns);

    private void ClearMasked(int parameter, float[] values)
    {
        ReadOnlySpan<bool> live = _mask.Of(parameter);
        for (int i = 0; i < live.Length; i++)
        {
            values[i] = live[i] ? values[i] : 0f;
        }
    }
}
