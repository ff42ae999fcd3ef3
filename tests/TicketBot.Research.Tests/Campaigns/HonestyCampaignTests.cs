using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Market;
using TicketBot.Research.Campaigns;

namespace TicketBot.Research.Tests.Campaigns;

public sealed class HonestyCampaignTests
{
    [Fact]
    public async Task A_campaign_resumes_from_its_file_even_after_half_a_line()
    {
        var options = Markets.Options();
        options.HistoryCandles = 6_000;
        var campaign = new HonestyCampaign(options, new MarketOptions(), Markets.Trading(), TimeProvider.System, NullLoggerFactory.Instance);
        var file = Path.Combine(Path.GetTempPath(), $"campaign-{Environment.ProcessId}-{nameof(A_campaign_resumes_from_its_file_even_after_half_a_line)}.jsonl");
        try
        {
            File.Delete(file);
            var request = new CampaignRequest { Markets = [CampaignMarket.Parse("random", Domain.Interval.FifteenMinutes, _ => throw new NotSupportedException())], Seeds = 1, ForwardCandles = 0, ResultsFile = file };
            var first = await campaign.RunAsync(request, null, default);
            await File.AppendAllTextAsync(file, "{\"Market\":\"ran");
            var steps = new List<(int Done, int Of)>();
            var second = await campaign.RunAsync(request with { Seeds = 2 }, (done, of, _) => steps.Add((done, of)), default);

            Assert.Equal([(1, 2), (2, 2)], steps);
            Assert.Equal(first[0].Seconds, second[0].Seconds); // Read back, not searched again.
            Assert.Equal(2, (await File.ReadAllLinesAsync(file)).Length);
            Assert.All(second, e => Assert.False(e.IsEligible));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
