using System.Text.Json;
using System.Text.Json.Serialization;

namespace TicketBot.Bybit.Wire;

/// <summary>The generated readers of every V5 message; unknown fields are skipped, since the venue adds some at any time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(DecimalText), typeof(DoubleText), typeof(LongText), typeof(BooleanText)])]
[JsonSerializable(typeof(RestEnvelope))]
[JsonSerializable(typeof(TimeResult))]
[JsonSerializable(typeof(Page<InstrumentRow>))]
[JsonSerializable(typeof(Page<OrderRow>))]
[JsonSerializable(typeof(Page<ExecutionRow>))]
[JsonSerializable(typeof(Page<PositionRow>))]
[JsonSerializable(typeof(Page<AccountRow>))]
[JsonSerializable(typeof(KlineResult))]
[JsonSerializable(typeof(Page<TickerRow>))]
[JsonSerializable(typeof(Page<RecentTradeRow>))]
[JsonSerializable(typeof(Page<FundingRow>))]
[JsonSerializable(typeof(Page<FeeRateRow>))]
[JsonSerializable(typeof(BookResult))]
[JsonSerializable(typeof(AccountInfoResult))]
[JsonSerializable(typeof(KeyInfoResult))]
[JsonSerializable(typeof(OrderIds))]
[JsonSerializable(typeof(StreamFrame))]
[JsonSerializable(typeof(List<OrderRow>))]
[JsonSerializable(typeof(List<ExecutionRow>))]
[JsonSerializable(typeof(List<PositionRow>))]
[JsonSerializable(typeof(List<AccountRow>))]
[JsonSerializable(typeof(ControlFrame))]
internal sealed partial class WireJson : JsonSerializerContext
{
    /// <summary>Whether an exception says that a message was not what was promised, rather than that the code is wrong.</summary>
    public static bool IsUnreadable(Exception exception) =>
        exception is JsonException or FormatException or ArgumentException or OverflowException or InvalidOperationException;
}
