using TicketBot.Research.Stages;

namespace TicketBot.Research.Tests;

public sealed class TicketDerivationTests
{
    [Fact]
    public async Task A_stored_ticket_is_diagnosed_from_what_its_search_left_and_refused_on_other_candles()
    {
        var input = Markets.Input("planted:0.8", 1, 10_000);
        var runs = new MemoryRunStore();
        var result = await Markets.Factory(Markets.Options(2)).IdentifyAsync(input, runs, new MemoryTrialLedger(), null, default);
        var ticket = result.Tickets[0];

        var searched = runs.Count;
        var diagnosis = await TicketDerivation.DiagnoseAsync(ticket, null, result.Regimes, input, runs, 2, null, default);
        var diagnosed = runs.Count;
        var again = await TicketDerivation.DiagnoseAsync(ticket, null, result.Regimes, input, runs, 1, null, default);
        Assert.Equal(diagnosis.ToJson(), again.ToJson());
        Assert.Equal(diagnosed, runs.Count); // Everything was read back.
        Assert.True(diagnosed > searched);
        Assert.Equal((ticket.Regime, ticket.Density, ticket.IsPooled), (diagnosis.Regime, diagnosis.Density, diagnosis.IsPooled));

        // The trainings of the search itself are not made again: an empty store needs them on top.
        var empty = new MemoryRunStore();
        await TicketDerivation.DiagnoseAsync(ticket, null, result.Regimes, input, empty, 2, null, default);
        Assert.True(empty.Count > diagnosed - searched);

        var parts = await TicketDerivation.RunAsync(ticket, null, result.Regimes, input, 2, null, default);
        Assert.All(parts, part => Assert.True(part.IsEqual, part.Text));

        var last = input.Candles[^400];
        var changed = input with { Candles = [.. input.Candles.SkipLast(400), last with { Volume = last.Volume + 1 }, .. input.Candles.TakeLast(399)] };
        var refusal = await Assert.ThrowsAsync<ResearchRefusedException>(() => TicketDerivation.DiagnoseAsync(ticket, null, result.Regimes, changed, runs, 2, null, default));
        Assert.Contains("cannot be made again", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("data: candles up to", refusal.Message, StringComparison.Ordinal);

        var flipped = ticket.Weights.Select(w => (float[])w.Clone()).ToList();
        flipped[0][0] += 1;
        refusal = await Assert.ThrowsAsync<ResearchRefusedException>(() => TicketDerivation.DiagnoseAsync(ticket with { Weights = flipped }, null, result.Regimes, input, runs, 2, null, default));
        Assert.Contains("other weights", refusal.Message, StringComparison.Ordinal);
    }
}
