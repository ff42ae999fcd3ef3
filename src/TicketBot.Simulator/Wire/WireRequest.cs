using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TicketBot.Simulator.Faults;

namespace TicketBot.Simulator.Wire;

/// <summary>An HTTP request as it came.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path without query.</param>
/// <param name="Query">Raw query, without its question mark.</param>
/// <param name="Body">Raw body; empty for none.</param>
/// <param name="Json">The body when it is JSON, else undefined.</param>
/// <param name="Headers">The headers.</param>
internal sealed record WireRequest(string Method, string Path, string Query, byte[] Body, JsonElement Json, IHeaderDictionary Headers)
{
    /// <summary>Whether the body is announced as JSON.</summary>
    internal bool IsJson => Header("Content-Type").StartsWith("application/json", StringComparison.OrdinalIgnoreCase);

    /// <summary>What fault rules match by.</summary>
    internal FaultMoment Moment => new(FaultOccasion.Request, $"{Method} {Path}")
    {
        Path = Path,
        Method = Method,
        Account = Header("X-BAPI-API-KEY"),
        Text = Body.Length > 0 ? Encoding.UTF8.GetString(Body) : Query,
        Body = Json,
    };

    /// <summary>Returns a header's text; empty for none.</summary>
    internal string Header(string name) => Headers[name].ToString();
}

/// <summary>An HTTP answer.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">Its bytes.</param>
/// <param name="ContentType">Their type.</param>
internal readonly record struct WireReply(int Status, byte[] Body, string ContentType);
