using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TicketBot.Domain;
using TicketBot.Storage.Csv;
using Interval = TicketBot.Domain.Interval;

namespace TicketBot.Storage.Tests.Csv;

/// <summary>Invariants: what is written is read back to the bit; every cut of a gzip file is noticed.</summary>
public sealed class CandleCsvTests : IDisposable
{
    private const string Header = "open_time_ms,open,high,low,close,volume,turnover\n";
    private const string Good = "1700000100000,100,110,90,105,7,735\n1700001000000,105,106,104,105.5,3,\n";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("bybit_BTCUSDT_15m.csv", false), InlineData("bybit_BTCUSDT_15m.csv.gz", true), InlineData("bybit_BTCUSDT_15m.csv", true)]
    public void Reads_plain_and_gzip_files_by_content(string name, bool packed)
    {
        var file = CandleCsv.Read(Write(name, Header + Good + "\n", packed));
        Assert.Equal((Candles.Btc, Interval.FifteenMinutes, 1), (file.Symbol, file.Interval, file.ApproximatedTurnovers));
        Assert.Equal(
            [
                new Candle(Candles.Start, 100, 110, 90, 105, 7, 735),
                new Candle(Candles.Start.Plus(900_000), 105, 106, 104, 105.5, 3, 3 * (106 + 104 + 105.5) / 3),
            ],
            file.Candles);
    }

    [Theory]
    [InlineData("us-equity_BTCUSDT_15m.csv", "sessions")]
    [InlineData("fx-oanda_BTCUSDT_15m.csv", "weekdays")]
    [InlineData("bybit_BTCUSDT_15m.csv", "always")]
    public void The_name_says_when_the_market_trades(string name, string hours)
    {
        var file = CandleCsv.Read(Write(name, Header + Good, packed: false));
        Assert.Equal((hours, hours), (file.Hours.Name, file.ToSeries().Hours.Name));
        Assert.Equal("always", CandleCsv.Read(Write("unnamed.csv", Header + Good, packed: false), Candles.Btc, Interval.FifteenMinutes).Hours.Name);
    }

    [Fact]
    public void Windows_line_ends_a_byte_order_mark_and_gaps_are_no_fault()
    {
        var text = "\uFEFF" + (Header + Good + "1700100000000,105,106,104,105.5,3,\n").Replace("\n", "\r\n", StringComparison.Ordinal);
        Assert.Equal(3, CandleCsv.Read(Write("x_BTCUSDT_5m.csv", text)).Candles.Count);
    }

    [Theory]
    [InlineData("1700001000000,1,1,1,1,1,\n", 4, "open_time_ms", "1700001000000", "twice")]
    [InlineData("1700000100000,1,1,1,1,1,\n", 4, "open_time_ms", "1700000100000", "ascend")]
    [InlineData("1700001900001,1,1,1,1,1,\n", 4, "open_time_ms", "1700001900001", "grid")]
    [InlineData("1700001900,1,1,1,1,1,\n", 4, "open_time_ms", "1700001900", "ascend")]
    [InlineData("2023-11-14,1,1,1,1,1,\n", 4, "open_time_ms", "2023-11-14", "milliseconds")]
    [InlineData("1700001900000,100,99,90,95,1,\n", 4, "high", "99", "bound")]
    [InlineData("1700001900000,100,110,101,105,1,\n", 4, "low", "101", "bound")]
    [InlineData("1700001900000,100,110,0,105,1,\n", 4, "low", "0", "above zero")]
    [InlineData("1700001900000,100,110,90,105,-1,\n", 4, "volume", "-1", "not negative")]
    [InlineData("1700001900000,100,110,90,105,1,-5\n", 4, "turnover", "-5", "not negative")]
    [InlineData("1700001900000,abc,110,90,105,1,\n", 4, "open", "abc", "number")]
    [InlineData("1700001900000,100,110,90,NaN,1,\n", 4, "close", "NaN", "finite")]
    [InlineData("1700001900000,100,110,90,Infinity,1,\n", 4, "close", "Infinity", "finite")]
    [InlineData("1700001900000,100,110,90,105,,\n", 4, "volume", "", "number")]
    [InlineData("1700001900000,\"100\",110,90,105,1,\n", 4, "open", "\"100\"", "number")]
    [InlineData("1700001900000,100,110,90,105,1\n", 4, "", "1700001900000,100,110,90,105,1", "7 columns")]
    [InlineData("1700001900000,100,110,90,105,1,2,3\n", 4, "", "1700001900000,100,110,90,105,1,2,3", "found 8")]
    [InlineData("\n1700001900000,100,110,90,105,1,\n", 4, "", "", "blank")]
    [InlineData("17000019", 4, "", "17000019", "7 columns")]
    public void Names_line_column_value_and_remedy_of_a_bad_line(string bad, int line, string column, string value, string fault)
    {
        var path = Write("bybit_BTCUSDT_15m.csv", Header + Good + bad);
        var thrown = Assert.Throws<CandleFileException>(() => CandleCsv.Read(path));
        Assert.Equal((path, line, column, value), (thrown.File, thrown.Line, thrown.Column, thrown.Value));
        Assert.Contains(fault, thrown.Message, StringComparison.Ordinal);
        Assert.Contains(path, thrown.Message, StringComparison.Ordinal);
        Assert.Contains(thrown.Remedy, thrown.Message, StringComparison.Ordinal);
        Assert.NotEqual("", thrown.Remedy);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData(Header, "no rows")]
    [InlineData("time,open,high,low,close,volume,turnover\n" + Good, "header")]
    [InlineData(Good, "header")]
    [InlineData("open_time_ms,open,high,low,close,volume\n" + Good, "header")]
    public void Names_the_fault_of_a_file_without_header_or_rows(string text, string fault)
    {
        var path = Write("bybit_BTCUSDT_15m.csv", text);
        var thrown = Assert.Throws<CandleFileException>(() => CandleCsv.Read(path));
        Assert.Contains(fault, thrown.Message, StringComparison.Ordinal);
        Assert.Contains(path, thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BTCUSDT.csv", "venue, symbol and interval")]
    [InlineData("bybit_BTCUSDT_15m.txt", ".csv")]
    [InlineData("bybit_btcusdt_15m.csv", "upper-case")]
    [InlineData("bybit_BTCUSDT_7m.csv", "interval")]
    public void Names_what_a_bad_file_name_lacks(string name, string fault)
    {
        var path = Write(name, Header + Good);
        Assert.Contains(fault, Assert.Throws<CandleFileException>(() => CandleCsv.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        var thrown = Assert.Throws<CandleFileException>(() => CandleCsv.Read(_folder["bybit_BTCUSDT_15m.csv"]));
        Assert.Contains("does not exist", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gzip_file_cut_at_any_byte_is_refused()
    {
        var whole = File.ReadAllBytes(Write("bybit_BTCUSDT_15m.csv.gz", Header + Good, packed: true));
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(_folder["cut_BTCUSDT_15m.csv.gz"], whole[..length]);
            Assert.Throws<CandleFileException>(() => CandleCsv.Read(_folder["cut_BTCUSDT_15m.csv.gz"]));
        }
    }

    [Fact]
    public void A_flipped_bit_in_the_packed_data_is_refused()
    {
        CandleCsv.Write(_folder["bybit_BTCUSDT_15m.csv.gz"], Candles.Make(200));
        var whole = File.ReadAllBytes(_folder["bybit_BTCUSDT_15m.csv.gz"]);
        Prop.ForAll(Gen.Choose(10 * 8, (whole.Length * 8) - 1).ToArbitrary(), bit =>
        {
            var flipped = (byte[])whole.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(_folder["flip_BTCUSDT_15m.csv.gz"], flipped);
            return Record.Exception(() => CandleCsv.Read(_folder["flip_BTCUSDT_15m.csv.gz"])) is CandleFileException;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void What_is_written_is_read_back_to_the_bit()
    {
        Prop.ForAll(Gen.Choose(1, 200).Two().ToArbitrary(), pair =>
        {
            var candles = Candles.Make(pair.Item1, pair.Item2);
            if (pair.Item2 % 2 == 0)
            {
                candles[^1] = candles[^1] with { Observations = new Observations(1.0 / 3, null, -0.1, 1e-4) };
            }

            var path = _folder[pair.Item2 % 3 == 0 ? "own_BTCUSDT_15m.csv.gz" : "own_BTCUSDT_15m.csv"];
            CandleCsv.Write(path, candles);
            return CandleCsv.Read(path).Candles.SequenceEqual(candles);
        }).QuickCheckThrowOnFailure();
        Assert.Empty(Directory.GetFiles(_folder, "*.tmp"));
    }

    [Fact]
    public void File_names_go_there_and_back()
    {
        var name = CandleFileName.Parse("/some/where/binance-perp_1000PEPEUSDT_1h.csv.gz");
        Assert.Equal(new CandleFileName("binance-perp", new Symbol("1000PEPEUSDT"), Interval.OneHour), name);
        Assert.Equal("binance-perp_1000PEPEUSDT_1h.csv.gz", name.ToFileName(gzip: true));
        Assert.Equal(name, CandleFileName.Parse(name.ToFileName(gzip: false)));
    }

    private string Write(string name, string text, bool packed = false)
    {
        using var file = File.Create(_folder[name]);
        using var stream = packed ? new GZipStream(file, CompressionLevel.Optimal) : (Stream)file;
        stream.Write(Encoding.UTF8.GetBytes(text));
        return _folder[name];
    }
}
