using TicketBot.Market;
using TicketBot.Research.Diagnostics;
using TicketBot.Research.LotteryTickets;
using TicketBot.Research.Stages;

namespace TicketBot.Research.Tests.Diagnostics;

public sealed class TicketDiagnosisTests
{
    [Fact]
    public async Task A_found_ticket_is_diagnosed_whole_and_its_diagnosis_survives_json()
    {
        var options = Markets.Options(2);
        var prepared = Preparation.Of(Markets.Input("planted:0.8", 1, 10_000), options, new MarketOptions(), Markets.Trading(), null, null);
        var stages = new StageRunner(new MemoryRunStore(), 2);
        var search = new TicketSearch(prepared, options, stages, (_, _) => { });
        await search.PoolAsync(default);
        var found = (await search.RegimesAsync(default))[0];

        var diagnosis = await TicketDiagnosis.RunAsync(prepared, search, found, options, stages, default);
        var made = stages.Made;
        var again = await TicketDiagnosis.RunAsync(prepared, search, found, options, stages, default);
        var json = diagnosis.ToJson();

        Assert.Equal(json, again.ToJson());
        Assert.Equal(made, stages.Made); // Everything was read back.
        Assert.Equal(json, TicketDiagnostics.FromJson(json).ToJson());
        Assert.Contains("\"lossBarrier\":", json, StringComparison.Ordinal);
        Assert.Equal(["dense to ticket", "ticket, two data orders", "dense, two data orders"], diagnosis.Barriers.Select(b => b.Name));
        Assert.All(diagnosis.Barriers, b => Assert.Equal(30, b.Points.Count));
        Assert.True(diagnosis.Stability.Answers.PValue < 0.05);
        Assert.Equal("ticket", diagnosis.Overlap.Names[0]);
        Assert.Contains(prepared.Regimes.Set.Names[1], diagnosis.Overlap.Names);
        Assert.Equal(prepared.Dataset.Schema.Names, diagnosis.Survival.Features.Select(f => f.Feature));
        Assert.Equal(1, diagnosis.Survival.Features.Sum(f => f.TicketShare!.Value), 9);
        Assert.All(diagnosis.Survival.Features, f => Assert.Equal(f.Share > diagnosis.Survival.NullHigh, f.Survives));
        Assert.Equal(1, diagnosis.Levels[0].Remaining);
        Assert.Equal(search.Densities.Count + 1, diagnosis.Levels.Count);
        Assert.All(diagnosis.Levels.Skip(1), level => Assert.InRange(level.Random!.Accuracy, 0.4, 0.8));
        Assert.Equal(search.Densities[0].TicketLoss, diagnosis.Levels[1].Ticket.Loss);
    }
}
