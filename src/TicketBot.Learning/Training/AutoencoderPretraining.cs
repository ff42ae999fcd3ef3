using TicketBot.Learning.Losses;
using TicketBot.Learning.Pruning;

namespace TicketBot.Learning.Training;

/// <summary>Learns the lower genes of a network without labels: they encode rows so that a decoder can write the rows again (Hinton and Salakhutdinov 2006).</summary>
public static class AutoencoderPretraining
{
    /// <summary>Returns the autoencoder of a network: its genes up to one of them, a hidden layer as wide as the first weighted gene, and a linear output per value of a row.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="gene">Last gene of the encoder, from 1.</param>
    public static Architecture DecoderOf(Architecture architecture, int gene)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(gene, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(gene, architecture.Layers.Count);
        int width = architecture.Parameters.First(shape => shape.IsPrunable).Rows;
        string genes = string.Join(',', architecture.Layers.Take(gene).Select(layer => layer.ToString()));
        return Architecture.Parse($"{genes},dense:{width}", architecture.Inputs, architecture.RowLength, architecture.Window);
    }

    /// <summary>Trains the autoencoder and copies its encoder into the network.</summary>
    /// <param name="network">The network; its genes up to <paramref name="gene"/> get the learned values.</param>
    /// <param name="gene">Last gene of the encoder, from 1.</param>
    /// <param name="rows">Rows to learn from; labels are not read.</param>
    /// <param name="validation">Rows to choose the step by, or null.</param>
    /// <param name="options">How; the loss is that of reconstruction whatever stands there, and layer rates are not read.</param>
    /// <param name="rng">Stream of the first weights and the data order.</param>
    /// <param name="continueAfter">As in <see cref="Trainer.Train"/>.</param>
    /// <exception cref="ArgumentException">Sets and network do not fit together, or an option is out of range.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a weight is no longer finite.</exception>
    public static TrainingResult Train(
        Network network, int gene, TrainingSet rows, TrainingSet? validation, TrainingOptions options, Rng rng, Func<TrainingMoment, bool>? continueAfter = null)
    {
        Rng first = rng.Split(1);
        Network autoencoder = Network.Create(DecoderOf(network.Architecture, gene), ref first);
        TrainingResult result = Trainer.Train(
            autoencoder, MaskSet.Full(autoencoder), rows, validation, options with { Loss = new Loss.Reconstruction(), ValidationLoss = null, LayerRates = null }, rng.Split(2), continueAfter);
        for (int p = 0; p < network.Parameters.Count && network.Parameters[p].Shape.Layer <= gene; p++)
        {
            autoencoder.Parameters[p].Values.CopyTo(network.Parameters[p].Values, 0);
        }

        return result;
    }
}
