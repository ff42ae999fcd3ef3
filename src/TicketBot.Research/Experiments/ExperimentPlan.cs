namespace TicketBot.Research.Experiments;

/// <summary>What is searched and how, in words and numbers: with rows and a run store everything an experiment depends on.</summary>
public sealed record ExperimentPlan
{
    /// <summary>Gene list of the network; <c>dense:64,dense:32</c> by default.</summary>
    public string Architecture { get; init; } = "dense:64,dense:32";

    /// <summary><c>adam</c> (the default) or <c>sgd</c>.</summary>
    public string Optimizer { get; init; } = "adam";

    /// <summary>Step size, above 0; 0.0012 by default (Frankle and Carbin 2019).</summary>
    public double LearningRate { get; init; } = 0.0012;

    /// <summary>Momentum of sgd, 0 to below 1; 0 by default.</summary>
    public double Momentum { get; init; }

    /// <summary>How the step size moves: <c>constant</c> (the default), <c>linear</c>, <c>cosine</c> or <c>onecycle</c>.</summary>
    public string Schedule { get; init; } = "constant";

    /// <summary>Rows of an update, at least 1; 60 by default (Frankle and Carbin 2019).</summary>
    public int Batch { get; init; } = 60;

    /// <summary>Updates of a training, at least 1; 1,000 by default.</summary>
    public int Steps { get; init; } = 1_000;

    /// <summary>Updates between two measurements of the validation loss, at least 1; 20 by default.</summary>
    public int EvaluateEvery { get; init; } = 20;

    /// <summary>How masks are found; iterative magnitude pruning by default.</summary>
    public ExperimentMethod Method { get; init; } = ExperimentMethod.Imp;

    /// <summary>Rounds of pruning, from 0 (dense only) to 100; 12 by default, which leaves 7 %. Methods that prune once go to the density these rounds would reach.</summary>
    public int Rounds { get; init; } = 12;

    /// <summary>Share of the remaining hidden weights that a round removes, above 0 to below 1; 0.2 by default (Frankle and Carbin 2019).</summary>
    public double Prune { get; init; } = 0.2;

    /// <summary>The same of the output layer, 0 to below 1; half of <see cref="Prune"/> by default (null; Frankle and Carbin 2019).</summary>
    public double? PruneOutput { get; init; }

    /// <summary>The same of recurrent weights, 0 to below 1; half of <see cref="Prune"/> by default (null).</summary>
    public double? PruneRecurrent { get; init; }

    /// <summary>Where the smallest weights are looked for: <c>layer</c> (the default) or <c>global</c>, where every neuron keeps two inputs.</summary>
    public string Scope { get; init; } = "layer";

    /// <summary>Step whose weights a ticket starts from again, from 0 (the default, the drawn weights) to below <see cref="Steps"/>.</summary>
    public int RewindStep { get; init; }

    /// <summary><c>weights</c> (the default): weights, schedule and data order go back. <c>rate</c>: the trained weights are kept, schedule and data order go back
    /// (learning-rate rewinding, Renda et al. 2020).</summary>
    public string Rewind { get; init; } = "weights";

    /// <summary>What the ticket is compared with; all three by default.</summary>
    public IReadOnlyList<ExperimentControl> Controls { get; init; } = [ExperimentControl.Reinit, ExperimentControl.Shuffled, ExperimentControl.Random];

    /// <summary>Searches on permuted labels, from 0; by default (null) 20 up to 64 inputs, else 0.</summary>
    public int? NullDraws { get; init; }

    /// <summary>Independent repetitions, at least 1; 5 by default.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>First seed; the others follow it one by one. 1 by default.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Stops a seed's rounds once the ticket's lowest validation loss exceeds the dense network's by this share, above 0; null (the default) runs all rounds.</summary>
    public double? StopLossRise { get; init; }
}
