using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TicketBot.Simulator.Wire;

namespace TicketBot.Simulator.Faults;

/// <summary><c>/simulator/faults</c>: GET lists rules and strikes, POST adds a script, DELETE removes one rule (<c>?id=</c>) or all.
/// Only for whoever sends the test key in the header <c>X-Simulator-Test-Key</c>; without a test key the path does not exist.</summary>
internal sealed class FaultEndpoint(FaultDesk desk, string? testKey)
{
    internal WireReply Answer(WireRequest request, WireQuery query)
    {
        if (string.IsNullOrEmpty(testKey))
        {
            return Refused(404, "there is no such path");
        }

        // Hashes have one length, so that comparing them tells nothing about the key.
        if (!CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(testKey)), SHA256.HashData(Encoding.UTF8.GetBytes(request.Header("X-Simulator-Test-Key")))))
        {
            return Refused(401, "the header X-Simulator-Test-Key must hold the test key");
        }

        try
        {
            switch (request.Method)
            {
                case "GET":
                    return Listing();
                case "POST":
                    var added = desk.Load(FaultScript.Parse(Encoding.UTF8.GetString(request.Body)));
                    return Reply(200, w =>
                    {
                        w.WriteStartArray("added");
                        foreach (var id in added)
                        {
                            w.WriteStringValue(id);
                        }

                        w.WriteEndArray();
                    });
                case "DELETE" when query["id"] is { } id:
                    return desk.Remove(id) ? Reply(200, w => w.WriteString("removed", id)) : Refused(404, $"no rule has the id '{id}'");
                case "DELETE":
                    desk.Clear();
                    return Reply(200, w => w.WriteString("removed", "all"));
                default:
                    return Refused(405, $"the method must be GET, POST or DELETE, was {request.Method}");
            }
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException)
        {
            return Refused(400, fault.Message);
        }
    }

    private WireReply Listing() => Reply(200, w =>
    {
        w.WriteNumber("seed", desk.Seed);
        w.WriteStartArray("rules");
        foreach (var rule in desk.Rules)
        {
            FaultText.Write(w, rule);
        }

        w.WriteEndArray();
        w.WriteStartArray("log");
        foreach (var strike in desk.Log)
        {
            FaultText.Write(w, strike);
        }

        w.WriteEndArray();
    });

    private static WireReply Refused(int status, string text) => Reply(status, w => w.WriteString("error", text));

    private static WireReply Reply(int status, Action<Utf8JsonWriter> fields) => new(status, WireText.Json(fields), "application/json; charset=utf-8");
}
