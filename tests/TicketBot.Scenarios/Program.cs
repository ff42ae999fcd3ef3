using Microsoft.Extensions.Logging;
using TicketBot.Scenarios.Campaign;

// The full campaign: dotnet run -c Release --project tests/TicketBot.Scenarios -- campaign. Without arguments this is a test library.
if (args is not ["campaign", .. var words])
{
    Console.Error.WriteLine("usage: campaign [--rows K1,K2] [--seeds N] [--seed N] [--kinds seam,process,soak,root] [--jobs N] [--results FILE] [--log]");
    return 2;
}

string? Value(string name) => Array.IndexOf(words, name) is >= 0 and var at && at + 1 < words.Length ? words[at + 1] : null;
var kinds = (Value("--kinds") ?? "seam,process").Split(',').Select(k => Enum.Parse<RowKind>(k, ignoreCase: true)).ToHashSet();
var wanted = Value("--rows")?.Split(',').ToHashSet(StringComparer.OrdinalIgnoreCase);
var rows = FaultTable.Rows.Where(r => wanted?.Contains(r.Id) ?? kinds.Contains(r.Kind)).ToList();
if (words.Contains("--log"))
{
    Trader.Loggers = LoggerFactory.Create(b => b.AddSimpleConsole(o => o.SingleLine = true).SetMinimumLevel(LogLevel.Debug));
}

if (Value("--seed") is { } one)
{
    foreach (var row in rows)
    {
        var played = await row.PlayAsync(ulong.Parse(one));
        Console.WriteLine($"{row.Id} seed {one}: struck {played.Struck}, recovered after {played.RecoveryMs:F0} ms, {played.Breaks.Count} broken {played.Note}\n{string.Join('\n', played.Breaks)}");
    }

    return 0;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) => { e.Cancel = true; stop.Cancel(); };
var run = new CampaignRun(Value("--results") ?? "campaign.jsonl", Console.Error);
var held = await run.PlayAsync(
    rows, Value("--seeds") is { } seeds ? int.Parse(seeds) : null, Value("--jobs") is { } jobs ? int.Parse(jobs) : Environment.ProcessorCount, stop.Token);
Console.WriteLine(run.Table(rows));
return stop.IsCancellationRequested ? 130 : held ? 0 : 1;
