namespace TicketBot.Learning.Pruning;

/// <summary>What a mask leaves of one weight array.</summary>
/// <param name="Name">Name of the parameter.</param>
/// <param name="Remaining">Surviving weights.</param>
/// <param name="Total">All weights.</param>
public sealed record LayerDensity(string Name, int Remaining, int Total)
{
    /// <summary>Surviving share, 0..1.</summary>
    public double Density => (double)Remaining / Total;
}
