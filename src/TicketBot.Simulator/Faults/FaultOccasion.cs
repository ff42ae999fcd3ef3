using System.Text.Json;

namespace TicketBot.Simulator.Faults;

/// <summary>What a rule is asked about.</summary>
internal enum FaultOccasion
{
    /// <summary>A request over REST.</summary>
    Request = 1,

    /// <summary>A message that somebody is about to be sent.</summary>
    Message,

    /// <summary>A new socket.</summary>
    Connect,

    /// <summary>A step of the market, or the moment the rule is added.</summary>
    Step,
}

/// <summary>One occasion, with what rules match by.</summary>
/// <param name="Occasion">What it is.</param>
/// <param name="On">How it is called in the log.</param>
internal readonly record struct FaultMoment(FaultOccasion Occasion, string On)
{
    /// <summary>Path of the request or socket.</summary>
    internal string Path { get; init; } = "";

    /// <summary>HTTP method of the request.</summary>
    internal string Method { get; init; } = "";

    /// <summary>Key of the account, or <c>null</c> for none.</summary>
    internal string? Account { get; init; }

    /// <summary>Topic of the message.</summary>
    internal string Topic { get; init; } = "";

    /// <summary>Query or body of the request.</summary>
    internal string Text { get; init; } = "";

    /// <summary>Body of a request when it is a JSON object, else undefined.</summary>
    internal JsonElement Body { get; init; }

    /// <summary>Whether the message tells a closed candle.</summary>
    internal bool IsConfirm { get; init; }

    /// <summary>Whether a rule is about this, apart from time and chance.</summary>
    internal bool IsMetBy(FaultRule rule) =>
        rule.Occasion == Occasion
        && (Occasion == FaultOccasion.Step || rule.Path is null || Path.StartsWith(rule.Path, StringComparison.Ordinal))
        && (rule.Method is null || string.Equals(rule.Method, Method, StringComparison.OrdinalIgnoreCase))
        && (Occasion == FaultOccasion.Step || rule.Account is null || rule.Account == Account)
        && (rule.Topic is null || Topic.StartsWith(rule.Topic, StringComparison.Ordinal))
        && (rule.Contains is null || Text.Contains(rule.Contains, StringComparison.Ordinal))
        && rule.Kind switch
        {
            FaultKind.RejectLater => IsCreate,
            FaultKind.PartialFill => IsCreate && Says("orderType") == "Market",
            FaultKind.LoseStop => IsCreate && Says("stopLoss") is { Length: > 0 } and not "0",
            FaultKind.WrongCandle => Path == "/v5/market/kline",
            FaultKind.LagRead => Path is "/v5/order/realtime" or "/v5/order/history" or "/v5/execution/list" or "/v5/position/list",
            FaultKind.HtmlBody or FaultKind.EmptyBody => Method != "WS",
            FaultKind.SwallowConfirm or FaultKind.DuplicateConfirm or FaultKind.ReviseConfirm or FaultKind.UnconfirmedFrame or FaultKind.FutureFrame => IsConfirm,
            _ => true,
        };

    private bool IsCreate => Path == "/v5/order/create";

    private string? Says(string name) => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty(name, out var value)
        ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText()
        : null;
}
