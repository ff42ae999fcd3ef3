using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using TicketBot.Simulator.Faults;

namespace TicketBot.Scenarios.Campaign.Rows;

/// <summary>The daemon as its operator meets it: two of them on one account, a configuration edited badly while it runs, an alert channel that never
/// answers.</summary>
internal static class OperatorRows
{
    internal static IReadOnlyList<FaultRow> All { get; } =
    [
        new("F3", "second daemon on the same folder; then the lock of a killed one", 20, 1, TwoDaemonsAsync, RowKind.Process),
        new("X3", "configuration edited badly ten times while running, then well", 20, 1, EditedAsync, RowKind.Process),
        new("X4", "alert channel accepts and never answers", 10, 0, SilentWebhookAsync, RowKind.Process),
    ];

    private static async Task<Played> TwoDaemonsAsync(ulong seed)
    {
        await using var scene = await DaemonPlay.SetAsync(seed);
        var breaks = new List<string>();
        await using (var first = DaemonPlay.Start(scene))
        {
            await first.ReadyAsync();
            await using var second = DaemonPlay.Start(scene);
            var code = await second.Process.ExitAsync(TimeSpan.FromSeconds(60));
            if (code != 3 || !second.Process.Output.Contains("another daemon", StringComparison.Ordinal))
            {
                breaks.Add($"F3: the second daemon ended with code {code} and said: {Tail(second.Process.Output)}");
            }

            await first.Process.KillAsync();
        }

        await using var third = DaemonPlay.Start(scene);
        var recovery = await third.ReadyAsync();
        await third.FinishAsync();
        return new Played([.. breaks, .. await Oracle.ExamineAsync(scene, DaemonPlay.Limits)], recovery);
    }

    private static async Task<Played> EditedAsync(ulong seed)
    {
        await using var scene = await DaemonPlay.SetAsync(seed, liveCandles: 12);
        var file = Path.Combine(scene.Root, "operator.json");
        (string Text, string Key)[] edits =
        [
            ("""{ "Trading": { "MaxPositionFraction": 7 } }""", "Trading:MaxPositionFraction"),
            ("""{ "Trading": { "MaxPositionFracton": 0.01 } }""", "MaxPositionFracton"),
            ("""{ "Trading": { "StopLossFraction": "much" } }""", "Trading:StopLossFraction"),
            ("""{ "Trading": { "ConfidenceThreshold": 0.1 } }""", "Trading:ConfidenceThreshold"),
            ("""{ "Host": { "Jobs": { "Niceness": 99 } } }""", "Niceness"),
            ("""{ "Research": { "Epochs": 0 } }""", "Research:Epochs"),
            ("""{ "Trading": { """, "operator.json"),
            ("""{ "Bybit": { "Environment": "Moon" } }""", "Bybit:Environment"),
            ("""{ "Trading": { "ReferenceWaitMs": -1 } }""", "Trading:ReferenceWaitMs"),
            ("""{ "Nonsense": 1 }""", "Nonsense"),
        ];
        await File.WriteAllTextAsync(file, "{ }");
        var breaks = new List<string>();
        await using var daemon = DaemonPlay.Start(scene, "--config", file);
        var recovery = await daemon.ReadyAsync();
        scene.Server.Faults.Add(new FaultRule { Kind = FaultKind.DelayAnswer, DelayMs = 300, Path = "/v5/order/create", Count = null }); // The market must not end before the edits do.
        foreach (var (text, key) in edits.OrderBy(_ => scene.Random.NextDouble()))
        {
            await File.WriteAllTextAsync(file, text);
            var status = await daemon.Process.UntilAsync(s => EditOf(s) is { } e && e.Contains(key, StringComparison.Ordinal), TimeSpan.FromSeconds(30), $"the edit of {key} is noticed");
            if (EditOf(status)!.Contains("\"isValid\":true", StringComparison.Ordinal))
            {
                breaks.Add($"X3: a bad edit of {key} was taken as valid");
            }
        }

        await File.WriteAllTextAsync(file, """{ "Trading": { "ShadowDecisions": 100 } }""");
        await daemon.Process.UntilAsync(s => EditOf(s) is { } e && e.Contains("\"isValid\":true", StringComparison.Ordinal), TimeSpan.FromSeconds(30), "the good edit is noticed");
        await daemon.FinishAsync();
        return new Played([.. breaks, .. await Oracle.ExamineAsync(scene, DaemonPlay.Limits)], recovery);
    }

    private static async Task<Played> SilentWebhookAsync(ulong seed)
    {
        await using var scene = await DaemonPlay.SetAsync(seed);
        using var hole = new TcpListener(IPAddress.Loopback, 0);
        hole.Start();
        var hook = $"http://127.0.0.1:{((IPEndPoint)hole.LocalEndpoint).Port}/";
        scene.IsVenueWell = false;
        scene.Server.Faults.Add(new FaultRule { Kind = FaultKind.LoseStop, Count = null });
        await using var daemon = DaemonPlay.StartWith(scene, new Dictionary<string, string> { ["ALERT_WEBHOOK"] = hook });
        var recovery = await daemon.ReadyAsync();
        await daemon.FinishAsync();
        return new Played(await Oracle.ExamineAsync(scene, DaemonPlay.Limits, new OracleScope(StopsAreLost: true, MayEndOpen: true)), recovery);
    }

    private static string? EditOf(JsonElement status) =>
        status.TryGetProperty("configuration", out var edit) && edit.ValueKind == JsonValueKind.Object ? edit.GetRawText() : null;

    private static string Tail(string text) => text.Length > 300 ? text[^300..] : text;
}
