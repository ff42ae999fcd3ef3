using TicketBot.Learning.Training;

namespace TicketBot.Learning.Pruning;

/// <summary>Dynamic sparse training (Evci et al., Rigging the Lottery, 2020): from time to time the smallest weights of each layer give their places to the masked
/// weights with the largest gradients. Every layer, and every gate of a recurrent one, keeps its number of weights. Starts from a drawn mask (<see cref="RandomTopology"/>)
/// or goes on from a ticket and its weights, which it then fits to newer data at constant cost.</summary>
/// <remarks>As in the paper a move takes the place of an update: the batch of that step is run once through the whole matrices, masked weights being zero, and its
/// gradient decides. All other steps touch surviving weights only. A dropped weight whose gradient is large enough comes back with value and moments, as in
/// the authors' code; others start at zero with zero moments. Of equal gradients the weight that lived goes first, so a batch that teaches nothing moves nothing.
/// <see cref="Trainer.Resume"/> knows nothing of moves: after an interruption train again from the start, which gives the same bits.</remarks>
public static class RigL
{
    /// <summary>Trains the network in place and leaves it with the weights of its best validation, or of its last step without a validation set.</summary>
    /// <param name="network">A freshly drawn network, or the weights of a ticket; weights outside the mask are set to zero first.</param>
    /// <param name="mask">Which weights live at the start.</param>
    /// <param name="train">Rows to learn from.</param>
    /// <param name="validation">Rows to choose the step by; null trains to the end.</param>
    /// <param name="training">Plan of the training; frozen layers keep their masks.</param>
    /// <param name="options">How often and how much weights move.</param>
    /// <param name="rng">Stream of the data order.</param>
    /// <param name="continueAfter">Called before the first and after every step; false ends training. Null never ends it.</param>
    /// <exception cref="ArgumentException">Sets, mask and network do not fit together, or an option is out of range.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a weight is no longer finite.</exception>
    public static RigLResult Train(
        Network network, MaskSet mask, TrainingSet train, TrainingSet? validation, TrainingOptions training, RigLOptions options, Rng rng, Func<TrainingMoment, bool>? continueAfter = null)
    {
        options.Validate();
        training.Validate();
        mask.RequireArchitecture(network.Architecture);
        var rewiring = new Rewiring(mask, options, training, training.PlannedSteps(train.Rows));
        TrainingResult result = Trainer.Run(network, mask, train, validation, training, rng, default, Watch, rewiring: rewiring);
        return new RigLResult { Training = result, Mask = validation is null ? rewiring.Mask : rewiring.BestMask, Moves = rewiring.Moves };

        bool Watch(TrainingMoment moment)
        {
            rewiring.Observe(moment);
            return continueAfter is null || continueAfter(moment);
        }
    }
}
