namespace TicketBot.Benchmarks.Learning;

/// <summary>What every section works with.</summary>
/// <param name="Settings">The command line.</param>
/// <param name="Results">Where lines go.</param>
/// <param name="Peer">PyTorch, or null.</param>
/// <param name="Second">A second process of it, for two at once, or null.</param>
internal sealed record Bench(Settings Settings, Results Results, Peer? Peer, Peer? Second)
{
    /// <summary>The most floating-point operations a second of one core, in thousand millions, as the head of the report measured it.</summary>
    public required double Peak { get; init; }

    /// <summary>A request that the peer answers, or null without a peer or where it names an error.</summary>
    public PeerSide? Ask(Peer? peer, string request)
    {
        if (peer is null)
        {
            return null;
        }

        var side = new PeerSide(peer, request);
        try
        {
            side.Run(1);
            return side;
        }
        catch (InvalidOperationException error)
        {
            Console.Error.WriteLine($"{request}: {error.Message}");
            return null;
        }
    }
}
