using System.Text.Json;
using TicketBot.Domain;

namespace TicketBot.Simulator.Markets;

/// <summary>Tick, lot and notional rules of contracts: built in, overridden by a file, or derived from the price level.</summary>
public sealed class InstrumentRules
{
    private const decimal MinNotionalUsdt = 5m;

    // Symbol, tick, lot, largest market order, largest limit order, typical price: rounded from Bybit's public instrument list
    // (https://bybit-exchange.github.io/docs/v5/market/instrument); the venue changes the largest sizes twice a month.
    private static readonly (string Symbol, decimal Tick, decimal Lot, decimal MaxMarket, decimal MaxLimit, decimal Level)[] BuiltIn =
    [
        ("BTCUSDT", 0.1m, 0.001m, 100m, 1_000m, 60_000m),
        ("ETHUSDT", 0.01m, 0.01m, 700m, 7_000m, 3_000m),
        ("SOLUSDT", 0.01m, 0.1m, 8_000m, 80_000m, 150m),
        ("BNBUSDT", 0.1m, 0.01m, 2_000m, 20_000m, 600m),
        ("WIFUSDT", 0.0001m, 1m, 100_000m, 1_000_000m, 2m),
        ("XRPUSDT", 0.0001m, 0.1m, 400_000m, 4_000_000m, 0.6m),
        ("ADAUSDT", 0.0001m, 1m, 400_000m, 4_000_000m, 0.5m),
        ("DOGEUSDT", 0.00001m, 1m, 1_000_000m, 10_000_000m, 0.15m),
        ("LTCUSDT", 0.01m, 0.1m, 4_000m, 40_000m, 80m),
        ("SUIUSDT", 0.0001m, 10m, 100_000m, 1_000_000m, 2m),
        ("1000PEPEUSDT", 0.0000001m, 100m, 10_000_000m, 100_000_000m, 0.01m),
        ("TRUMPUSDT", 0.001m, 0.1m, 10_000m, 100_000m, 15m),
    ];

    private readonly Dictionary<Symbol, Instrument> _given;

    /// <summary>Makes the built-in rules, with <paramref name="overrides"/> in their place where given.</summary>
    public InstrumentRules(IEnumerable<Instrument>? overrides = null) =>
        _given = (overrides ?? []).ToDictionary(i => i.Symbol);

    /// <summary>Returns a canonical text of the rules given from outside; empty when there are none.</summary>
    public string Fingerprint => string.Join(';', _given.Values.OrderBy(i => i.Symbol).Select(i => FormattableString.Invariant(
        $"{i.Symbol},{i.TickSize},{i.QuantityStep},{i.MinQuantity},{i.MaxMarketQuantity},{i.MaxQuantity},{i.MinNotional},{i.FundingIntervalMinutes}")));

    /// <summary>Returns the price a generated market of <paramref name="symbol"/> starts at; 100 for a symbol without built-in rules.</summary>
    public static double TypicalPrice(Symbol symbol)
    {
        foreach (var row in BuiltIn)
        {
            if (row.Symbol == symbol.Value)
            {
                return (double)row.Level;
            }
        }

        return 100;
    }

    /// <summary>Reads rules from a JSON file: an array of objects with <c>symbol</c>, <c>tickSize</c>, <c>quantityStep</c>, and optionally
    /// <c>minQuantity</c>, <c>maxMarketQuantity</c>, <c>maxQuantity</c>, <c>minNotional</c>, <c>fundingIntervalMinutes</c> (numbers).</summary>
    /// <exception cref="FormatException">The file is not such an array; the message names the entry.</exception>
    public static InstrumentRules FromFile(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return new InstrumentRules(document.RootElement.EnumerateArray().Select(Read).ToList());
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw new FormatException(
                $"the instruments file '{path}' must be a JSON array of objects with symbol, tickSize and quantityStep: {fault.Message}", fault);
        }
    }

    /// <summary>Returns the rules of a contract; a contract without rules gets them from its price level: a tick of five significant
    /// digits and a lot worth at most 5 USDT.</summary>
    /// <param name="symbol">The contract.</param>
    /// <param name="priceLevel">A price it trades near, above zero.</param>
    public Instrument RulesOf(Symbol symbol, double priceLevel)
    {
        if (_given.TryGetValue(symbol, out var given))
        {
            return given;
        }

        foreach (var row in BuiltIn)
        {
            if (row.Symbol == symbol.Value)
            {
                return Make(symbol, row.Tick, row.Lot, row.MaxMarket, row.MaxLimit);
            }
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(priceLevel);
        var tick = PowerOfTen((int)Math.Floor(Math.Log10(priceLevel)) - 4);
        var lot = PowerOfTen((int)Math.Floor(Math.Log10(5 / priceLevel)));
        return Make(symbol, tick, lot, lot * 1_000_000m, lot * 10_000_000m);
    }

    private static Instrument Make(Symbol symbol, decimal tick, decimal lot, decimal maxMarket, decimal maxLimit) => new()
    {
        Symbol = symbol,
        TickSize = tick,
        QuantityStep = lot,
        MinQuantity = lot,
        MaxMarketQuantity = maxMarket,
        MaxQuantity = maxLimit,
        MinNotional = MinNotionalUsdt,
    };

    private static decimal PowerOfTen(int exponent)
    {
        var power = 1m;
        for (var i = 0; i < Math.Abs(exponent); i++)
        {
            power = exponent < 0 ? power / 10 : power * 10;
        }

        return power;
    }

    private static Instrument Read(JsonElement row)
    {
        decimal? Number(string name) => row.TryGetProperty(name, out var value) ? value.GetDecimal() : null;
        var symbol = new Symbol(row.GetProperty("symbol").GetString() ?? "");
        var tick = Number("tickSize") ?? throw new FormatException($"{symbol} has no tickSize");
        var lot = Number("quantityStep") ?? throw new FormatException($"{symbol} has no quantityStep");
        if (tick <= 0 || lot <= 0)
        {
            throw new FormatException($"tickSize and quantityStep of {symbol} must be above zero, were {tick} and {lot}");
        }

        return new Instrument
        {
            Symbol = symbol,
            TickSize = tick,
            QuantityStep = lot,
            MinQuantity = Number("minQuantity") ?? lot,
            MaxMarketQuantity = Number("maxMarketQuantity") ?? lot * 1_000_000m,
            MaxQuantity = Number("maxQuantity") ?? lot * 10_000_000m,
            MinNotional = Number("minNotional") ?? MinNotionalUsdt,
            FundingIntervalMinutes = (int)(Number("fundingIntervalMinutes") ?? 480m),
        };
    }
}
