using System.Globalization;
using TicketBot.Bybit;
using TicketBot.Domain;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Checks;

/// <summary>Checks each traded contract: rules against sizes, mode and leverage, candles, and what trading it costs against what is configured.</summary>
public static class ContractCheck
{
    private const long OldTradeMs = 60_000;
    private const int FundingDays = 7;
    private const decimal FeeToleranceBp = 0.01m;

    /// <summary>Adds the findings.</summary>
    public static async Task RunAsync(BybitExchange exchange, TradingOptions options, decimal equity, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        foreach (var symbol in options.Symbols.Select(name => new Symbol(name)))
        {
            try
            {
                await OneAsync(exchange, options, symbol, equity, findings, cancellationToken);
            }
            catch (ExchangeException fault)
            {
                findings.Add(new Finding($"contract {symbol}", false, fault.Message, FindingCause.World));
            }
        }
    }

    private static async Task OneAsync(
        BybitExchange exchange, TradingOptions options, Symbol symbol, decimal equity, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var rules = await exchange.MarketData.InstrumentsAsync(cancellationToken);
        if (rules.FirstOrDefault(one => one.Symbol == symbol) is not { IsTrading: true } instrument)
        {
            findings.Add(new Finding($"contract {symbol}", false, $"{symbol} is not among the {rules.Count} perpetual USDT contracts that trade at {exchange.Environment}: correct Trading:Symbols", FindingCause.Configuration));
            return;
        }

        findings.Add(new Finding(
            $"contract {symbol}", true,
            VenueCheck.Text($"trades; tick {instrument.TickSize}, lot {instrument.QuantityStep}, smallest order {instrument.MinQuantity} and {instrument.MinNotional} USDT, funding each {instrument.FundingIntervalMinutes} minutes")));
        var now = await exchange.GetMarketTimeAsync(cancellationToken);
        var ticker = await exchange.MarketData.TickerAsync(symbol, cancellationToken);
        findings.Add(SizeCheck.Of(instrument, ticker.Last.Value, equity, options));
        findings.Add(Mode(await exchange.AccountData.PositionAsync(symbol, now, cancellationToken)));
        var candles = await exchange.GetLatestCandlesAsync(symbol, Interval.Parse(options.Interval), 1, cancellationToken);
        findings.Add(candles.Count > 0
            ? new Finding($"candles of {symbol}", true, $"the newest closed {options.Interval} candle opened {candles[0].OpenTime}")
            : new Finding($"candles of {symbol}", false, $"the venue has no closed candle of {symbol} {options.Interval}: choose another Trading:Interval or contract"));
        await CostsAsync(exchange, options.Costs, symbol, now, findings, cancellationToken);
        await LivelinessAsync(exchange, options.Costs, symbol, now, findings, cancellationToken);
    }

    private static Finding Mode(PositionReport position) => (position.IsHedged, position.SignedQuantity) switch
    {
        (true, 0) => new Finding($"mode of {position.Symbol}", true, "hedge mode; it is switched to one-way mode at the start, which needs the contract flat and without orders", FindingCause.Warning),
        (true, _) => new Finding($"mode of {position.Symbol}", false, "hedge mode with an open position: close it, then the mode can be switched to one-way"),
        _ => new Finding(
            $"mode of {position.Symbol}", true,
            VenueCheck.Text($"one-way mode, leverage {position.Leverage?.ToString("0.##", CultureInfo.InvariantCulture) ?? "not said"}{(position.Leverage is 1 ? "" : "; it is set to 1 at the start")}")),
    };

    private static async Task CostsAsync(
        BybitExchange exchange, CostOptions costs, Symbol symbol, Instant now, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var fees = await exchange.AccountData.FeesAsync(symbol, cancellationToken);
        var name = $"fees of {symbol}";
        findings.Add(fees.Value is not { } rates
            ? new Finding(name, true, VenueCheck.Text($"{fees.Reason}; the configured {costs.TakerFeeBp} bp (taker) and {costs.MakerFeeBp} bp (maker) are used"), FindingCause.Warning)
            : rates.TakerBp > costs.TakerFeeBp + FeeToleranceBp || rates.MakerBp > costs.MakerFeeBp + FeeToleranceBp
                ? new Finding(name, false, VenueCheck.Text($"the account pays {rates.TakerBp:0.###} bp (taker) and {rates.MakerBp:0.###} bp (maker), more than the configured {costs.TakerFeeBp} and {costs.MakerFeeBp}: set Trading:Costs:TakerFeeBp and MakerFeeBp, and have tickets judged again"))
                : new Finding(name, true, VenueCheck.Text($"the account pays {rates.TakerBp:0.###} bp (taker) and {rates.MakerBp:0.###} bp (maker); configured are {costs.TakerFeeBp} and {costs.MakerFeeBp}")));
        var settled = await exchange.MarketData.FundingAsync(symbol, now.Plus(-FundingDays * Instant.MillisecondsPerDay), now, cancellationToken);
        if (settled.Count > 0)
        {
            var meanBp = settled.Average(one => Math.Abs(one.Rate)) * 10_000;
            findings.Add(new Finding(
                $"funding of {symbol}", true,
                VenueCheck.Text($"{settled.Count} settlements in {FundingDays} days, {meanBp:0.##} bp in the mean of their sizes; assumed are {costs.FundingBp} bp"),
                meanBp > (2 * (double)Math.Abs(costs.FundingBp)) + 1 ? FindingCause.Warning : FindingCause.Verdict));
        }
    }

    // A thin book (usual on testnet) fills worse than the cost model assumes.
    private static async Task LivelinessAsync(
        BybitExchange exchange, CostOptions costs, Symbol symbol, Instant now, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var book = await exchange.MarketData.BookAsync(symbol, 1, cancellationToken);
        var trades = await exchange.MarketData.RecentTradesAsync(symbol, 1, cancellationToken);
        var ageMs = trades.Count > 0 ? now.Since(trades[^1].Time) : (long?)null;
        var isThin = book.SpreadBp is not { } spread || (decimal)spread / 2 > costs.SlippageBp;
        findings.Add(new Finding(
            $"market of {symbol}", true,
            (book.SpreadBp is { } bp ? VenueCheck.Text($"spread {bp:0.##} bp (half of it against {costs.SlippageBp} bp of assumed slippage)") : "the book has an empty side")
            + (ageMs is { } age ? $", last trade {Math.Max(0, age)} ms ago" : ", no recent trade")
            + (isThin ? ": fills will be worse than assumed" : ""),
            isThin || ageMs is null or > OldTradeMs ? FindingCause.Warning : FindingCause.Verdict));
    }
}
