using TicketBot.Storage.Csv;
using TicketBot.Testing;

namespace TicketBot.Storage.Tests.Csv;

public sealed class RecordedCandlesTests
{
    [DataFact]
    public void Every_recorded_file_is_read_whole_and_without_fault()
    {
        var files = Directory.GetFiles(RecordedData.Folder!, "*.csv.gz");
        Assert.NotEmpty(files);
        foreach (var path in files)
        {
            if (path.EndsWith("_funding.csv.gz", StringComparison.Ordinal))
            {
                Assert.NotEmpty(FundingCsv.Read(path));
            }
            else
            {
                var file = CandleCsv.Read(path);
                Assert.True(file.Candles.Count > 500, path);
                Assert.All(file.Candles, candle => Assert.Equal(file.Interval.OpenOf(candle.OpenTime), candle.OpenTime));
            }
        }
    }

    [DataFact("bybit_BTCUSDT_15m.csv.gz")]
    public async Task A_recorded_file_survives_the_store_and_a_copy_to_the_bit()
    {
        using var folder = new TemporaryFolder();
        var file = CandleCsv.Read(RecordedData.PathOf("bybit_BTCUSDT_15m.csv.gz"));
        using var store = SqliteCandleStore.Open(folder["market.db"]);
        await store.WriteAsync(file.Symbol, file.Interval, file.Candles, CancellationToken.None);
        var stored = await store.ReadAsync(file.Symbol, file.Interval, null, null, CancellationToken.None);
        Assert.Equal(file.Candles, stored);
        CandleCsv.Write(folder["copy_BTCUSDT_15m.csv.gz"], stored);
        Assert.Equal(file.Candles, CandleCsv.Read(folder["copy_BTCUSDT_15m.csv.gz"]).Candles);
    }
}
