using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Tests;

public sealed class BybitOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.True(new BybitOptionsValidator().Validate(null, new BybitOptions()).Succeeded);

    [Fact]
    public void All_faults_are_reported_at_once()
    {
        var result = new BybitOptionsValidator().Validate(null, new BybitOptions
        {
            Environment = ExchangeEnvironment.Live, RestAddress = "ftp://x", SilenceTimeoutMs = 100, WritesReservedForExits = 10,
        });
        Assert.True(result.Failed);
        foreach (var word in new[] { "AcknowledgeRealMoney", "RestAddress", "SilenceTimeoutMs", "WritesReservedForExits" })
        {
            Assert.Contains(word, result.FailureMessage, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_value_out_of_range_is_refused() =>
        Assert.True(new BybitOptionsValidator().Validate(null, new BybitOptions { RecvWindowMs = 0 }).Failed);

    [Fact]
    public void Demo_takes_its_public_stream_from_the_real_money_host()
    {
        var addresses = BybitAddresses.Of(new BybitOptions { Environment = ExchangeEnvironment.Demo });
        Assert.Equal("https://api-demo.bybit.com/", addresses.Rest.AbsoluteUri);
        Assert.Equal("wss://stream.bybit.com/v5/public/linear", addresses.PublicStream.AbsoluteUri);
        Assert.Equal("wss://stream-demo.bybit.com/v5/private", addresses.PrivateStream.AbsoluteUri);
        Assert.Null(addresses.TradeStream);
    }

    [Fact]
    public void The_simulator_needs_its_addresses() =>
        Assert.Throws<ExchangeException>(() => BybitAddresses.Of(new BybitOptions()));

    [Fact]
    public void Credentials_come_from_variables_or_else_from_files()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "file-secret\n");
            var read = BybitCredentials.Read(new BybitOptions { ApiSecretFile = file }, name => name == "BYBIT_API_KEY" ? "variable-key" : null);
            Assert.Equal(("variable-key", "file-secret"), (read.Key, System.Text.Encoding.UTF8.GetString(read.Secret)));
        }
        finally
        {
            File.Delete(file);
        }

        var error = Assert.Throws<ExchangeException>(() => BybitCredentials.Read(new BybitOptions(), _ => null));
        Assert.Contains("BYBIT_API_KEY", error.Message, StringComparison.Ordinal);
    }
}
