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

/// <summary>Checks sizes, and online also addresses, clock, key, account, contracts and costs at the venue.</summary>
public static class VenueCheck
{
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

    /// <summary>Returns findings over the venue itself. What cannot be reached is a finding too; what depends on it is left out.</summary>
    public static async Task<IReadOnlyList<Finding>> OnlineAsync(Settings settings, decimal? equity, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var (bybit, simulator, options) = (settings.Get<BybitOptions>(), settings.Get<SimulatorOptions>(), settings.Get<TradingOptions>());

        // An address that is given leads to a simulator that runs by itself; else the built-in one is started.
        var isBuiltIn = bybit.Environment == ExchangeEnvironment.Simulator && !Venue.IsElsewhere(bybit);
        if (!isBuiltIn && KeyFault(bybit) is { } fault)
        {
            return [fault];
        }

        var market = isBuiltIn ? SimulatedMarket.Open(new RunRequest(), simulator, options, _ => null, time) : null;
        await using var venue = await Venue.OpenAsync(bybit, simulator, market, null, time, loggers, observe: false, cancellationToken);
        var findings = new List<Finding>();
        if (market is not null)
        {
            findings.Add(new Finding("venue", true, "the built-in simulator was started for this check"));
        }

        var exchange = (BybitExchange)venue.Exchange;
        if (await AddressCheck.RunAsync(exchange, bybit, time, findings, cancellationToken)
            && await AccountCheck.RunAsync(exchange, options, time, findings, cancellationToken) is { } wallet)
        {
            await ContractCheck.RunAsync(exchange, options, equity ?? wallet.Equity.Value, findings, cancellationToken);
        }

        return findings;
    }

    /// <summary>Returns a text of this culture-free place.</summary>
    internal static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static Finding? KeyFault(BybitOptions bybit)
    {
        try
        {
            _ = BybitCredentials.Read(bybit, Environment.GetEnvironmentVariable);
            return null;
        }
        catch (ExchangeException fault)
        {
            return new Finding("key", false, $"{fault.Message}. Make a key for {bybit.Environment} at {KeyCheck.SiteOf(bybit.Environment)} with the rights to orders and positions of contracts and no other", FindingCause.Configuration);
        }
    }
}
