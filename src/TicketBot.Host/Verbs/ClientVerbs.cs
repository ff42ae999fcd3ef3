using System.CommandLine;
using System.Text.Json;

namespace TicketBot.Host.Verbs;

/// <summary>The verbs that talk to the running daemon.</summary>
public static class ClientVerbs
{
    private static readonly Option<int?> Port = new("--port") { Description = "Port of the daemon's local API (default: the one it announced)" };
    private static readonly Option<int> Count = new("--count") { Description = "How many rows", DefaultValueFactory = _ => 20 };
    private static readonly Option<string?> Reason = new("--reason") { Description = "Your words; journalled with the command" };
    private static readonly Option<string?> One = new("--symbol") { Description = "Lift the halts of this symbol only; all else stays as it is" };
    private static readonly Option<bool> Yes = new("--yes") { Description = "Do it without asking" };
    private static readonly Argument<string> Question = new("QUESTION") { Description = "A journal number or one of our order ids" };

    /// <summary>Returns the verbs.</summary>
    public static IEnumerable<Command> Make(VerbMaker make)
    {
        yield return Reader(make, "status", "State, equity, positions, regime and ticket of the running daemon", _ => "api/status", ShowStatus);
        yield return Reader(make, "positions", "Open positions", _ => "api/positions", Rows("symbol", "signedQuantity", "averageEntry", "mark", "unrealised", "stop", "stopConfirmed", "exitDue"));
        yield return Reader(make, "orders", "The newest orders with their causes", v => $"api/orders?count={v.Get(Count)}", Rows(
            "sequence", "time", "symbol", "payload.intent.kind", "payload.intent.request.side", "payload.intent.request.quantity", "payload.intent.request.type",
            "payload.intent.request.stopLoss", "payload.intent.reason", "payload.intent.request.id", "cause"), Count);
        yield return Reader(make, "pnl", "Equity, profit, fees and funding", _ => "api/pnl", ShowFields("marketTime", "equity", "walletBalance", "realised", "fees", "funding", "dayPeakEquity", "dayLoss"));
        yield return Reader(make, "jobs", "Jobs with their last and next runs", _ => "api/jobs", Rows("name", "cron", "running", "lastRun", "lastOutcome", "next"));
        yield return Reader(make, "logs", "The newest lines of the log", v => $"api/logs?count={v.Get(Count)}", Rows("time", "level", "text"), Count);
        yield return Reader(make, "why", "What led to a decision or order, and what followed from it", v => $"api/why/{Uri.EscapeDataString(v.Parsed.GetValue(Question)!)}", Rows("sequence", "cause", "time", "kind", "symbol", "payload"), Question);
        yield return Actor(make, "pause", "Open nothing more; exits and stops go on", false);
        yield return Actor(make, "resume", "Trade again after a pause or an operator's halt, and lift the halts of symbols", false, One);
        yield return Actor(make, "flatten", "Close every position reduce-only", true);
        yield return Actor(make, "halt", "Close every position and stay halted until resumed", true);
    }

    private static Command Reader(
        VerbMaker make, string name, string description, Func<VerbContext, string> path, Action<VerbContext, JsonElement> show, params Symbol[] words) =>
        make.Verb(
            name, description,
            async (verb, cancellationToken) =>
            {
                using var daemon = DaemonClient.Find(verb.Settings(), verb.Get(Port));
                Answer(verb, await daemon.GetAsync(path(verb), cancellationToken), show);
                return Exit.Done;
            },
            [VerbContext.Json, Port, .. words]);

    private static Command Actor(VerbMaker make, string name, string description, bool closes, params Symbol[] words) => make.Verb(
        name, description,
        async (verb, cancellationToken) =>
        {
            if (closes && !verb.Get(Yes))
            {
                throw new UsageException($"'{name}' closes every open position at market; say --yes to do it");
            }

            using var daemon = DaemonClient.Find(verb.Settings(), verb.Get(Port));
            var about = words.Contains(One) && verb.Get(One) is { } symbol ? $"&symbol={Uri.EscapeDataString(symbol)}" : "";
            var answer = await daemon.PostAsync($"api/{name}?reason={Uri.EscapeDataString(verb.Get(Reason) ?? "operator")}{about}", cancellationToken);
            Answer(verb, answer, (v, _) => v.Output.WriteLine($"{name}: accepted"));
            return Exit.Done;
        },
        [VerbContext.Json, Port, Reason, .. words, .. closes ? [Yes] : Array.Empty<Symbol>()]);

    private static void Answer(VerbContext verb, JsonElement answer, Action<VerbContext, JsonElement> show)
    {
        if (verb.WantsJson)
        {
            verb.WriteJson(answer);
        }
        else
        {
            show(verb, answer);
        }
    }

    private static void ShowStatus(VerbContext verb, JsonElement status)
    {
        var trading = status.GetProperty("trading");
        ShowFields("environment", "market", "phase", "doing")(verb, status);
        if (status.TryGetProperty("configuration", out var edit) && edit.ValueKind == JsonValueKind.Object)
        {
            foreach (var line in edit.GetProperty("faults").EnumerateArray().Concat(edit.GetProperty("changes").EnumerateArray()))
            {
                verb.Output.WriteLine($"{(edit.GetProperty("isValid").GetBoolean() ? "at next start" : "edit refused"),-16} {line}");
            }
        }

        ShowFields("marketTime", "mode", "state", "stateReason", "equity", "walletBalance", "dayLoss")(verb, trading);
        foreach (var reason in trading.GetProperty("modeReasons").EnumerateArray())
        {
            verb.Output.WriteLine($"{"no entries",-16} {reason}");
        }

        foreach (var series in trading.GetProperty("series").EnumerateArray())
        {
            ShowFields("series", "lastClose", "lastPrice", "regime", "ticketId", "similarity")(verb, series);
        }

        ShowFields([.. trading.GetProperty("counts").EnumerateObject().Select(p => p.Name)])(verb, trading.GetProperty("counts"));
        Rows("symbol", "signedQuantity", "averageEntry", "mark", "unrealised", "stop", "stopConfirmed", "isForeign")(verb, trading.GetProperty("positions"));
        Rows("symbol", "code", "since", "detail")(verb, trading.GetProperty("symbolHalts"));
    }

    private static Action<VerbContext, JsonElement> ShowFields(params string[] names) => (verb, answer) =>
    {
        foreach (var name in names)
        {
            verb.Output.WriteLine($"{name,-16} {answer.GetProperty(name)}");
        }
    };

    // A column is a field's path; its last part is the title.
    private static Action<VerbContext, JsonElement> Rows(params string[] columns) => (verb, answer) =>
        TextTable.Write(verb.Output, [.. columns.Select(c => c.Split('.')[^1])], answer.EnumerateArray().Select(row => columns.Select(c => At(row, c)).ToArray()));

    private static string At(JsonElement row, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (row.ValueKind != JsonValueKind.Object || !row.TryGetProperty(name, out row))
            {
                return "";
            }
        }

        return row.ToString();
    }
}
