using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace TicketBot.Market.Features;

/// <summary>Standardises feature rows with the mean and standard deviation of training rows; clips to plus or minus
/// <see cref="ClipAt"/>. Immutable; two scalers are equal when their hashes are.</summary>
public sealed record Scaler
{
    /// <summary>Largest magnitude after scaling.</summary>
    public const float ClipAt = 8f;

    // Below this share of the feature's magnitude a deviation is rounding noise of float rows, so the feature counts as constant.
    private const double ConstantBelow = 1e-6;

    private readonly float[] _means;
    private readonly float[] _deviations;

    /// <summary>Makes a scaler of fitted values.</summary>
    /// <param name="means"><c>[features]</c>.</param>
    /// <param name="deviations"><c>[features]</c>, each above zero.</param>
    /// <exception cref="ArgumentException">The counts differ or are zero, or a value is not finite, or a deviation is not above zero.</exception>
    public Scaler(IReadOnlyList<float> means, IReadOnlyList<float> deviations)
    {
        if (means.Count == 0 || means.Count != deviations.Count)
        {
            throw new ArgumentException(
                $"means and deviations must have the same number of entries, at least 1, had {means.Count} and {deviations.Count}");
        }

        for (var i = 0; i < means.Count; i++)
        {
            if (!float.IsFinite(means[i]) || !float.IsFinite(deviations[i]) || deviations[i] <= 0)
            {
                throw new ArgumentException(
                    $"means must be finite and deviations above zero, feature {i} had {means[i]} and {deviations[i]}");
            }
        }

        _means = [.. means];
        _deviations = [.. deviations];
        Hash = HashOf(_means, _deviations);
    }

    /// <summary>Training means, <c>[features]</c>.</summary>
    public IReadOnlyList<float> Means => _means;

    /// <summary>Training standard deviations, <c>[features]</c>; 1 where a feature was constant.</summary>
    public IReadOnlyList<float> Deviations => _deviations;

    /// <summary>SHA-256 (hex) of the fitted values.</summary>
    public string Hash { get; }

    /// <summary>Fits on rows, <c>[rows, features]</c> row-major: the training rows and nothing else.</summary>
    /// <exception cref="ArgumentException">There is no row, the length is no multiple of <paramref name="features"/>, or a value is not finite.</exception>
    public static Scaler Fit(ReadOnlySpan<float> rows, int features)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        if (rows.Length == 0 || rows.Length % features != 0)
        {
            throw new ArgumentException(
                $"rows must be a whole number of rows of {features} features, at least one, had {rows.Length} values", nameof(rows));
        }

        var count = rows.Length / features;
        var means = new double[features];
        var squares = new double[features];
        for (var i = 0; i < rows.Length; i++)
        {
            if (!float.IsFinite(rows[i]))
            {
                throw new ArgumentException($"feature values must be finite, row {i / features}, feature {i % features} was {rows[i]}", nameof(rows));
            }

            means[i % features] += rows[i];
        }

        for (var f = 0; f < features; f++)
        {
            means[f] /= count;
        }

        for (var i = 0; i < rows.Length; i++)
        {
            var deviation = rows[i] - means[i % features];
            squares[i % features] += deviation * deviation;
        }

        var deviations = new float[features];
        for (var f = 0; f < features; f++)
        {
            var deviation = Math.Sqrt(squares[f] / count);
            deviations[f] = deviation <= ConstantBelow * Math.Abs(means[f]) || (float)deviation <= 0 ? 1f : (float)deviation;
        }

        return new Scaler(Array.ConvertAll(means, m => (float)m), deviations);
    }

    /// <summary>Scales one row into <paramref name="destination"/> (may be the same memory).</summary>
    /// <exception cref="ArgumentException">A length is not the number of features, or a value is not a number.</exception>
    public void Apply(ReadOnlySpan<float> row, Span<float> destination)
    {
        if (row.Length != _means.Length || destination.Length != _means.Length)
        {
            throw new ArgumentException(
                $"row and destination must have {_means.Length} features, had {row.Length} and {destination.Length}");
        }

        // Lanes are features, each on its own: a lane and the remainder below have the same bits. A lane that is not finite stops it, and is named there.
        var done = 0;
        for (; done + Vector256<float>.Count <= row.Length; done += Vector256<float>.Count)
        {
            var values = Vector256.Create(row[done..]);
            if (!Vector256.LessThanOrEqualAll(Vector256.Abs(values), Vector256.Create(float.MaxValue)))
            {
                break;
            }

            var scaled = (values - Vector256.Create(_means.AsSpan(done))) / Vector256.Create(_deviations.AsSpan(done));
            Vector256.Min(Vector256.Max(scaled, Vector256.Create(-ClipAt)), Vector256.Create(ClipAt)).CopyTo(destination[done..]);
        }

        for (var i = done; i < row.Length; i++)
        {
            if (!float.IsFinite(row[i]))
            {
                throw new ArgumentException($"feature values must be finite, feature {i} was {row[i]}", nameof(row));
            }

            destination[i] = Math.Clamp((row[i] - _means[i]) / _deviations[i], -ClipAt, ClipAt);
        }
    }

    /// <summary>Scales rows one by one into <paramref name="destination"/> (may be the same memory), both <c>[rows, features]</c> row-major.</summary>
    /// <exception cref="ArgumentException">The lengths differ or are no whole number of rows, or a value is not a number.</exception>
    public void ApplyEach(ReadOnlySpan<float> rows, Span<float> destination)
    {
        if (rows.Length != destination.Length || rows.Length % _means.Length != 0)
        {
            throw new ArgumentException($"rows and destination must be the same number of rows of {_means.Length} features, had {rows.Length} and {destination.Length} values");
        }

        for (var at = 0; at < rows.Length; at += _means.Length)
        {
            Apply(rows.Slice(at, _means.Length), destination.Slice(at, _means.Length));
        }
    }

    /// <summary>Returns whether the hashes are equal.</summary>
    public bool Equals(Scaler? other) => other is not null && Hash == other.Hash;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode(StringComparison.Ordinal);

    private static string HashOf(float[] means, float[] deviations)
    {
        var bytes = new byte[8 * means.Length];
        for (var i = 0; i < means.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(8 * i), means[i]);
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan((8 * i) + 4), deviations[i]);
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
