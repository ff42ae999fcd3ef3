namespace TicketBot.Learning.Layers;

/// <summary>Multiply-adds that the loops of a weight matrix ran, each counted once for all lanes of a tile: after one pass over one tile and step, every
/// count is that of the weights (of the surviving ones where the matrix is packed).</summary>
internal struct MatrixWork
{
    public long Forward;

    public long InputGradient;

    public long WeightGradient;
}
