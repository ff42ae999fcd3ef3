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
    [InlineData("--market", "planted:2")]
    [InlineData("--replay", "nowhere_BTCUSDT_15m.csv")]
    [InlineData("--balance", "0")]
    public async Task What_makes_no_market_is_refused(params string[] words)
    {
        using var folder = new VerbFolder();
        var (code, output, error) = await folder.RunAsync(["simulate", .. words]);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.NotEmpty(error);
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
