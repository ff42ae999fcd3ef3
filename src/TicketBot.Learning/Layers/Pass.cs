using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Layers;

/// <summary>One run of a batch through the layers: how many samples, in which form, for training or not.</summary>
/// <param name="Count">Samples of the batch, at least 1.</param>
/// <param name="Training">True while gradients are wanted: dropout drops, batch normalisation takes the batch's own statistics.</param>
/// <param name="Form">Form of the kernels.</param>
/// <param name="Noise">Stream of this update's chance; a layer takes <c>Split</c> of it by its own number.</param>
internal readonly record struct Pass(int Count, bool Training, KernelForm Form, Rng Noise)
{
    /// <summary>Tiles of the batch.</summary>
    public int Tiles => (Count + Tile.Width - 1) / Tile.Width;

    /// <summary>Samples of a tile.</summary>
    public int CountOf(int tile) => Math.Min(Tile.Width, Count - tile * Tile.Width);

    /// <summary>Lanes that kernels handle in a tile: its samples rounded up to 16.</summary>
    public int LanesOf(int tile) => Tile.RoundUp(CountOf(tile));
}
