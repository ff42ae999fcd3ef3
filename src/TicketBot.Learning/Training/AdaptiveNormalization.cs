using TicketBot.Learning.Pruning;

namespace TicketBot.Learning.Training;

/// <summary>Adaptive batch normalisation (Li et al. 2017): the running statistics become those of another domain, every weight stays.</summary>
public static class AdaptiveNormalization
{
    /// <summary>True when there is something to renew.</summary>
    public static bool Applies(Architecture architecture) => architecture.Layers.Any(gene => gene is Gene.BatchNorm);

    /// <summary>Sets the running mean and variance of every batch normalisation to those of what it sees over a set, layer after layer.</summary>
    /// <param name="network">The network; without batch normalisation nothing happens.</param>
    /// <param name="set">Rows of the domain, at least 1; labels are not read.</param>
    /// <exception cref="ArgumentException">The rows are not this network's.</exception>
    public static void Renew(Network network, TrainingSet set)
    {
        if (set.Rows == 0 || set.RowLength != network.Architecture.RowLength)
        {
            throw new ArgumentException($"expected rows of {network.Architecture.RowLength} values for {network.Architecture}, at least one, found {set.Rows} rows of {set.RowLength}", nameof(set));
        }

        LinearConnectivity.RenewStatistics(network, set);
    }
}
