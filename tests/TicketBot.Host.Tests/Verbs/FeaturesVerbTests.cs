using TicketBot.Domain;
using TicketBot.Market.Features;
using TicketBot.Storage.Csv;
using TicketBot.Testing;

namespace TicketBot.Host.Tests.Verbs;

public sealed class FeaturesVerbTests
{
    private static readonly string[] SmallFits = ["--set", "Market:Regimes:FirstFitRows=300", "--set", "Market:Regimes:RefitRows=200"];

    [Fact]
    public async Task One_row_per_candle_whose_cells_are_the_features_of_the_schema()
    {
        using var folder = new VerbFolder();
        var rows = await RowsAsync(folder, folder.Candles(900));
        var schema = FeatureSchema.Default();
        Assert.Equal(901, rows.Length);
        Assert.Equal(["open_time_ms", .. schema.Names, "regime"], rows[0][..(schema.Names.Count + 2)]);
        Assert.All(rows, r => Assert.Equal(rows[0].Length, r.Length));

        var table = FeatureTable.Build(schema, new Symbol("BTCUSDT"), Interval.FifteenMinutes, CandleCsv.Read(folder["test_BTCUSDT_15m.csv"]).Candles);
        for (var i = 0; i < 900; i++)
        {
            string[] features = rows[i + 1][1..(schema.Names.Count + 1)];
            var row = table.RowOfCandle(i);
            Assert.Equal(row < 0 ? [.. features.Select(_ => "")] : [.. table.Row(row).ToArray().Select(v => v.ToString("R", System.Globalization.CultureInfo.InvariantCulture))], features);
        }

        Assert.True(table.Rows is > 0 and < 900);
    }

    [Fact]
    public async Task The_regime_is_empty_before_the_first_fit_and_its_probabilities_sum_to_one_after()
    {
        using var folder = new VerbFolder();
        var rows = await RowsAsync(folder, folder.Candles(900));
        var regime = Array.IndexOf(rows[0], "regime");
        Assert.Equal("", rows[200][regime]);
        Assert.NotEqual("", rows[900][regime]);
        foreach (var row in rows.Skip(1))
        {
            var probabilities = row[(regime + 1)..];
            if (row[regime].Length == 0)
            {
                Assert.All(probabilities, p => Assert.Equal("", p));
            }
            else
            {
                Assert.Equal(1, probabilities.Sum(p => double.Parse(p, System.Globalization.CultureInfo.InvariantCulture)), 9);
            }
        }
    }

    [Fact]
    public async Task No_row_depends_on_a_later_candle()
    {
        using var folder = new VerbFolder();
        var whole = await RowsAsync(folder, folder.Candles(900));
        var path = folder["test_BTCUSDT_15m.csv"];
        await File.WriteAllLinesAsync(path, (await File.ReadAllLinesAsync(path)).Take(701));
        Assert.Equal(whole.Take(701), await RowsAsync(folder, path));
    }

    [Fact]
    public async Task A_reference_of_another_interval_is_refused()
    {
        using var folder = new VerbFolder();
        CandleCsv.Write(folder["test_ETHUSDT_1h.csv"], RandomCandles.Walk(50, 2, Interval.OneHour));
        var (code, _, error) = await folder.RunAsync("features", "--data", folder.Candles(50), "--reference", folder["test_ETHUSDT_1h.csv"], "--output", folder["f.csv"]);
        Assert.Equal(2, code);
        Assert.Contains("one interval", error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["f.csv"]));
    }

    [Fact]
    public async Task A_reference_adds_its_features()
    {
        using var folder = new VerbFolder();
        var candles = folder.Candles(400);
        var (code, document) = await folder.JsonAsync("features", "--data", candles, "--reference", folder.Candles(400, 2, "ETHUSDT"), "--output", folder["f.csv"]);
        Assert.Equal(0, code);
        Assert.Equal(FeatureSchema.Default(new Symbol("ETHUSDT"), false).Names.Count, document.GetProperty("features").GetInt32());
        Assert.True(document.GetProperty("features").GetInt32() > FeatureSchema.Default().Names.Count);
    }

    private static async Task<string[][]> RowsAsync(VerbFolder folder, string data)
    {
        var (code, document) = await folder.JsonAsync(["features", "--data", data, "--output", folder["features.csv"], .. SmallFits]);
        Assert.Equal(0, code);
        var rows = (await File.ReadAllLinesAsync(folder["features.csv"])).Select(l => l.Split(',')).ToArray();
        Assert.Equal(rows.Length - 1, document.GetProperty("rows").GetInt32());
        return rows;
    }
}
