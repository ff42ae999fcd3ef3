using System.Runtime.InteropServices;
using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;
using TicketBot.Research.Stages;

namespace TicketBot.Research.Transfer;

/// <summary>The network of the source: what every transfer starts from.</summary>
internal static class SourceNetwork
{
    private const int Patience = 8;

    /// <summary>Trains it; the step is chosen by the source's validation rows. A pure function of rows, setup and seed.</summary>
    public static byte[] Train(TransferRows rows, TransferSetup setup, ulong seed, CancellationToken cancellationToken)
    {
        var network = Fresh(setup, seed, "source");
        var options = setup.Single(rows.SourceTrain.Rows) with { EarlyStopPatience = Patience };
        Trainer.Train(
            network, MaskSet.Full(network), rows.SourceTrain, rows.SourceValidation, options, new Rng(StageHash.Seed("source order", seed)),
            _ => !cancellationToken.IsCancellationRequested);
        cancellationToken.ThrowIfCancellationRequested();
        return [.. network.CaptureWeights().SelectMany(values => MemoryMarshal.AsBytes<float>(values).ToArray())];
    }

    /// <summary>Returns a network with the stored weights.</summary>
    public static Network Load(TransferSetup setup, byte[] bytes)
    {
        var network = new Network(setup.Architecture);
        var values = MemoryMarshal.Cast<byte, float>(bytes);
        foreach (var parameter in network.Parameters)
        {
            values[..parameter.Values.Length].CopyTo(parameter.Values);
            values = values[parameter.Values.Length..];
        }

        return network;
    }

    /// <summary>Returns a network with drawn weights.</summary>
    public static Network Fresh(TransferSetup setup, ulong seed, string purpose)
    {
        var rng = new Rng(StageHash.Seed("first weights", purpose, seed));
        return Network.Create(setup.Architecture, ref rng);
    }
}
