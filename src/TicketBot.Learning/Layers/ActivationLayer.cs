using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Layers;

/// <summary>An activation as a layer of its own, for what has none inside: recurrent cells, attention, normalisation, sums with skip connections.</summary>
internal sealed unsafe class ActivationLayer : Layer
{
    private readonly FusedActivation _activation;

    public ActivationLayer(LayerShape shape, Activation activation)
        : base(shape, shape) => _activation = new FusedActivation(activation, shape.Rows);

    public override void Reserve(int tiles) => _activation.Reserve(tiles);

    public override void Forward(Flow input, Flow output, in Pass pass)
    {
        for (int tile = 0; tile < pass.Tiles; tile++)
        {
            TileRows.Copy(input.Values(tile), output.Values(tile), Output.Rows, pass.LanesOf(tile));
            _activation.Forward(tile, output.Values(tile), pass);
        }
    }

    public override void Backward(Flow input, Flow output, in Pass pass)
    {
        if (!input.WantsGradient)
        {
            return;
        }

        for (int tile = 0; tile < pass.Tiles; tile++)
        {
            float* gradient = output.Gradient(tile);
            _activation.Backward(tile, output.Values(tile), gradient, pass);
            TileRows.Add(gradient, input.Gradient(tile), Output.Rows, pass.LanesOf(tile), pass.Form);
        }
    }
}
