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
}
