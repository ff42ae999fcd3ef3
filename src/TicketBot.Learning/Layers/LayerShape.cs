namespace TicketBot.Learning.Layers;

/// <summary>What flows between two layers for one sample: <c>[steps][channels]</c>. Without a window there is one step.</summary>
internal readonly record struct LayerShape(int Steps, int Channels)
{
    /// <summary>Values of one sample.</summary>
    public int Rows => Steps * Channels;
}
