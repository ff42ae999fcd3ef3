using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Domain;
using TicketBot.Market;
using TicketBot.Research.ArchitectureSearch;
using TicketBot.Research.ArchitectureSearch.Candles;
using TicketBot.Research.Stages;
using TicketBot.Tickets;

namespace TicketBot.Research.Tests.ArchitectureSearch.Candles;

public sealed class CandleSearchTests
{
    private static readonly ArchitectureSearchPlan Plan = new()
    {
        Trials = 6, Population = 4, Tournament = 2, Places = 2, Widths = [4, 8], Epochs = 2, Finalists = 3, RetestSeeds = 2,
    };

    [Fact]
    public async Task Every_trial_is_in_the_ledger_over_the_candles_it_looked_at_and_every_finalist_over_the_rows_that_judge()
    {
        var (runs, ledger) = (new MemoryRunStore(), new MemoryTrialLedger());
        var input = Markets.Input("random", 1, 6_000);
        var report = await RunAsync(input, runs, ledger);

        Assert.True(report.TrialSpan.Until <= report.TestSpan.From);
        var trials = await ledger.ListAsync(input.Symbol, report.TrialSpan.From, report.TrialSpan.Until, default);
        Assert.Equal(6, trials.Count);
        Assert.Equal(report.Search.Trials.Select(t => $"search trial {t.Number}: {CandleSearch.NameOf(t.Architecture)}"), trials.Select(t => t.What)); // In the order of the asks.
        Assert.Equal(report.Search.Trials.Select(t => -t.ValidationLoss), trials.Select(t => t.Score));
        Assert.All(trials, t => Assert.Equal(report.TrialSpan, (t.From, t.Until)));
        var finalists = await ledger.ListAsync(input.Symbol, report.TestSpan.From, report.TestSpan.Until, default);
        Assert.Equal(3, finalists.Count);
        Assert.All(finalists, t => Assert.Equal((report.TestSpan, true), ((t.From, t.Until), t.What.StartsWith("search finalist: ", StringComparison.Ordinal))));
        Assert.Equal(9, report.Entered);
        Assert.Equal(9, await ledger.CountAsync(input.Symbol, report.TrialSpan.From, report.TestSpan.Until, default));
        Assert.All(finalists, t => Assert.NotNull(TrialReturns.ReadAsync(runs, t, default).Result));

        await RunAsync(input, runs, ledger);
        Assert.Equal(9, await ledger.CountAsync(input.Symbol, report.TrialSpan.From, report.TestSpan.Until, default)); // The same search again is no further trial.
        await RunAsync(input, runs, ledger, Plan with { Seed = 2 });
        Assert.Equal(18, await ledger.CountAsync(input.Symbol, report.TrialSpan.From, report.TestSpan.Until, default));
    }

    [Fact]
    public async Task Rows_that_judge_never_enter_the_search()
    {
        var input = Markets.Input("planted:0.8", 2, 6_000);
        var plain = await RunAsync(input, new MemoryRunStore(), new MemoryTrialLedger());
        Candle[] changed = [.. input.Candles.Select(c => c.OpenTime < plain.TestSpan.From
            ? c
            : c with { Open = c.Open * 1.02, High = c.High * 1.05, Low = c.Low * 0.9, Close = c.Close * 0.95, Volume = 3 * c.Volume })];
        var fed = await RunAsync(input with { Candles = changed }, new MemoryRunStore(), new MemoryTrialLedger());

        Assert.Contains(input.Candles, c => c.OpenTime >= plain.TestSpan.From);
        Assert.Equal(plain.Search.Trials, fed.Search.Trials);
        Assert.Equal(plain.Search.Front, fed.Search.Front);
        Assert.Equal(plain.Choice.Finalist.Architecture, fed.Choice.Finalist.Architecture);
        Assert.Equal(plain.Choice.Reason, fed.Choice.Reason);
        Assert.Equal(plain.Search.Finalists.Select(f => f.ConfirmedScore), fed.Search.Finalists.Select(f => f.ConfirmedScore));
        Assert.NotEqual(plain.Search.Finalists.Select(f => f.RetestScore), fed.Search.Finalists.Select(f => f.RetestScore));
    }

    // Rows, scaler and blocks are those of the factory's first fold: whatever judges a ticket lies behind everything that its architecture was chosen by.
    [Fact]
    public void The_rows_are_the_oldest_folds_and_what_judges_begins_where_they_end()
    {
        var (input, options) = (Markets.Input("random", 3, 8_000), Markets.Options());
        options.Folds = 3;
        var rows = CandleSearchRows.Of(input, options, new MarketOptions(), Markets.Trading(), 1);
        var newest = Preparation.Of(input, options, new MarketOptions(), Markets.Trading(), null, null);
        var second = Preparation.Of(Fold.Until(newest), options, new MarketOptions(), Markets.Trading(), null, null);
        var oldest = Preparation.Of(Fold.Until(second), options, new MarketOptions(), Markets.Trading(), null, null);

        Assert.Equal(oldest.Split, rows.Prepared.Split);
        Assert.Equal(oldest.Rows.Scaler, rows.Prepared.Rows.Scaler);
        Assert.Equal(oldest.Rows.Train.Features, rows.Rows.Train.Features);
        Assert.Equal(oldest.Rows.Validation.Labels, rows.Rows.Validation.Labels);
        Assert.Equal(oldest.Split.Test.Count, rows.Rows.Test.Rows);
        Assert.Equal(second.Split.Test.Start, oldest.Split.Test.End);
        Assert.True(rows.TrialSpan.Until <= oldest.Dataset.OpenOf(oldest.Split.Test.Start));
    }

    [Fact]
    public async Task Tickets_are_drawn_from_the_chosen_architecture_and_judged_at_the_count_of_the_ledger()
    {
        var ledger = new MemoryTrialLedger();
        var input = Markets.Input("planted:0.8", 4, 6_000);
        var report = await RunAsync(input, new MemoryRunStore(), ledger, drawsTickets: true, options: o => (o.Epochs, o.Densities) = (10, "0.3"));

        var tickets = report.Tickets!;
        Assert.NotEmpty(tickets.Tickets);
        Assert.All(tickets.Tickets, t => Assert.Equal(report.Choice.Finalist.Architecture, t.Architecture.Genes));
        Assert.All(tickets.Tickets, t => Assert.True(t.Lineage.TestedUntil > report.TestSpan.Until));
        Assert.Equal(report.Search.Finalists.Count + tickets.Tickets.Select(t => t.IsPooled ? "" : t.Regime).Distinct().Count(), tickets.Report.Family);
        Assert.All(tickets.Tickets, t => Assert.Equal(9, t.Gates.Judgements.Count));
    }

    [Fact]
    public async Task Networks_that_read_a_window_are_searched_and_become_tickets()
    {
        const int Steps = 4;
        var report = await RunAsync(
            Markets.Input("random", 5, 5_000), new MemoryRunStore(), new MemoryTrialLedger(), Plan with { Kinds = [Research.ArchitectureSearch.Spaces.GeneKind.Gru, Research.ArchitectureSearch.Spaces.GeneKind.Conv1D] },
            drawsTickets: true, window: Steps, options: o => (o.Epochs, o.Densities, o.Folds) = (3, "0.3", 1));

        Assert.Contains("of gru, conv1d", report.Search.Space, StringComparison.Ordinal);
        Assert.All(report.Tickets!.Tickets, t => Assert.Equal((Steps, report.Choice.Finalist.Architecture), (t.Architecture.Window, t.Architecture.Genes)));
    }

    [Fact]
    public async Task A_search_cut_short_goes_on_where_it_stood_and_ends_the_same()
    {
        var (runs, ledger) = (new MemoryRunStore(), new MemoryTrialLedger());
        var input = Markets.Input("random", 6, 6_000);
        using var cut = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(input, runs, ledger, progress: p =>
        {
            if (p.Done == 3)
            {
                cut.Cancel();
            }
        }, cancellationToken: cut.Token));
        var resumed = await RunAsync(input, runs, ledger);
        var whole = await RunAsync(input, new MemoryRunStore(), new MemoryTrialLedger());

        Assert.True(resumed.Search.Reused >= 3, $"{resumed.Search.Reused}");
        Assert.Equal(whole.Search.Trials, resumed.Search.Trials);
        Assert.Equal(whole.Choice.Reason, resumed.Choice.Reason);
        Assert.Equal(9, await ledger.CountAsync(input.Symbol, resumed.TrialSpan.From, resumed.TestSpan.Until, default));
    }

    [Fact]
    public void A_simpler_finalist_is_chosen_within_one_standard_error_of_the_best_and_not_beyond_it()
    {
        // Paired by row: what both find hard alike is no difference, so the wide spread of the losses themselves decides nothing.
        var best = FinalistOf("dense:64", 1_000, row => row % 7);
        var near = FinalistOf("dense:8", 100, row => (row % 7) + (row % 2 == 0 ? 0.5 : -0.499));
        var worse = FinalistOf("dense:4", 50, row => (row % 7) + 0.01);
        var larger = FinalistOf("dense:128", 5_000, row => row % 7);

        Assert.Equal("dense:8", FinalistChoice.Of([best, near, worse, larger], 5, 500, 1).Finalist.Architecture);
        Assert.Contains("within one standard error", FinalistChoice.Of([best, near], 5, 500, 1).Reason, StringComparison.Ordinal);
        Assert.Equal("dense:64", FinalistChoice.Of([best, worse, larger], 5, 500, 1).Finalist.Architecture);
        Assert.Contains("none has fewer parameters", FinalistChoice.Of([best, larger], 5, 500, 1).Reason, StringComparison.Ordinal);
    }

    private static FinalistReport FinalistOf(string architecture, long parameters, Func<int, double> lossOf)
    {
        double[] losses = [.. Enumerable.Range(0, 400).Select(lossOf)];
        return new FinalistReport
        {
            Architecture = architecture, Parameters = parameters, SearchScore = 0, ConfirmedScore = -losses.Average(), RetestScore = 0, RetestLow = 0, RetestHigh = 0, TestAccuracy = 0.5,
            ConfirmedLosses = losses,
        };
    }

    private static Task<CandleSearchReport> RunAsync(
        SearchInput input, IRunStore runs, ITrialLedger ledger, ArchitectureSearchPlan? plan = null, bool drawsTickets = false, int window = 1, Action<ResearchOptions>? options = null,
        Action<ArchitectureSearchProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var research = Markets.Options(2);
        options?.Invoke(research);
        return new CandleSearch(research, new MarketOptions(), Markets.Trading(), TimeProvider.System, NullLogger<TicketFactory>.Instance).RunAsync(
            new CandleSearchRequest { Input = input, Plan = plan ?? Plan, Window = window, DrawsTickets = drawsTickets, Progress = progress }, runs, ledger, cancellationToken);
    }
}
