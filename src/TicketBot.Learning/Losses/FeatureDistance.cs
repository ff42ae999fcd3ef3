using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Losses;

/// <summary>How far two sets of features lie apart; a closed family. Domain adaptation adds such a distance between hidden features to the loss. The same sets
/// give the same bits on every machine. Values that are not finite give a distance that is not a number; they are never passed over.</summary>
public abstract record FeatureDistance
{
    /// <summary>Samples of both sets together that are compared at most.</summary>
    public const int MaximumSamples = 8192;

    private FeatureDistance()
    {
    }

    /// <summary>Returns the distance of two sets of rows as it is reported; allocates its working memory, for <see cref="Mmd"/> the square of the samples.</summary>
    /// <param name="source"><c>[rows, features]</c>, row-major, finite; at least 2 rows.</param>
    /// <param name="target"><c>[rows, features]</c>, row-major, finite; at least 2 rows, not necessarily as many.</param>
    /// <param name="features">Features of a row, at least 1.</param>
    /// <exception cref="ArgumentException">A set has fewer than 2 rows or no whole rows, both have more than <see cref="MaximumSamples"/>, or a value is not finite.</exception>
    public double Between(ReadOnlySpan<float> source, ReadOnlySpan<float> target, int features)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        if (source.Length % features != 0 || target.Length % features != 0)
        {
            throw new ArgumentException($"expected whole rows of {features} features, found {source.Length} and {target.Length} values", nameof(source));
        }

        if ((long)source.Length + target.Length > (long)MaximumSamples * features)
        {
            throw new ArgumentException($"expected at most {MaximumSamples} rows in both sets, found {source.Length / features} and {target.Length / features}; compare a part of them", nameof(source));
        }

        FiniteCheck.Require(source, nameof(source));
        FiniteCheck.Require(target, nameof(target));
        return CreateFunction().Report(source, target, features, KernelForms.Best);
    }

    internal abstract FeatureDistanceFunction CreateFunction();

    /// <summary>Squared maximum mean discrepancy (Gretton et al. 2012) with several kernels (Long et al. 2015): mean k(s, s') + mean k(t, t') - 2 mean k(s, t), where k is the
    /// mean of five Gaussians e^(-|x - y|^2 / g), g = 1/4, 1/2, 1, 2, 4 times the median squared distance over all pairs of both sets. From 0 (alike) to at most 2; sees
    /// means, variances and every other moment.</summary>
    /// <remarks>In training the means run over all pairs, a sample with itself included (biased, never below 0 but for rounding), and the gradient does not follow the
    /// median. Reported are the means without those pairs (unbiased, around 0 for equal distributions, so sometimes below). Where the median is 0 the mean
    /// squared distance takes its place; if all samples are equal the distance is 0.</remarks>
    public sealed record Mmd : FeatureDistance
    {
        internal override FeatureDistanceFunction CreateFunction() => new KernelDistanceFunction();
    }

    /// <summary>Correlation alignment (Sun and Saenko 2016): the squared Frobenius norm of the difference of the covariances (divided by n - 1), over 4 d^2 for d
    /// features; in units of the features to the fourth. Blind to means and to everything beyond second moments.</summary>
    /// <remarks>Alone it is made small by features that do not vary: train with source labels beside it.</remarks>
    public sealed record Coral : FeatureDistance
    {
        internal override FeatureDistanceFunction CreateFunction() => new CovarianceDistanceFunction();
    }
}
