using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Layers;

/// <summary>The weighted sum of several operations on one input (Liu et al. 2019, equation 2), with an auxiliary skip (Chu et al. 2021): y = s x + sum_o c_o f_o(x). An operation
/// whose coefficient is exactly 0 is not read, so it need not have run. Its only parameters are the coefficients, which the caller sets.</summary>
internal sealed unsafe class MixtureLayer : Layer
{
    private readonly Flow[] _operations;

    /// <param name="input">Shape of the input, of every operation's output, and of the sum.</param>
    /// <param name="operations">Outputs of the operations; the input itself among them is the identity.</param>
    /// <exception cref="ArgumentException">An operation gives another shape.</exception>
    public MixtureLayer(LayerShape input, Flow[] operations)
        : base(input, input)
    {
        foreach (Flow operation in operations)
        {
            if (operation.Shape != input)
            {
                throw new ArgumentException($"expected operations that give {input}, found {operation.Shape}", nameof(operations));
            }
        }

        _operations = operations;
        Coefficients = new float[operations.Length];
        CoefficientGradient = new double[operations.Length];
    }

    public override Flow[] OtherInputs => _operations;

    /// <summary>c, one per operation.</summary>
    public float[] Coefficients { get; }

    /// <summary>s.</summary>
    public float AuxiliarySkip { get; set; }

    /// <summary>Gradient of the loss by each coefficient, set by <see cref="Backward"/>: the products of one row of one tile through 16 lanes and one tree, rows in double
    /// precision one after the other. Zero for an operation that was left out.</summary>
    public double[] CoefficientGradient { get; }

    public override void Forward(Flow input, Flow output, in Pass pass)
    {
        for (int tile = 0; tile < pass.Tiles; tile++)
        {
            int lanes = pass.LanesOf(tile);
            float* y = output.Values(tile);
            new Span<float>(y, Output.Rows * Tile.Width).Clear();
            if (AuxiliarySkip != 0f)
            {
                TileRows.AddScaled(input.Values(tile), AuxiliarySkip, y, Output.Rows, lanes, pass.Form);
            }

            for (int o = 0; o < _operations.Length; o++)
            {
                if (Coefficients[o] != 0f)
                {
                    TileRows.AddScaled(_operations[o].Values(tile), Coefficients[o], y, Output.Rows, lanes, pass.Form);
                }
            }
        }
    }

    public override void Backward(Flow input, Flow output, in Pass pass)
    {
        Array.Clear(CoefficientGradient);
        for (int tile = 0; tile < pass.Tiles; tile++)
        {
            int lanes = pass.LanesOf(tile);
            float* dy = output.Gradient(tile);
            if (AuxiliarySkip != 0f && input.WantsGradient)
            {
                TileRows.AddScaled(dy, AuxiliarySkip, input.Gradient(tile), Output.Rows, lanes, pass.Form);
            }

            for (int o = 0; o < _operations.Length; o++)
            {
                if (Coefficients[o] == 0f)
                {
                    continue;
                }

                CoefficientGradient[o] += Product(_operations[o].Values(tile), dy, lanes, pass.Form);
                if (_operations[o].WantsGradient)
                {
                    TileRows.AddScaled(dy, Coefficients[o], _operations[o].Gradient(tile), Output.Rows, lanes, pass.Form);
                }
            }
        }
    }

    private double Product(float* x, float* dy, int lanes, KernelForm form)
    {
        float* products = stackalloc float[Tile.Width];
        double sum = 0.0;
        for (int row = 0; row < Output.Rows; row++, x += Tile.Width, dy += Tile.Width)
        {
            for (int i = 0; i < lanes; i++)
            {
                products[i] = x[i] * dy[i];
            }

            sum += LaneSum.Of(products, lanes, form);
        }

        return sum;
    }
}
