using System.Globalization;
using TicketBot.Bybit;
using TicketBot.Domain;
using TicketBot.Host.Configuration;
using TicketBot.Host.Running;
using TicketBot.Simulator;
using TicketBot.Simulator.Markets;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Checks;

/// <summary>Checks sizes, and online also the venue, clock, keys and account.</summary>
public static class VenueCheck
{
    private const long LargestClockErrorMs = 300;

    /// <summary>Returns findings that need no network: the built-in rules and typical prices of the contracts.</summary>
    public static IReadOnlyList<Finding> Offline(Settings settings, decimal? equity)
    {
        var options = settings.Get<TradingOptions>();
        var rules = new InstrumentRules();
        return
        [
            .. from name in options.Symbols
               let symbol = new Symbol(name)
               let price = InstrumentRules.TypicalPrice(symbol)
               select SizeCheck.Of(rules.RulesOf(symbol, price), (decimal)price, equity ?? settings.Get<SimulatorOptions>().InitialBalance, options),
        ];
    }

    /// <summary>Returns findings over the venue itself; the first failure ends them.</summary>
    public static async Task<IReadOnlyList<Finding>> OnlineAsync(Settings settings, decimal? equity, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        var (bybit, simulator, options) = (settings.Get<BybitOptions>(), settings.Get<SimulatorOptions>(), settings.Get<TradingOptions>());
        Symbol[] symbols = [.. options.Symbols.Select(s => new Symbol(s))];
        var market = bybit.Environment == ExchangeEnvironment.Simulator ? SimulatedMarket.Open(new RunRequest(), simulator, options, _ => null, time) : null;
        await using var venue = await Venue.OpenAsync(bybit, simulator, market, null, time, loggers, cancellationToken);
        try
        {
            var now = await venue.Exchange.GetMarketTimeAsync(cancellationToken);
            var off = now.Since(Instant.From(time.GetUtcNow()));
            findings.Add(market is not null
                ? new Finding("venue", true, $"the built-in simulator answers; its market time is {now}")
                : new Finding("clock", Math.Abs(off) <= LargestClockErrorMs, $"the venue's clock differs by {off} ms; allowed are {LargestClockErrorMs} ms (set the system clock by NTP)"));
            var instruments = await venue.Exchange.GetInstrumentsAsync(symbols, cancellationToken);
            var snapshot = await venue.Exchange.GetSnapshotAsync(symbols, now, cancellationToken);
            findings.Add(new Finding("account", true, string.Create(
                CultureInfo.InvariantCulture, $"keys are accepted; equity {snapshot.Wallet.Equity} USDT, {snapshot.Positions.Count(p => p.SignedQuantity != 0)} positions, {snapshot.OpenOrders.Count} open orders")));
            foreach (var instrument in instruments)
            {
                var candles = await venue.Exchange.GetLatestCandlesAsync(instrument.Symbol, Interval.Parse(options.Interval), 1, cancellationToken);
                findings.Add(candles.Count == 0
                    ? new Finding($"candles of {instrument.Symbol}", false, $"the venue has no closed candle of {instrument.Symbol} {options.Interval}")
                    : SizeCheck.Of(instrument, (decimal)candles[^1].Close, equity ?? snapshot.Wallet.Equity.Value, options));
            }
        }
        catch (ExchangeException fault)
        {
            findings.Add(new Finding("venue", false, fault.Message));
        }

        return findings;
    }
}
