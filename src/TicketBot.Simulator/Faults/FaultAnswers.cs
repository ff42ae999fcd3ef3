using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using TicketBot.Simulator.Wire;

namespace TicketBot.Simulator.Faults;

/// <summary>What faults make of requests and answers.</summary>
internal static class FaultAnswers
{
    /// <summary>Field of a create that tells the venue to fill this share of the order only.</summary>
    internal const string FillShare = "simulatorFillShare";

    /// <summary>Returns what is answered instead of the truth, before or after the request was applied, or <c>null</c>.</summary>
    internal static Func<Func<int, WireAnswer, WireReply>, WireReply>? Of(IReadOnlyList<FaultRule> faults, bool afterApplying)
    {
        var fault = faults.FirstOrDefault(f => f.AfterApplying == afterApplying && f.Kind is FaultKind.Status or FaultKind.HtmlBody or FaultKind.EmptyBody or FaultKind.Code);
        return fault is null ? null : envelope => fault.Kind switch
        {
            FaultKind.HtmlBody => Html(fault.Status == 0 ? 502 : fault.Status),
            FaultKind.EmptyBody => new WireReply(fault.Status == 0 ? 200 : fault.Status, [], "application/json"),
            FaultKind.Code => envelope(fault.Status == 0 ? 200 : fault.Status, CodeOf(fault)),
            _ => new WireReply(fault.Status == 0 ? 500 : fault.Status, Encoding.UTF8.GetBytes(fault.Text ?? "simulated failure"), "text/plain"),
        };
    }

    /// <summary>Returns the milliseconds of market time by which a read lags: the longest of the faults; 0 = none.</summary>
    internal static int LagOf(IReadOnlyList<FaultRule> faults) => faults.Where(f => f.Kind == FaultKind.LagRead).Select(f => f.DelayMs).DefaultIfEmpty().Max();

    /// <summary>Returns what a socket answers for an HTTP status: of statuses it has codes only.</summary>
    internal static WireAnswer OfStatus(FaultRule rule)
    {
        var code = rule.Status switch { 403 => 10403, 404 => 10404, 429 => 10429, _ => 10016 };
        return new WireAnswer(code, rule.Text ?? TextOf(code), null);
    }

    /// <summary>Returns the page of a gateway.</summary>
    internal static WireReply Html(int status) => new(
        status,
        Encoding.UTF8.GetBytes($"<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status}</h1></center>\r\n<hr><center>gateway</center>\r\n</body>\r\n</html>\r\n"),
        "text/html");

    /// <summary>Returns the answer of a fault of kind <see cref="FaultKind.Code"/>.</summary>
    internal static WireAnswer CodeOf(FaultRule rule) => new(CodeOf(rule, 10016), rule.Text ?? TextOf(CodeOf(rule, 10016)), null);

    /// <summary>Returns how a revoked key is answered.</summary>
    internal static WireAnswer Revoked(FaultRule rule) => new(CodeOf(rule, 10003), rule.Text ?? TextOf(CodeOf(rule, 10003)), null);

    /// <summary>Returns the reply as the faults leave it.</summary>
    internal static WireReply Change(IReadOnlyList<FaultRule> faults, WireRequest request, WireReply reply)
    {
        foreach (var fault in faults)
        {
            reply = fault.Kind switch
            {
                FaultKind.TruncatedJson => reply with { Body = reply.Body[..(reply.Body.Length / 2)] },
                FaultKind.WrongCandle => reply with { Body = WrongCandles(reply.Body, fault.Fraction) },
                _ => reply,
            };
        }

        return reply;
    }

    /// <summary>Returns the body of a create as the faults leave it, or <c>null</c> when they leave it alone.</summary>
    internal static JsonDocument? Rewrite(IReadOnlyList<FaultRule> faults, JsonElement body)
    {
        decimal? share = faults.Any(f => f.Kind == FaultKind.RejectLater) ? 0 : faults.FirstOrDefault(f => f.Kind == FaultKind.PartialFill)?.Fraction;
        var losesStop = faults.Any(f => f.Kind == FaultKind.LoseStop);
        if (share is null && !losesStop)
        {
            return null;
        }

        return JsonDocument.Parse(WireText.Json(w =>
        {
            foreach (var field in body.EnumerateObject().Where(f => !losesStop || f.Name is not ("stopLoss" or "slTriggerBy")))
            {
                field.WriteTo(w);
            }

            if (share is { } some)
            {
                w.WriteString(FillShare, some.ToString(CultureInfo.InvariantCulture));
            }
        }));
    }

    private static int CodeOf(FaultRule rule, int usual) => rule.Code == 0 ? usual : rule.Code;

    private static string TextOf(int code) => code switch
    {
        10000 => "Server Timeout",
        10002 => "invalid request, please check your server timestamp or recv_window param. req_timestamp[0],server_timestamp[0],recv_window[5000]",
        10003 => "API key is invalid.",
        10004 => "error sign! please check your signature generation algorithm.",
        10005 => "Permission denied, please check your API key permissions.",
        10006 => "Too many visits. Exceeded the API Rate Limit.",
        10009 => "IP has been banned.",
        10010 => "Unmatched IP, please check your API key's bound IP addresses.",
        10016 => "Internal system error",
        10429 => "System level frequency protection",
        33004 => "Your api key has expired.",
        110079 => "The order is processing and can not be operated, please try again later.",
        _ => "simulated refusal",
    };

    private static byte[] WrongCandles(byte[] body, decimal fraction)
    {
        using var document = JsonDocument.Parse(body);
        var buffer = new ArrayBufferWriter<byte>(body.Length + 256);
        using (var w = new Utf8JsonWriter(buffer))
        {
            Copy(w, document.RootElement, 0, fraction);
        }

        return buffer.WrittenSpan.ToArray();
    }

    // Candle rows are the arrays of an array: the fifth text is the close, the third and fourth high and low.
    private static void Copy(Utf8JsonWriter w, JsonElement value, int arrays, decimal fraction)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                w.WriteStartObject();
                foreach (var field in value.EnumerateObject())
                {
                    w.WritePropertyName(field.Name);
                    Copy(w, field.Value, arrays, fraction);
                }

                w.WriteEndObject();
                break;
            case JsonValueKind.Array when arrays == 1 && value.GetArrayLength() == 7:
                var close = decimal.Parse(value[4].GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture) * (1 + fraction);
                var high = decimal.Max(close, decimal.Parse(value[2].GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture));
                w.WriteStartArray();
                for (var i = 0; i < 7; i++)
                {
                    w.WriteStringValue(i == 4 ? WireText.Of(close) : i == 2 ? WireText.Of(high) : value[i].GetString());
                }

                w.WriteEndArray();
                break;
            case JsonValueKind.Array:
                w.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Copy(w, item, arrays + 1, fraction);
                }

                w.WriteEndArray();
                break;
            default:
                value.WriteTo(w);
                break;
        }
    }
}
