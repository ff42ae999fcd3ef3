using System.Globalization;
using System.Text;
using System.Text.Json;
using TicketBot.Simulator.Faults;

namespace TicketBot.Simulator.Wire;

/// <summary>What the kinds of socket have in common: their life, reading a client's message, acknowledging it, checking who sent it.</summary>
internal static class StreamAnswers
{
    /// <summary>Serves a socket from its joining the listeners to its leaving them; both, and each message, under the session's lock.</summary>
    internal static async Task ServeAsync(
        VenueSession session, SocketPeer socket, Action join, Action leave, Action<JsonElement> hear, CancellationToken cancellationToken)
    {
        session.Locked(join);
        try
        {
            await socket.ServeAsync(
                message =>
                {
                    session.Locked(() => hear(message));
                    return true;
                },
                cancellationToken);
        }
        finally
        {
            session.Locked(leave);
        }
    }

    /// <summary>Ends the subscriptions that a message names.</summary>
    internal static void Unsubscribe(SocketPeer socket, HashSet<string> topics, JsonElement message)
    {
        topics.ExceptWith(Arguments(message));
        Acknowledge(socket, message, "unsubscribe", true, "");
    }

    /// <summary>Acknowledges a message on a public or private stream; the id comes back in its own JSON type, and only when one was sent.</summary>
    internal static void Acknowledge(SocketPeer socket, JsonElement message, string op, bool success, string text) => socket.Send(WireText.Json(w =>
    {
        w.WriteBoolean("success", success);
        w.WriteString("ret_msg", text);
        w.WriteString("conn_id", socket.ConnectionId);
        Echo(w, message, "req_id");
        w.WriteString("op", op);
    }));

    /// <summary>Writes a member of the message as it came, if it came.</summary>
    internal static void Echo(Utf8JsonWriter w, JsonElement message, string name)
    {
        if (message.ValueKind == JsonValueKind.Object && message.TryGetProperty(name, out var id))
        {
            w.WritePropertyName(name);
            id.WriteTo(w);
        }
    }

    /// <summary>Returns <c>args</c> as texts; empty for anything else than an array.</summary>
    internal static List<string> Arguments(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object && message.TryGetProperty("args", out var args) && args.ValueKind == JsonValueKind.Array
            ? [.. args.EnumerateArray().Select(a => a.ValueKind == JsonValueKind.String ? a.GetString()! : a.GetRawText())]
            : [];

    /// <summary>Returns a text member, or <c>null</c>.</summary>
    internal static string? Text(JsonElement message, string name) =>
        message.ValueKind == JsonValueKind.Object && message.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>Checks an auth message: key, expiry in the future, signature of <c>GET/realtime</c> and the expiry as it was written.</summary>
    /// <returns>Code and text of the refusal, or <c>null</c>.</returns>
    internal static (int Code, string Text)? AuthFault(VenueSession session, JsonElement message, out string account)
    {
        var arguments = Arguments(message);
        account = arguments.Count > 0 ? arguments[0] : "";
        if (arguments.Count != 3 || !long.TryParse(arguments[1], NumberStyles.None, CultureInfo.InvariantCulture, out var expires))
        {
            return (10001, "Params Error: auth takes key, expires and signature");
        }

        if (session.SecretOf(account) is not { } secret)
        {
            return (10003, "API key is invalid.");
        }

        if (session.Faults.Active(FaultKind.RevokeKey, account) is { } revoked)
        {
            var answer = FaultAnswers.Revoked(revoked);
            return (answer.Code, answer.Text);
        }

        if (expires <= session.Faults.Clock.GetUtcNow().ToUnixTimeMilliseconds())
        {
            return (10004, "Params Error: expires lies in the past");
        }

        return Signature.IsValid(secret, Encoding.UTF8.GetBytes($"GET/realtime{arguments[1]}"), arguments[2]) ? null : (10004, "Params Error: sign invalid");
    }
}
