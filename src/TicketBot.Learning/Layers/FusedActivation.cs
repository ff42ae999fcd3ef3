using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Layers;

/// <summary>An activation that a layer applies to its own outputs in place; remembers the slopes where the outputs do not tell them.</summary>
internal sealed unsafe class FusedActivation(Activation activation, int rows)
{
    private TileBuffer _slopes = new(0);
    private int _tiles;

    public Activation Activation { get; } = activation;

    public void Reserve(int tiles)
    {
        if (tiles > _tiles && Activations.NeedsSlopes(Activation))
        {
            _slopes = new TileBuffer(tiles * rows * Tile.Width);
            _tiles = tiles;
        }
    }

    /// <summary>Applies it to the rows of a tile.</summary>
    public void Forward(int tile, float* values, in Pass pass) =>
        Activations.ApplyRows(Activation, values, pass.Training ? Slopes(tile) : null, rows, pass.LanesOf(tile), pass.Form);

    /// <summary>Turns the gradient by the values into the gradient by the arguments.</summary>
    public void Backward(int tile, float* values, float* gradient, in Pass pass) =>
        Activations.BackwardRows(Activation, values, Slopes(tile), gradient, rows, pass.LanesOf(tile), pass.Form);

    private float* Slopes(int tile) => Activations.NeedsSlopes(Activation) ? _slopes.Pointer + (long)tile * rows * Tile.Width : null;
}
