using System.Text;
using System.Text.Json;
using TicketBot.Host.Verbs;

namespace TicketBot.Host.Tests.Verbs;

public sealed class SimulateVerbTests
{
    [Theory]
    [InlineData("--symbol", "BTCUSDT", "--symbol", "ETHUSDT", "--market", "random", "--seed", "5", "--speed", "60")]
    [InlineData("--replay")]
    public async Task Says_where_it_listens_answers_and_ends_in_order(params string[] words)
    {
        using var folder = new VerbFolder();
        string[] market = words is ["--replay"] ? ["--replay", folder.Candles(300)] : words;
        using var stop = new CancellationTokenSource();
        using var output = new FirstLine();
        using var error = new StringWriter();
        var running = CommandLine.RunAsync(["simulate", "--port", "0", .. market, "--data-folder", folder["data"]], output, error, stop.Token);
        await Task.WhenAny(running, output.Line);
        Assert.False(running.IsCompleted, error.ToString());
        var parts = (await output.Line).Split(' ');
        Assert.Equal("listening", parts[0]);
        Assert.StartsWith("http://127.0.0.1:", parts[1], StringComparison.Ordinal);
        Assert.Equal(parts[1]["http".Length..], parts[2]["ws".Length..]);
        Assert.StartsWith("ws://", parts[2], StringComparison.Ordinal);

        using var client = new HttpClient();
        using var answer = JsonDocument.Parse(await client.GetStringAsync(new Uri($"{parts[1]}/v5/market/kline?category=linear&symbol=BTCUSDT&interval=15&limit=5")));
        Assert.Equal(5, answer.RootElement.GetProperty("result").GetProperty("list").GetArrayLength());
        await stop.CancelAsync();
        Assert.Equal(0, await running);
    }

    [Theory]
    [InlineData("Market must be random, regimes or planted:P", "--market", "planted:2")]
    [InlineData("nowhere_BTCUSDT_15m.csv", "--replay", "nowhere_BTCUSDT_15m.csv")]
    [InlineData("InitialBalance", "--balance", "0")]
    [InlineData("SimulatorOptions.Speed must be between", "--speed", "-1")]
    [InlineData("SimulatorOptions.Port must be between", "--port", "70000")]
    [InlineData("btc usdt", "--symbol", "btc usdt")]
    [InlineData("7", "--tick", "7")]
    [InlineData("nowhere.json", "--faults", "nowhere.json")]
    public async Task What_makes_no_market_is_refused(string expected, params string[] words)
    {
        using var folder = new VerbFolder();
        var (code, output, error) = await folder.RunAsync(["simulate", .. words]);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("come in pairs, were 2 and 1", "--key", "a", "--key", "b", "--secret", "x")]
    [InlineData("the key 'a' is given twice", "--key", "a", "--secret", "x", "--key", "a", "--secret", "y")]
    [InlineData("each --secret needs a --key", "--secret", "x", "--secret", "y")]
    public async Task Keys_without_secrets_are_refused(string expected, params string[] words)
    {
        using var folder = new VerbFolder();
        var (code, _, error) = await folder.RunAsync(["simulate", .. words]);
        Assert.Equal(2, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_script_with_an_error_is_refused_with_its_place()
    {
        using var folder = new VerbFolder();
        var file = folder["faults.json"];
        await File.WriteAllTextAsync(file, """{"rules":[{"kind":"loseAnswer"},{"kind":"loseAnswer","nth":0}]}""");
        var (code, _, error) = await folder.RunAsync(["simulate", "--faults", file]);
        Assert.Equal(2, code);
        Assert.Contains("rules[1]: nth must be at least 1, was 0", error, StringComparison.Ordinal);
    }

    private sealed class FirstLine : StringWriter
    {
        private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Line => _line.Task;

        public override Encoding Encoding => Encoding.UTF8;

        public override Task WriteLineAsync(string? value)
        {
            _line.TrySetResult(value ?? "");
            return Task.CompletedTask;
        }
    }
}
