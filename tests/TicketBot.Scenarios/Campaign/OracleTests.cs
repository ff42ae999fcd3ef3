using TicketBot.Domain;
using TicketBot.Simulator.Faults;
using TicketBot.Storage;

namespace TicketBot.Scenarios.Campaign;

/// <summary>The oracle must see what it is there to see: each test does one forbidden thing behind the trader's back.</summary>
public sealed class OracleTests
{
    private static readonly Symbol Bitcoin = new("BTCUSDT");

    [Fact]
    public async Task It_has_nothing_to_say_about_a_clean_play_in_which_positions_were_opened_and_closed()
    {
        await using var scene = await Scene.SetAsync(1);
        var trader = scene.Start();
        await trader.FinishAsync();
        Assert.Empty(await Oracle.ExamineAsync(scene, trader.Options));
        Assert.True(scene.Read((_, account) => account.FillCount) >= 4);
    }

    [Fact]
    public async Task It_sees_an_order_that_nobody_intended_and_a_position_that_the_journal_does_not_know()
    {
        await using var scene = await Scene.SetAsync(2);
        var trader = scene.Start(new Blade(c => c.Place == CutPlace.BeforeCommit, 5));
        Assert.True(await trader.CutAsync());
        await trader.DisposeAsync();
        scene.Server.Faults.Add(new FaultRule { Kind = FaultKind.ManualTrade, Symbol = Bitcoin, Side = Side.Buy, Quantity = 0.005m });
        scene.Move(10);
        var breaks = await Oracle.ExamineAsync(scene, trader.Options);
        Assert.Contains(breaks, b => b.StartsWith("I1", StringComparison.Ordinal));
        Assert.Contains(breaks, b => b.StartsWith("I2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_sees_a_stored_candle_that_is_not_the_markets()
    {
        await using var scene = await Scene.SetAsync(3);
        var trader = scene.Start();
        await trader.FinishAsync();
        using (var store = SqliteCandleStore.Open(scene.FileOf("market.db")))
        {
            var series = scene.Market.Series[0];
            var candle = scene.Market.History(series)[^1];
            await store.WriteAsync(series.Symbol, series.Interval, [candle with { High = candle.High + 1 }], CancellationToken.None);
        }

        Assert.Contains(await Oracle.ExamineAsync(scene, trader.Options), b => b.StartsWith("I7", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_sees_money_that_the_journal_does_not_know()
    {
        await using var scene = await Scene.SetAsync(4);
        var trader = scene.Start();
        await trader.FinishAsync();
        scene.Server.Faults.Add(new FaultRule { Kind = FaultKind.Transfer, Amount = 12 });
        Assert.Contains(await Oracle.ExamineAsync(scene, trader.Options), b => b.StartsWith("I8", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_sees_a_position_without_a_stop_while_the_trader_does_nothing_about_it()
    {
        // Neither the trader's own watch nor a reading of the account can be in time.
        await using var scene = await Scene.SetAsync(5, new SceneOptions { LiveCandles = 8, Trading = o => (o.StopConfirmationMs, o.ReconcileMs) = (59_000, 600_000) });
        scene.Server.Faults.Add(new FaultRule { Kind = FaultKind.LoseStop });
        var trader = scene.Start();
        await trader.FinishAsync();
        var breaks = await Oracle.ExamineAsync(scene, trader.Options);
        Assert.Contains(breaks, b => b.StartsWith("I3", StringComparison.Ordinal) && b.Contains("without a stop", StringComparison.Ordinal));
        Assert.Contains(breaks, b => b.Contains("carries no stop", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_sees_an_entry_larger_than_the_limit()
    {
        await using var scene = await Scene.SetAsync(6, new SceneOptions { Trading = o => (o.MaxPositionFraction, o.MaxGrossFraction) = (0.3m, 0.5m) });
        var trader = scene.Start();
        await trader.FinishAsync();
        trader.Options.MaxPositionFraction = 0.02m;
        Assert.Contains(await Oracle.ExamineAsync(scene, trader.Options), b => b.StartsWith("I4", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_blade_that_falls_leaves_nothing_of_the_open_batch_on_disk_and_lets_nothing_out()
    {
        await using var scene = await Scene.SetAsync(7);
        var trader = scene.Start(new Blade(c => c.Place == CutPlace.BeforeCommit && c.What.Contains("intent", StringComparison.Ordinal)));
        Assert.True(await trader.CutAsync());
        await trader.DisposeAsync();
        var journal = await Running.JournalFile.ReadAsync(scene.FileOf("journal.db"));
        Assert.Empty(journal.Intents);
        Assert.Equal(0, scene.Read((_, account) => account.OrderCount));
        Assert.DoesNotContain(trader.Sent, s => s.StartsWith("/v5/order/create", StringComparison.Ordinal));
    }
}
