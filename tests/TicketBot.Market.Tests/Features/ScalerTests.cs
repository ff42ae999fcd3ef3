using FsCheck;
using FsCheck.Fluent;
using TicketBot.Market.Features;

namespace TicketBot.Market.Tests.Features;

/// <summary>Invariants: training rows have mean 0 and deviation 1 after scaling; rows outside the training span have no say.</summary>
public sealed class ScalerTests
{
    [Fact]
    public void Training_rows_are_standard_after_scaling()
    {
        var chance = new Chance(3);
        var rows = Enumerable.Range(0, 3_000).Select(i => (float)(i % 3 == 0 ? 5 + (0.1 * chance.Normal()) : 100 * chance.Normal())).ToArray();
        var scaler = Scaler.Fit(rows, 3);
        for (var r = 0; r < 1_000; r++)
        {
            scaler.Apply(rows.AsSpan(3 * r, 3), rows.AsSpan(3 * r, 3));
        }

        for (var f = 0; f < 3; f++)
        {
            var column = Enumerable.Range(0, 1_000).Select(r => (double)rows[(3 * r) + f]).ToList();
            Assert.Equal(0, column.Average(), 1e-4);
            Assert.Equal(1, Math.Sqrt(column.Average(v => v * v)), 1e-4);
        }
    }

    [Fact]
    public void Rows_after_the_training_span_never_change_it() =>
        Prop.ForAll(Gen.Choose(0, 199).Zip(Gen.Choose(0, int.MaxValue)).ToArbitrary(), input =>
        {
            var chance = new Chance((ulong)input.Item2);
            var rows = Enumerable.Range(0, 800).Select(_ => (float)chance.Normal()).ToArray();
            var before = Scaler.Fit(rows.AsSpan(0, 400), 4);
            rows[400 + (2 * input.Item1)] = 1e9f;
            Assert.Equal(before, Scaler.Fit(rows.AsSpan(0, 400), 4));
            rows[2 * input.Item1] = 1e9f;
            Assert.NotEqual(before, Scaler.Fit(rows.AsSpan(0, 400), 4));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Clips_and_leaves_a_constant_feature_at_zero()
    {
        var scaler = Scaler.Fit([1f, 0.1f, 3f, 0.1f, 2f, 0.1f], 2);
        Assert.Equal(1f, scaler.Deviations[1]);
        var row = new float[2];
        scaler.Apply([1_000f, 0.1f], row);
        Assert.Equal([Scaler.ClipAt, 0f], row);
        scaler.Apply([-1_000f, 0.1f], row);
        Assert.Equal(-Scaler.ClipAt, row[0]);
    }

    [Fact]
    public void A_copy_of_its_values_is_the_same_scaler()
    {
        var scaler = Scaler.Fit([1f, 2f, 3f, 5f, 8f, 13f], 2);
        Assert.Equal(scaler, new Scaler(scaler.Means, scaler.Deviations));
        Assert.NotEqual(scaler.Hash, new Scaler(scaler.Means, [.. scaler.Deviations.Select(MathF.BitIncrement)]).Hash);
    }

    [Fact]
    public void Refuses_what_cannot_be_scaled()
    {
        Assert.Throws<ArgumentException>(() => Scaler.Fit([], 2));
        Assert.Throws<ArgumentException>(() => Scaler.Fit([1f, 2f, 3f], 2));
        Assert.Throws<ArgumentException>(() => Scaler.Fit([1f, float.NaN], 2));
        Assert.Throws<ArgumentException>(() => new Scaler([0f], [0f]));
        Assert.Throws<ArgumentException>(() => new Scaler([0f], [1f]).Apply([float.PositiveInfinity], new float[1]));
    }
}
