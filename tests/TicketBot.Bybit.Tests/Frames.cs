using System.Globalization;

namespace TicketBot.Bybit.Tests;

/// <summary>Frames of the venue, written as it writes them.</summary>
public static class Frames
{
    public static string Kline(long start, string symbol = "BTCUSDT", string interval = "1", bool confirm = true, double close = 100.5) =>
        $$"""{"topic":"kline.{{interval}}.{{symbol}}","data":[{{Row(start, interval, confirm, close)}}],"ts":{{start + 60_000}},"type":"snapshot"}""";

    public static string Row(long start, string interval, bool confirm, double close = 100.5) =>
        $$"""{"start":{{start}},"end":{{start + 59_999}},"interval":"{{interval}}","open":"100","close":"{{close.ToString(CultureInfo.InvariantCulture)}}","high":"101.5","low":"99","volume":"12.25","turnover":"1230.5","confirm":{{(confirm ? "true" : "false")}},"timestamp":{{start + 60_000}}}""";

    public static string Execution(string message, params string[] ids) =>
        $$"""{"id":"{{message}}","topic":"execution","creationTime":1735689660000,"data":[{{string.Join(',', ids.Select(id => $$"""{"category":"linear","symbol":"BTCUSDT","orderId":"o-1","orderLinkId":"mine-1","side":"Buy","orderQty":"1","execFee":"0.05","execId":"{{id}}","execPrice":"100","execQty":"0.5","execType":"Trade","execTime":"1735689659000","isMaker":false}"""))}}]}""";

    public static string Step(long number, long time, string candles, params string[] messages) =>
        $$"""{"op":"step","step":{{number}},"time":{{time}},"candles":[{{candles}}],"private":[{{string.Join(',', messages.Select(id => $"\"{id}\""))}}]}""";

    public static string Rows(IEnumerable<long> starts) =>
        $$"""{"category":"linear","symbol":"BTCUSDT","list":[{{string.Join(',', starts.OrderDescending().Select(start => $"""["{start}","100","101.5","99","100.5","12.25","1230.5"]"""))}}]}""";
}
