using TicketBot.Learning.Losses;

namespace TicketBot.Learning.Training;

/// <summary>What makes the hidden features of two domains alike while a network learns its task; a closed family.</summary>
public abstract record Alignment
{
    private Alignment()
    {
    }

    internal abstract DomainObjective CreateObjective(int features, int source, int target, TrainingOptions training, Rng rng);

    /// <summary>A distance between the features of both domains is added to the loss: <see cref="FeatureDistance.Mmd"/> (Long et al. 2015) or
    /// <see cref="FeatureDistance.Coral"/> (Sun and Saenko 2016).</summary>
    /// <param name="Measure">The distance.</param>
    public sealed record Distance(FeatureDistance Measure) : Alignment
    {
        internal override DomainObjective CreateObjective(int features, int source, int target, TrainingOptions training, Rng rng) =>
            new DistanceObjective(Measure.CreateFunction(), source);
    }

    /// <summary>A discriminator learns to tell the domains apart by the features and hands its gradient back reversed (Ganin and Lempitsky 2015), so that the features learn to
    /// make it fail.</summary>
    public sealed record Adversary : Alignment
    {
        /// <summary>Gene list of the discriminator over the features; two hidden layers of 64 by default.</summary>
        public string Genes { get; init; } = "dense:64,dense:64";

        /// <summary>Factor of its step size over the network's, above 0; 1 by default.</summary>
        public double RateFactor { get; init; } = 1.0;

        internal override DomainObjective CreateObjective(int features, int source, int target, TrainingOptions training, Rng rng) =>
            new AdversaryObjective(this, features, source, target, training, rng);
    }
}
