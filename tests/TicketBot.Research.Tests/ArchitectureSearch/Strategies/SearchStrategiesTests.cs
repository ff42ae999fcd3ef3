using TicketBot.Learning;
using TicketBot.Research.ArchitectureSearch;
using TicketBot.Research.ArchitectureSearch.Spaces;
using TicketBot.Research.ArchitectureSearch.Strategies;

namespace TicketBot.Research.Tests.ArchitectureSearch.Strategies;

public sealed class SearchStrategiesTests
{
    private static readonly ArchitectureSpace Space = new(new SpaceOptions { Inputs = 4, Outputs = 2, Window = 6, Places = 3 });

    // Those that learn from rows before they ask have tests of their own beside them.
    public static TheoryData<string> Names => [.. SearchStrategies.Names.Except(["darts", "supernet"])];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Asking_again_and_telling_the_same_gives_the_same_search(string name)
    {
        var (first, second) = (await PlayAsync(name, 120, 1), await PlayAsync(name, 120, 1));
        Assert.Equal(120, first.Count);
        Assert.Equal(first, second);
        Assert.Equal(first.Take(40), await PlayAsync(name, 40, 1));
        Assert.NotEqual(first, await PlayAsync(name, 120, 2));
    }

    // A landscape with one summit, so that whoever learns from what it is told comes nearer than chance.
    [Theory]
    [InlineData("evolution")]
    [InlineData("nsga2")]
    [InlineData("reinforce")]
    [InlineData("reinforce-recurrent")]
    [InlineData("mutate-best")]
    [InlineData("gaussian-process")]
    public async Task What_is_told_leads_to_fitter_candidates_than_chance(string name)
    {
        double Last(IReadOnlyList<Candidate> asked) => asked.TakeLast(40).Average(FitnessOf);
        var random = (await Task.WhenAll(Enumerable.Range(1, 3).Select(seed => PlayAsync("random", 300, (ulong)seed)))).Average(Last);
        var learned = (await Task.WhenAll(Enumerable.Range(1, 3).Select(seed => PlayAsync(name, 300, (ulong)seed)))).Average(Last);
        Assert.True(learned > random + 0.5, $"{learned} against {random}");
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_known_ones()
    {
        var refusal = Assert.Throws<ResearchRefusedException>(() => SearchStrategies.Create(new ArchitectureSearchPlan { Strategy = "luck" }, Space, 1));
        Assert.Contains("--strategy: expected random, evolution, nsga2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_space_that_is_used_up_ends_the_search()
    {
        var space = new ArchitectureSpace(new SpaceOptions { Inputs = 2, Outputs = 2, Places = 1, Widths = [16, 32], Activations = [Activation.Relu], Dropouts = [0.0], Skips = false });
        var asked = new List<Candidate>();
        var loop = new AskTellLoop(new RandomSearch(space, 1), 10, 4);
        await loop.RunAsync(candidate => (Add(asked, candidate), Task.FromResult(new Outcome(0, [0.0]))), () => true, () => { });
        Assert.True(loop.IsExhausted);
        Assert.Equal(["", "dense:16", "dense:32"], asked.Select(c => c.Architecture.Genes).Order(StringComparer.Ordinal));
    }

    private static async Task<IReadOnlyList<Candidate>> PlayAsync(string name, int trials, ulong seed)
    {
        var asked = new List<Candidate>();
        var strategy = SearchStrategies.Create(new ArchitectureSearchPlan { Strategy = name }, Space, seed);
        await new AskTellLoop(strategy, trials, 8).RunAsync(
            candidate =>
            {
                asked.Add(candidate);
                var fitness = FitnessOf(candidate);
                return (true, Task.FromResult(new Outcome(fitness, [-fitness, Math.Log(candidate.Architecture.ParameterCount) / 100])));
            },
            () => true, () => { });
        return asked;
    }

    private static bool Add(List<Candidate> asked, Candidate candidate)
    {
        asked.Add(candidate);
        return true;
    }

    // Points for long memories of width 64 and for reading the mean.
    private static double FitnessOf(Candidate candidate) => candidate.Architecture.Layers.Sum(gene => gene switch
    {
        Gene.Lstm { Width: 64 } => 2.0,
        Gene.Lstm => 1.0,
        Gene.Pool { Kind: Pooling.Mean } => 1.0,
        _ => 0.0,
    });
}
