using TicketBot.Learning.Search;
using TicketBot.Learning.Training;
using TicketBot.Testing;

namespace TicketBot.Learning.Tests.Search;

public class DartsTests
{
    private const int Window = 8;

    private static readonly CellSpace Cell = new(2, 2, Window, 16, 2);
    private static readonly DartsOptions Short = new() { Training = new TrainingOptions { LearningRate = 5e-3, Schedule = LearningRateSchedule.Cosine, ClipNorm = 5.0, Epochs = 12 } };

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(1, 2)]
    public void A_search_keeps_operations_with_memory_where_skips_are_useless(ulong seed, int order)
    {
        DartsResult found = Darts.Search(Cell, MemoryTask.Of(1_000, Window, 4, 10), MemoryTask.Of(1_000, Window, 4, 11), Short with { Order = order }, new Rng(seed));
        double accuracy = MemoryTask.AccuracyOf(found.Architecture, MemoryTask.Of(2_000, Window, 4, 10), MemoryTask.Of(2_000, Window, 4, 12), 20, seed);

        Assert.Equal(DartsEnd.AllEpochs, found.End);
        Assert.True(found.ParameterFree < Cell.Positions, $"collapsed to {found.Architecture}");
        Assert.True(accuracy >= 0.95, $"{found.Architecture} reached {accuracy:P1}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_search_takes_skips_where_the_last_step_tells_all_and_rows_are_few(ulong seed)
    {
        DartsResult found = Darts.Search(Cell, MemoryTask.Of(400, Window, 0, 10, labelNoise: 0.2), MemoryTask.Of(400, Window, 0, 11, labelNoise: 0.2), Short, new Rng(seed));

        Assert.True(found.ParameterFree >= 1, $"no position without weights in {found.Architecture}");
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_with_any_number_of_searches_beside_it()
    {
        TrainingSet train = MemoryTask.Of(200, Window, 2, 10);
        TrainingSet validation = MemoryTask.Of(200, Window, 2, 11);
        DartsOptions options = Short with { Order = 2, Training = Short.Training with { Epochs = 4 } };
        string[] alone = [.. Enumerable.Range(0, 3).Select(seed => Once((ulong)seed))];
        string[] beside = new string[3];

        Parallel.For(0, 3, new ParallelOptions { MaxDegreeOfParallelism = 3 }, seed => beside[seed] = Once((ulong)seed));

        Assert.Equal(alone, beside);
        Assert.Equal(3, alone.Distinct().Count());

        string Once(ulong seed)
        {
            DartsResult result = Darts.Search(Cell, train, validation, options, new Rng(seed));
            return string.Join(' ', result.Strengths.SelectMany(row => row).Select(BitConverter.DoubleToInt64Bits)) + string.Join(' ', result.Epochs.Select(epoch => epoch.TrainLoss)) + result.Architecture;
        }
    }

    [Fact]
    public void Strengths_rest_while_weights_warm_up()
    {
        DartsResult found = Darts.Search(Cell, MemoryTask.Of(128, Window, 2, 10), MemoryTask.Of(128, Window, 2, 11), Short with { WarmupShare = 0.5 }, new Rng(1));

        Assert.All(found.Epochs.Take(6), epoch => Assert.Equal(found.Epochs[0].Strengths, epoch.Strengths));
        Assert.All(found.Epochs.Take(6), epoch => Assert.Null(epoch.ValidationLoss));
        Assert.All(found.Epochs.Skip(6), epoch => Assert.NotNull(epoch.ValidationLoss));
        Assert.NotEqual(found.Epochs[5].Strengths, found.Epochs[6].Strengths);
    }

    [Fact]
    public void Too_many_skips_end_the_search_with_the_strengths_before_them()
    {
        TrainingSet train = MemoryTask.Of(400, Window, 0, 10, labelNoise: 0.2);
        TrainingSet validation = MemoryTask.Of(400, Window, 0, 11, labelNoise: 0.2);
        DartsResult free = Darts.Search(Cell, train, validation, Short with { Selection = OperationSelection.Strongest }, new Rng(3));

        DartsResult limited = Darts.Search(Cell, train, validation, Short with { Selection = OperationSelection.Strongest, ParameterFreeLimit = 2 }, new Rng(3));

        Assert.Equal(2, free.ParameterFree);
        Assert.Equal(DartsEnd.ParameterFreeLimit, limited.End);
        Assert.True(limited.ParameterFree < 2, limited.Architecture.ToString());
        Assert.True(limited.Epochs.Count < free.Epochs.Count);
    }

    [Fact]
    public void A_growing_eigenvalue_ends_the_search_with_the_strengths_of_before()
    {
        DartsOptions options = Short with { WarmupShare = 0.0, Selection = OperationSelection.Strongest };
        TrainingSet train = MemoryTask.Of(400, Window, 2, 10);
        TrainingSet validation = MemoryTask.Of(400, Window, 2, 11);
        DartsResult whole = Search(1e-9);
        double[] eigenvalues = [.. whole.Epochs.Select(epoch => epoch.Eigenvalue!.Value)];
        double[] growth = [.. Enumerable.Range(6, 7).Select(count => eigenvalues[(count - 6)..(count - 3)].Average() / eigenvalues[(count - 3)..count].Average())];

        // A threshold that exactly one epoch passes first.
        double ratio = growth.Min() + 1e-6;
        int last = 6 + Array.FindIndex(growth, value => value < ratio);
        DartsResult watched = Search(ratio);

        Assert.Equal(DartsEnd.AllEpochs, whole.End);
        Assert.Equal(DartsEnd.Eigenvalue, watched.End);
        Assert.Equal(last, watched.Epochs.Count);
        Assert.Equal(whole.Epochs[last - 4].Strengths, watched.Strengths);

        DartsResult Search(double threshold) => Darts.Search(Cell, train, validation, options with { EigenvalueRatio = threshold }, new Rng(1));
    }

    [Fact]
    public void A_search_that_diverges_says_so() =>
        Assert.Throws<TrainingDivergedException>(() => Darts.Search(
            Cell, MemoryTask.Of(128, Window, 2, 10), MemoryTask.Of(128, Window, 2, 11),
            Short with { Training = new TrainingOptions { Optimizer = Optimizer.Sgd, LearningRate = 1e30 } }, new Rng(1)));

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        TrainingSet set = MemoryTask.Of(64, Window, 2, 10);

        Assert.Contains("Order", Refusal(Short with { Order = 3 }), StringComparison.Ordinal);
        Assert.Contains("SkipDropout", Refusal(Short with { SkipDropout = 1.0 }), StringComparison.Ordinal);
        Assert.Contains("EigenvalueRatio", Refusal(Short with { EigenvalueRatio = 1.5 }), StringComparison.Ordinal);

        string Refusal(DartsOptions options) => Assert.Throws<ArgumentException>(() => Darts.Search(Cell, set, set, options, new Rng(1))).Message;
    }
}
