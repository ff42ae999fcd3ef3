using TicketBot.Testing;

namespace TicketBot.Host.Tests.Verbs;

public sealed class RecordedFilesTests
{
    private const string Hourly = "bybit_BTCUSDT_1h.csv.gz";

    [DataFact(Hourly)]
    public async Task Features_of_a_recorded_file_have_a_row_for_every_candle_that_import_reads()
    {
        using var folder = new VerbFolder();
        var (imported, candles) = await folder.JsonAsync("import", "--data", RecordedData.PathOf(Hourly));
        var (written, features) = await folder.JsonAsync("features", "--data", RecordedData.PathOf(Hourly), "--output", folder["features.csv"]);
        Assert.Equal((0, 0), (imported, written));
        Assert.True(candles.GetProperty("candles").GetInt32() > 1_000);
        Assert.Equal(candles.GetProperty("candles").GetInt32(), features.GetProperty("rows").GetInt32());
    }
}
