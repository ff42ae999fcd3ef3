using TicketBot.Domain;
using TicketBot.Research.Labels;

namespace TicketBot.Research.Tests.Labels;

// Every label of a path of 400 candles against numpy and pandas; a tolerance where sums are taken in another order, none elsewhere.
public sealed class GoldenLabelTests
{
    private const double Tolerance = 1e-11;
    private static readonly GoldenLabels Golden = GoldenLabels.All;

    [Fact]
    public void Volatility_is_that_of_pandas() =>
        AssertClose(Golden.Numbers("volatility"), EwmaVolatility.Of(Golden.Series, Golden.Whole("span")));

    [Fact]
    public void Realised_volatility_is_that_of_numpy()
    {
        var horizon = Golden.Whole("horizon");
        AssertClose(
            Golden.Numbers("realised")[..^horizon],
            [.. Enumerable.Range(0, Golden.Series.Count - horizon).Select(i => RealisedVolatility.Of(Golden.Series, i, horizon))]);
    }

    [Fact]
    public void Direction_is_that_of_the_closes()
    {
        var horizon = Golden.Whole("horizon");
        Assert.Equal(
            Golden.Numbers("direction")[..^horizon].Select(label => (int)label!.Value),
            Enumerable.Range(0, Golden.Series.Count - horizon).Select(i => DirectionLabel.Of(Golden.Series, i, horizon)));
    }

    [Theory]
    [InlineData("longs", Side.Buy)]
    [InlineData("shorts", Side.Sell)]
    public void Barriers_are_touched_where_the_outside_script_says(string name, Side side)
    {
        var volatility = EwmaVolatility.Of(Golden.Series, Golden.Whole("span"));
        var expected = Golden.Paths(name);
        for (var i = 0; i < expected.Length; i++)
        {
            var found = TripleBarrier.Of(Golden.Series, i, side, Golden.Rule, volatility[i]);
            Assert.Equal(expected[i] is null, found is null);
            if (expected[i] is { } path && found is { } label)
            {
                Assert.Equal((path.Touched, new LabelSpan(i, i + 1, path.Last)), ((int)label.Touched, label.Span));
                Assert.Equal(path.Return, label.Return, Tolerance);
            }
        }

        Assert.Equal([-1, 0, 1], expected.Where(p => p is not null).Select(p => p!.Value.Touched).Distinct().Order());
    }

    [Fact]
    public void Meta_labels_say_which_signals_paid()
    {
        var sides = Golden.Numbers("sides");
        var found = MetaLabel.Of(
            Golden.Series, [.. Enumerable.Range(0, sides.Length)], i => sides[i] is { } sign ? sign > 0 ? Side.Buy : Side.Sell : null,
            Golden.Rule, EwmaVolatility.Of(Golden.Series, Golden.Whole("span")), Golden.CostBp);
        Assert.Equal(Golden.Numbers("meta").Select(v => v is null ? (bool?)null : v > 0), found.Select(m => m?.Take));
    }

    [Fact]
    public void Concurrency_and_uniqueness_are_those_of_the_book()
    {
        var spans = Golden.Paths("longs").Select((path, i) => (path, i)).Where(p => p.path is not null)
            .Select(p => new LabelSpan(p.i, p.i + 1, p.path!.Value.Last)).ToList();
        var found = UniquenessWeights.Of(spans);
        var concurrency = Golden.Numbers("concurrency").Select(v => (int)v!.Value).ToArray();
        Assert.Equal(concurrency[found.First..(found.First + found.Concurrency.Length)], found.Concurrency.ToArray());
        Assert.Equal(concurrency.Sum(), found.Concurrency.ToArray().Sum());
        AssertClose(Golden.Numbers("uniqueness"), found.Average.ToArray());
        Assert.Equal(Golden.Numbers("uniqueness").Sum()!.Value, found.EffectiveCount, 1e-9);
    }

    private static void AssertClose(double?[] expected, double[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < found.Length; i++)
        {
            if (expected[i] is { } value)
            {
                Assert.Equal(value, found[i], Math.Max(1e-300, Tolerance * Math.Abs(value)));
            }
            else
            {
                Assert.True(double.IsNaN(found[i]), $"value {i} is {found[i]}, expected none");
            }
        }
    }
}
