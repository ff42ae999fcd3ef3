using System.Text.Json;
using System.Text.Json.Serialization;

namespace TicketBot.Bybit.Wire;

/// <summary>Any frame of the public or private stream: data, acknowledgements of both families, pongs of both forms.</summary>
internal sealed class StreamFrame
{
    public string? Topic { get; init; }

    public string? Id { get; init; }

    public string? Op { get; init; }

    public bool? Success { get; init; }

    [JsonPropertyName("ret_msg")]
    public string? ReturnMessage { get; init; }

    public int? RetCode { get; init; }

    public string? RetMsg { get; init; }

    public long? CreationTime { get; init; }

    public JsonElement Data { get; init; }
}

/// <summary>One candle of the topic <c>kline.{interval}.{symbol}</c> (https://bybit-exchange.github.io/docs/v5/websocket/public/kline).</summary>
internal sealed class KlineRow
{
    public long? Start { get; init; }

    public double? Open { get; init; }

    public double? High { get; init; }

    public double? Low { get; init; }

    public double? Close { get; init; }

    public double? Volume { get; init; }

    public double? Turnover { get; init; }

    public bool Confirm { get; init; }
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
