using System.Text.Json;
using System.Text.Json.Serialization;

namespace TicketBot.Bybit.Wire;

/// <summary>A frame without topic on the public or private stream: acknowledgements of both families, pongs of both forms.</summary>
internal sealed class StreamFrame
{
    public string? Op { get; init; }

    public bool? Success { get; init; }

    [JsonPropertyName("ret_msg")]
    public string? ReturnMessage { get; init; }

    public int? RetCode { get; init; }

    public string? RetMsg { get; init; }
}

/// <summary>A frame of the simulator's control channel.</summary>
internal sealed class ControlFrame
{
    public string? Op { get; init; }

    public long? Step { get; init; }

    public long? Time { get; init; }

    public double? Speed { get; init; }

    public bool? Holds { get; init; }

    public string? Reason { get; init; }

    public List<JsonElement>? Candles { get; init; }

    public List<string>? Private { get; init; }
}
