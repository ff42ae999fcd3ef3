using TicketBot.Research.ArchitectureSearch;
using TicketBot.Research.ArchitectureSearch.Strategies;
using TicketBot.Research.ArchitectureSearch.Tabular;
using TicketBot.Research.Stages;

namespace TicketBot.Research.Tests.ArchitectureSearch.Tabular;

/// <summary>Strategies by look-ups in a table of trainings. The whole figures, 500 repeats, are made by the benchmark <c>search repeats</c>.</summary>
public sealed class TabularBenchmarkTests
{
    private const int Repeats = 100;
    private const int Trials = 60;

    private static readonly TabularBenchmark Table =
        TabularBenchmark.Read(TabularTask.Space, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "ArchitectureSearch", "Golden", "search-table.tsv")));

    [Theory]
    [InlineData("evolution")]
    [InlineData("reinforce")]
    public void Strategies_that_learn_beat_random_search_beyond_chance(string name)
    {
        var (random, own) = (Regrets("random"), Regrets(name));
        var half = 1.96 * Math.Sqrt((Variance(random) + Variance(own)) / Repeats);
        Assert.True(random.Average() - own.Average() > half, $"{name} {own.Average()}, random {random.Average()}, half an interval {half}");
    }

    [Fact]
    public void The_regret_never_falls_below_zero_and_ends_near_it_when_everything_is_tried()
    {
        var regrets = Table.RegretOf(SearchStrategies.Create(new ArchitectureSearchPlan { Strategy = "random" }, Table.Space, 1), 400);
        Assert.Equal(400, regrets.Count);
        Assert.All(regrets, regret => Assert.True(regret >= 0));
        Assert.True(regrets[^1] < regrets[0]);
    }

    [Fact]
    public void A_table_comes_back_from_its_text_and_one_with_a_gap_is_refused()
    {
        var text = Table.Text();
        Assert.Equal(Table.Entries, TabularBenchmark.Read(TabularTask.Space, text).Entries);
        var lines = text.Split('\n');
        var fault = Assert.Throws<FormatException>(() => TabularBenchmark.Read(TabularTask.Space, string.Join('\n', lines.Where((_, i) => i != 7))));
        Assert.Contains($"not '{lines[7].Split('\t')[0]}' of the space", fault.Message, StringComparison.Ordinal);
        Assert.Contains("line 3: expected an architecture and four numbers", Assert.Throws<FormatException>(() => TabularBenchmark.Read(TabularTask.Space, $"{lines[0]}\n{lines[1]}\nbroken")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Training_a_table_again_gives_its_numbers()
    {
        var small = new Research.ArchitectureSearch.Spaces.ArchitectureSpace(TabularTask.Space.Options with { Places = 1, Kinds = [Research.ArchitectureSearch.Spaces.GeneKind.Dense], Widths = [8], Skips = false });
        var made = await TabularBenchmark.TrainAsync(small, TabularTask.Make(), new MemoryRunStore(), 2, null, default);
        Assert.Equal(3, made.Entries.Count);
        Assert.All(made.Entries, entry => Assert.Equal(Table.Entries.Single(other => other.Genes == entry.Genes).ValidationLoss, entry.ValidationLoss, 5e-7));
    }

    private static double[] Regrets(string name) => [.. Enumerable.Range(0, Repeats).Select(i => Table.RegretOf(
        SearchStrategies.Create(new ArchitectureSearchPlan { Strategy = name, Population = 15 }, Table.Space, StageHash.Seed("repeat", name, i)), Trials)[^1])];

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
    }
}
