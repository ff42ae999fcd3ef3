using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Layers;

/// <summary>Gradient reversal (Ganin and Lempitsky 2015): y = x forward, dx = -strength dy backward, so that what lies before it learns to make what lies behind
/// it fail.</summary>
internal sealed unsafe class GradientReversalLayer(LayerShape input, double strength) : Layer(input, input)
{
    /// <summary>Factor of the turned gradient, usually raised from 0 to 1 during training; zero stops the gradient.</summary>
    public double Strength { get; set; } = strength;

    public override void Forward(Flow input, Flow output, in Pass pass)
    {
        for (int tile = 0; tile < pass.Tiles; tile++)
        {
            TileRows.Copy(input.Values(tile), output.Values(tile), Input.Rows, pass.LanesOf(tile));
        }
    }

    public override void Backward(Flow input, Flow output, in Pass pass)
    {
        for (int tile = 0; input.WantsGradient && tile < pass.Tiles; tile++)
        {
            TileRows.AddScaled(output.Gradient(tile), (float)-Strength, input.Gradient(tile), Input.Rows, pass.LanesOf(tile), pass.Form);
        }
    }
}
