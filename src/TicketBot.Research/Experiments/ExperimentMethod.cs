namespace TicketBot.Research.Experiments;

/// <summary>How an experiment comes to its mask.</summary>
public enum ExperimentMethod
{
    /// <summary>Iterative magnitude pruning with rewinding (Frankle and Carbin 2019; Frankle et al. 2020).</summary>
    Imp = 0,

    /// <summary>One magnitude pruning of the trained network to the last density.</summary>
    OneShot = 1,

    /// <summary>The mask of the magnitudes once it no longer moves, early in dense training (after You et al. 2020).</summary>
    EarlyBird = 2,

    /// <summary>Sensitivity of the loss to each weight, before training (Lee et al. 2019).</summary>
    Snip = 3,

    /// <summary>Synaptic flow without data, before training (Tanaka et al. 2020).</summary>
    SynFlow = 4,

    /// <summary>Dynamic sparse training that drops by magnitude and grows by gradient (Evci et al. 2020).</summary>
    RigL = 5,
}
