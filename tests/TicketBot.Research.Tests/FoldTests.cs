using TicketBot.Domain;
using TicketBot.Market;
using TicketBot.Research.Stages;

namespace TicketBot.Research.Tests;

public sealed class FoldTests
{
    private static readonly MarketOptions Market = new();

    [Fact]
    public async Task Out_of_sample_rows_of_the_folds_follow_each_other_without_a_hole_and_are_the_same_rows()
    {
        var (newest, folds) = await FoldsOf(Markets.Input("planted:0.8", 1, 10_000), 3);

        Assert.Equal(2, folds.Count);
        Assert.Equal(folds[1].Test.Start, folds[0].Test.End);
        Assert.Equal(newest.Split.Test.Start, folds[1].Test.End);
        foreach (var fold in folds)
        {
            var dataset = fold.Prepared.Dataset;
            Assert.Equal(dataset.Rows, fold.Test.End);
            Assert.Equal(newest.Dataset.Candles[..dataset.Rows], dataset.Candles);
            Assert.Equal(newest.Dataset.Labels[..dataset.Rows], dataset.Labels);
            Assert.Equal(newest.Dataset.Values[..dataset.Values.Length], dataset.Values);
            Assert.True(fold.Prepared.Split.Train.End < fold.Test.Start);
        }
    }

    [Fact]
    public async Task Nothing_an_earlier_fold_says_changes_with_later_candles()
    {
        var input = Markets.Input("planted:0.8", 2, 8_000);
        var (newest, folds) = await FoldsOf(input, 2);
        var fold = folds[0];
        var end = fold.Prepared.Candles.Count;
        Candle[] changed = [.. input.Candles.Select((c, i) => i < end ? c : c with { Open = c.Open * 1.02, High = c.High * 1.05, Low = c.Low * 0.9, Close = c.Close * 0.95, Volume = 3 * c.Volume })];
        var (_, again) = await FoldsOf(input with { Candles = changed }, 2);

        Assert.Equal(newest.Split.Test.Start, fold.Test.End);
        var rows = fold.RowsIn([.. fold.Prepared.Regimes.Set.Names]);
        Assert.NotEmpty(rows);
        Assert.Equal(rows, again[0].RowsIn([.. again[0].Prepared.Regimes.Set.Names]));
        Assert.Equal(fold.AnswersOf(rows, f => f.Network), again[0].AnswersOf(rows, f => f.Network));
        Assert.Equal(fold.AnswersOf(rows, f => f.Controls[1]), again[0].AnswersOf(rows, f => f.Controls[1]));
        Assert.Equal(fold.Linear[1].Rule.AnswersOf(rows), again[0].Linear[1].Rule.AnswersOf(rows));
    }

    [Fact]
    public async Task Too_few_candles_for_an_earlier_fold_leave_it_out_and_say_so()
    {
        var said = new List<string>();
        var options = Markets.Options();
        options.Folds = 4;
        options.MinTrainRows = 2_000;
        var newest = Preparation.Of(Markets.Input("random", 3, 5_000), options, Market, Markets.Trading(), null, null);
        var folds = await Fold.EarlierAsync(newest, options, Market, Markets.Trading(), new StageRunner(new MemoryRunStore(), 1), (_, text) => said.Add(text), default);

        Assert.Empty(folds);
        Assert.Contains("1 of 4 folds", Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ticket_is_judged_on_the_rows_of_all_folds()
    {
        var options = Markets.Options();
        var input = Markets.Input("planted:0.8", 1, 8_000);
        var two = (await Markets.Factory(options).IdentifyAsync(input, new MemoryRunStore(), new MemoryTrialLedger(), null, default)).Report;
        options.Folds = 1;
        var one = (await Markets.Factory(options).IdentifyAsync(input, new MemoryRunStore(), new MemoryTrialLedger(), null, default)).Report;

        Assert.Equal((2, 1), (two.Folds, one.Folds));
        Assert.InRange((double)two.TestRows / one.TestRows, 1.6, 1.75); // 0.3 of all, and 0.3 of the 0.7 before.
        Assert.True(two.Combined.Count > one.Combined.Count);
        Assert.Equal(one.Densities, two.Densities); // The newest fold's search is the same.
        Assert.Equal(one.Tickets.Select(t => t.ValidationLoss), two.Tickets.Select(t => t.ValidationLoss));
    }

    private static async Task<(Preparation Newest, IReadOnlyList<Fold> Folds)> FoldsOf(SearchInput input, int folds)
    {
        var options = Markets.Options(2);
        options.Folds = folds;
        options.Epochs = 10;
        var newest = Preparation.Of(input, options, Market, Markets.Trading(), null, null);
        return (newest, await Fold.EarlierAsync(newest, options, Market, Markets.Trading(), new StageRunner(new MemoryRunStore(), 2), (_, _) => { }, default));
    }
}
