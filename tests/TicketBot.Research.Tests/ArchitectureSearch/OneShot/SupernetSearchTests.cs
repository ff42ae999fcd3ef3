using System.Globalization;
using TicketBot.Learning;
using TicketBot.Research.ArchitectureSearch.OneShot;
using TicketBot.Research.ArchitectureSearch.Spaces;
using TicketBot.Research.ArchitectureSearch.Strategies;
using TicketBot.Research.Stages;

namespace TicketBot.Research.Tests.ArchitectureSearch.OneShot;

public class SupernetSearchTests
{
    // One supernet serves both halves of the test: first training alone is made to know nothing, then to agree with what the supernet said of the same sample.
    [Fact]
    public async Task A_supernet_is_refused_unless_training_alone_agrees_and_then_finds_memory()
    {
        var space = OneShotRows.Space();
        var store = new MemoryRunStore();
        var said = new List<string>();
        var refused = new SupernetSearch(space, 3);
        await refused.PrepareAsync(OneShotRows.Context(space, store, Unrelated, report: said.Add), CancellationToken.None);

        Assert.True(refused.Agreement!.Value.Lower < SupernetSearch.LeastAgreement);
        Assert.Contains("refused", Assert.Single(refused.Remarks), StringComparison.Ordinal);
        Assert.Contains("must reach 0.3", refused.Remarks[0], StringComparison.Ordinal);
        var random = new RandomSearch(space, StageHash.Seed("supernet refused", 3UL));
        for (var ask = 0; ask < 10; ask++)
        {
            Assert.Equal(random.Ask(), refused.Ask());
        }

        var inherited = said.Where(line => line.Contains("with inherited weights, ", StringComparison.Ordinal)).Select(line => line.Split([": ", " with inherited"], StringSplitOptions.None))
            .ToDictionary(parts => parts[0], parts => double.Parse(parts[1], CultureInfo.InvariantCulture));
        Assert.InRange(inherited.Count, SupernetSearch.LeastSample, SupernetSearch.SampleSize);
        var used = new SupernetSearch(space, 3);
        var context = OneShotRows.Context(space, store, (candidate, _) => Task.FromResult(inherited[candidate.ToString()]), threads: 1);
        await used.PrepareAsync(context, CancellationToken.None);

        Assert.Equal((0, 1), (context.Stages.Made, context.Stages.Reused));
        Assert.True(used.Agreement!.Value.Lower > 0.9, used.Remarks[0]);
        Assert.Contains("the supernet is used", Assert.Single(used.Remarks), StringComparison.Ordinal);
        for (var ask = 0; ask < 5; ask++)
        {
            Assert.Contains(used.Ask()!.Architecture.Layers, gene => gene is Gene.Lstm or Gene.Gru or Gene.Conv1D or Gene.Attention);
        }

        static Task<double> Unrelated(Candidate candidate, CancellationToken token) => Task.FromResult(new Rng(StageHash.Seed("noise", candidate)).NextDouble());
    }

    [Fact]
    public async Task Too_small_a_space_cannot_show_an_agreement()
    {
        var space = OneShotRows.Space(places: 2, kinds: [GeneKind.Identity, GeneKind.Dense, GeneKind.Lstm]);
        var strategy = new SupernetSearch(space, 3);

        await strategy.PrepareAsync(OneShotRows.Context(space, new MemoryRunStore(), (_, _) => throw new InvalidOperationException("nothing is trained alone here")), CancellationToken.None);

        Assert.Null(strategy.Agreement);
        Assert.Contains("refused", strategy.Remarks[0], StringComparison.Ordinal);
        Assert.NotNull(strategy.Ask());
    }
}
