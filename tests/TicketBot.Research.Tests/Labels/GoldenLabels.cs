using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Research.Labels;

namespace TicketBot.Research.Tests.Labels;

/// <summary>The numbers of <c>Golden/labels.json</c>, which numpy and pandas made.</summary>
internal sealed class GoldenLabels
{
    private static readonly Lazy<GoldenLabels> Read = new(() => new GoldenLabels(
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Labels", "Golden", "labels.json"))).RootElement));

    private readonly JsonElement _root;

    private GoldenLabels(JsonElement root)
    {
        _root = root;
        var (open, high, low, close) = (Numbers("open"), Numbers("high"), Numbers("low"), Numbers("close"));
        Series = CandleSeries.Of(new Symbol("BTCUSDT"), Interval.OneHour, [.. open.Select((price, i) => new Candle(
            new Instant(1_735_689_600_000L + (i * 3_600_000L)), price!.Value, high[i]!.Value, low[i]!.Value, close[i]!.Value, 1, close[i]!.Value))]);
        Rule = new BarrierRule(root.GetProperty("profit").GetDouble(), root.GetProperty("stop").GetDouble(), Whole("limit"));
    }

    public static GoldenLabels All => Read.Value;

    public CandleSeries Series { get; }

    public BarrierRule Rule { get; }

    public double CostBp => _root.GetProperty("costBp").GetDouble();

    public int Whole(string name) => _root.GetProperty(name).GetInt32();

    /// <summary>A column; <c>null</c> where there is no number.</summary>
    public double?[] Numbers(string name) =>
        [.. _root.GetProperty(name).EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Null ? (double?)null : value.GetDouble())];

    /// <summary>Barrier, return and last candle of each decision of one side.</summary>
    public (int Touched, double Return, int Last)?[] Paths(string name) =>
        [.. _root.GetProperty(name).EnumerateArray().Select(row => row.ValueKind == JsonValueKind.Null
            ? ((int, double, int)?)null
            : (row[0].GetInt32(), row[1].GetDouble(), row[2].GetInt32()))];
}
