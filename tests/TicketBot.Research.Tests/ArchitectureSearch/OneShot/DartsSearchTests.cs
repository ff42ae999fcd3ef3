using TicketBot.Learning;
using TicketBot.Research.ArchitectureSearch;
using TicketBot.Research.ArchitectureSearch.OneShot;
using TicketBot.Research.ArchitectureSearch.Spaces;
using TicketBot.Research.Experiments;
using TicketBot.Research.Stages;
using TicketBot.Testing;

namespace TicketBot.Research.Tests.ArchitectureSearch.OneShot;

public class DartsSearchTests
{
    [Fact]
    public async Task It_asks_for_genes_with_memory_first_and_then_varies_what_is_not_a_kind_of_gene()
    {
        var space = OneShotRows.Space();
        var store = new MemoryRunStore();
        var strategy = new DartsSearch(space, 7);
        await strategy.PrepareAsync(OneShotRows.Context(space, store, NotAsked), CancellationToken.None);

        var asked = Ask(strategy, 25);

        Assert.Contains(asked[0].Architecture.Layers, gene => gene is Gene.Lstm or Gene.Gru or Gene.Conv1D or Gene.Attention);
        Assert.Equal(25, asked.Distinct().Count());
        Assert.Equal(2, asked.Take(8).Select(candidate => candidate.Choices[1]).Distinct().Count());
        Assert.Contains("4 differentiable searches", strategy.Remarks[0], StringComparison.Ordinal);

        // Killed and begun again, with another number of threads: nothing is searched twice, and the same is asked.
        var again = new DartsSearch(space, 7);
        var context = OneShotRows.Context(space, store, NotAsked, threads: 1);
        await again.PrepareAsync(context, CancellationToken.None);
        Assert.Equal((0, 4), (context.Stages.Made, context.Stages.Reused));
        Assert.Equal(asked, Ask(again, 25));
        Assert.Equal(strategy.Remarks, again.Remarks);
    }

    [Fact]
    public async Task Too_few_rows_for_two_halves_are_refused()
    {
        var space = OneShotRows.Space();
        var few = new ExperimentRows(["up", "noise"], 8, 2, MemoryTask.Of(30, 8, 4, 1), MemoryTask.Of(30, 8, 4, 2), MemoryTask.Of(30, 8, 4, 3));
        var context = OneShotRows.Context(space, new MemoryRunStore(), NotAsked) with { Rows = few };

        var refusal = await Assert.ThrowsAsync<ResearchRefusedException>(async () => await new DartsSearch(space, 7).PrepareAsync(context, CancellationToken.None));
        Assert.Contains("30", refusal.Message, StringComparison.Ordinal);
    }

    private static Task<double> NotAsked(Candidate candidate, CancellationToken token) => throw new InvalidOperationException("nothing is trained alone here");

    private static List<Candidate> Ask(DartsSearch strategy, int count)
    {
        var asked = new List<Candidate>();
        while (asked.Count < count && strategy.Ask() is { } candidate)
        {
            asked.Add(candidate);
            strategy.Tell(candidate, new Outcome(-candidate.Architecture.ParameterCount, [0.0]));
        }

        return asked;
    }
}
