using TicketBot.Domain;
using TicketBot.Research.Stages;

namespace TicketBot.Research.Tests;

public sealed class TicketDerivationTests
{
    [Fact]
    public async Task A_ticket_is_made_again_bit_for_bit_from_its_lineage_and_a_flipped_bit_is_found()
    {
        var input = Markets.Input("planted:0.8", 7, 6_000);
        var made = await Markets.Factory(Markets.Options()).IdentifyAsync(input, new MemoryRunStore(), new MemoryTrialLedger(), null, default);
        var ticket = made.Tickets[0];
        // The store may have moved on meanwhile, and the caller's seed plays no part.
        var later = input with { AsOf = new Instant(input.AsOf.UnixMilliseconds + Instant.MillisecondsPerDay), Seed = 99 };
        var parts = await TicketDerivation.RunAsync(ticket, null, made.Regimes, later, 2, null, default);
        Assert.All(parts, part => Assert.True(part.IsEqual, $"{part.Name}: {part.Text}"));
        Assert.Equal(["settings", "data", "regimes", "scaler", "thetaK", "mask", "weights", "temperature", "similarity"], parts.Select(p => p.Name));

        var weights = ticket.Weights.Select(w => (float[])w.Clone()).ToList();
        var kept = Array.FindIndex(weights[0], w => w != 0);
        weights[0][kept] = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(weights[0][kept]) ^ 1);
        parts = await TicketDerivation.RunAsync(ticket with { Weights = weights }, null, made.Regimes, input, 1, null, default);
        Assert.Equal(["weights"], parts.Where(p => !p.IsEqual).Select(p => p.Name));
    }

    [Fact]
    public async Task Other_candles_and_other_settings_are_named_before_anything_is_trained()
    {
        var input = Markets.Input("planted:0.8", 7, 6_000);
        var made = await Markets.Factory(Markets.Options()).IdentifyAsync(input, new MemoryRunStore(), new MemoryTrialLedger(), null, default);
        var ticket = made.Tickets[0];
        var candles = input.Candles.ToList();
        candles[3_000] = candles[3_000] with { Volume = candles[3_000].Volume * 2 };
        var parts = await TicketDerivation.RunAsync(ticket, null, made.Regimes, input with { Candles = candles }, 1, null, default);
        Assert.Contains("data", parts.Where(p => !p.IsEqual).Select(p => p.Name));
        Assert.DoesNotContain("weights", parts.Select(p => p.Name));

        var edited = ticket with { Lineage = ticket.Lineage with { Settings = ticket.Lineage.Settings.Replace("\"Epochs\":40", "\"Epochs\":41", StringComparison.Ordinal) } };
        parts = await TicketDerivation.RunAsync(edited, null, made.Regimes, input, 1, null, default);
        Assert.Equal(["settings"], parts.Where(p => !p.IsEqual).Select(p => p.Name));

        parts = await TicketDerivation.RunAsync(ticket with { Lineage = ticket.Lineage with { Settings = "" } }, null, made.Regimes, input, 1, null, default);
        Assert.Contains("did not keep its settings", Assert.Single(parts).Text, StringComparison.Ordinal);
    }

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
