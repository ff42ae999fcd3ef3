using TicketBot.Learning;
using TicketBot.Research.ArchitectureSearch.Latency;

namespace TicketBot.Research.Tests.ArchitectureSearch.Latency;

public sealed class LatencyTableTests
{
    [Fact]
    public void A_grid_gives_its_points_back_and_follows_powers_between_and_beyond_them()
    {
        var grid = new LatencyGrid("dense", [.. from i in (int[])[4, 16] from o in (int[])[8, 32] from s in (int[])[1, 10] select new LatencyEntry("dense", i, o, s, 0.01 * i * o * o * s)]);
        Assert.Equal(0.01 * 4 * 32 * 32 * 10, grid.At(4, 32, 10), 9);
        Assert.Equal(0.01 * 9 * 20 * 20 * 3, grid.At(9, 20, 3), 9);
        Assert.Equal(0.01 * 64 * 128 * 128 * 40, grid.At(64, 128, 40), 6);
    }

    [Fact]
    public void A_table_comes_back_from_its_text_with_the_same_hash_and_predictions()
    {
        var table = SearchRows.Latency();
        var again = LatencyTable.Read(table.Text());
        var architecture = Architecture.Parse("conv1d:8x3/gelu,lstm:16+0,attention:8x4,dense:4,mean", 3, 2, 8);
        Assert.Equal(table.Hash, again.Hash);
        Assert.Equal(table.PredictUs(architecture), again.PredictUs(architecture));
        Assert.True(table.PredictUs(architecture) > table.PredictUs(Architecture.Parse("conv1d:8x3/gelu,lstm:16,dense:4,mean", 3, 2, 8)));
    }

    [Theory]
    [InlineData("{}", "expected a latency table with machine, entries and rates")]
    [InlineData("no json", "expected a latency table as JSON")]
    [InlineData("{\"machine\":\"m\",\"entries\":[],\"rates\":[]}", "head is missing, measure it again")]
    [InlineData("{\"machine\":\"m\",\"entries\":[{\"kind\":\"head\",\"inputs\":1,\"outputs\":2,\"steps\":1,\"microseconds\":0}],\"rates\":[]}", "no full grid of 1 x 1 x 1 sizes with times above 0")]
    public void What_is_no_table_is_refused_with_the_reason(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => LatencyTable.Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Measuring_one_network_takes_the_least_of_many_slices_so_a_hundred_times_the_work_is_seen()
    {
        var small = LatencyMeter.MeasureUs(Architecture.Parse("dense:16", 16, 2));
        var large = LatencyMeter.MeasureUs(Architecture.Parse("dense:256,dense:256", 256, 2));
        Assert.True(large > 5 * small, $"{large} against {small}");
    }
}
