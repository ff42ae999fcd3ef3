using TicketBot.Learning.Layers;
using TicketBot.Learning.Losses;

namespace TicketBot.Learning.Training;

/// <summary>A loss on the hidden features of a batch whose first samples are of one domain and whose others are of the other.</summary>
internal abstract class DomainObjective : IDisposable
{
    /// <summary>Share of the samples of the last batch that a discriminator put in their domain, both domains weighing alike; null without one.</summary>
    public virtual double? DomainAccuracy => null;

    /// <summary>Adds <paramref name="weight"/> times its gradient to that of the features and returns its value without the weight.</summary>
    public abstract double Run(Flow features, in Pass pass, double weight);

    /// <summary>Updates what the objective itself learns by the gradients of the last run.</summary>
    public virtual void Apply(double rate)
    {
    }

    public virtual void Dispose()
    {
    }
}

/// <summary>A distance between two sets of features as an objective.</summary>
internal sealed class DistanceObjective(FeatureDistanceFunction function, int source) : DomainObjective
{
    public override double Run(Flow features, in Pass pass, double weight) => function.Run(features, source, pass, weight);
}
