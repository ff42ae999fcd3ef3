using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Trading.Tests.Exchange;

public class StreamNamesTests
{
    [Fact]
    public void The_name_of_a_candle_stream_says_its_series_and_is_read_back()
    {
        foreach (var interval in Interval.All)
        {
            var series = new SeriesKey(new Symbol("BTCUSDT"), interval);
            var name = StreamNames.OfCandles(series);

            Assert.Equal($"candles BTCUSDT/{interval.Name}", name);
            Assert.True(StreamNames.TryReadCandles(name, out var read));
            Assert.Equal(series, read);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(StreamNames.Public)]
    [InlineData(StreamNames.Private)]
    [InlineData(StreamNames.Account)]
    [InlineData(StreamNames.Clock)]
    [InlineData("candles ")]
    [InlineData("candles BTCUSDT")]
    [InlineData("candles BTCUSDT/")]
    [InlineData("candles /15m")]
    [InlineData("candles BTCUSDT/16m")]
    [InlineData("candles btc usdt/15m")]
    [InlineData("Candles BTCUSDT/15m")]
    public void Other_names_are_no_candle_stream(string? name)
    {
        Assert.False(StreamNames.TryReadCandles(name, out var read));
        Assert.Equal(default, read);
    }
}
