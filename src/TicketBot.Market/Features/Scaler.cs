namespace TicketBot.Market.Features;

/// <summary>Standardises feature rows with the mean and standard deviation of training rows; clips to plus or minus <see cref="ClipAt"/>.</summary>
public sealed record Scaler
{
    /// <summary>Largest magnitude after scaling.</summary>
    public const float ClipAt = 8f;

    /// <summary>Makes a scaler of fitted values.</summary>
    /// <param name="means"><c>[features]</c>.</param>
    /// <param name="deviations"><c>[features]</c>, each above zero.</param>
    public Scaler(IReadOnlyList<float> means, IReadOnlyList<float> deviations) => throw new NotImplementedException();

    /// <summary>Training means, <c>[features]</c>.</summary>
    public IReadOnlyList<float> Means => throw new NotImplementedException();

    /// <summary>Training standard deviations, <c>[features]</c>; 1 where a feature was constant.</summary>
    public IReadOnlyList<float> Deviations => throw new NotImplementedException();

    /// <summary>SHA-256 (hex) of the fitted values.</summary>
    public string Hash => throw new NotImplementedException();

    /// <summary>Fits on rows, <c>[rows, features]</c> row-major.</summary>
    public static Scaler Fit(ReadOnlySpan<float> rows, int features) => throw new NotImplementedException();

    /// <summary>Scales one row into <paramref name="destination"/> (may be the same memory).</summary>
    public void Apply(ReadOnlySpan<float> row, Span<float> destination) => throw new NotImplementedException();
}
