using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Bybit;
using TicketBot.Bybit.MarketData;
using TicketBot.Domain;
using TicketBot.Host.Configuration;
using TicketBot.Host.Running;
using TicketBot.Simulator;
using TicketBot.Storage;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Verbs;

/// <summary>Pages history from the configured venue into the store. Needs no key: candles are told to everybody.</summary>
public static class FetchVerb
{
    private static readonly Option<string> OnlySymbol = new("--symbol") { Description = "Contract", Required = true };
    private static readonly Option<string> Length = new("--interval") { Description = "Candle length", Required = true };
    private static readonly Option<string?> From = new("--from") { Description = "Earliest open time, UTC ISO 8601 (default: where the store ends)" };
    private static readonly Option<string?> Until = new("--to") { Description = "Exclusive end, UTC ISO 8601 (default: now)" };

    /// <summary>Returns the verb.</summary>
    public static Command Make(VerbMaker make) => make.Verb(
        "fetch", "Page history from the configured venue into the store; goes on where it was stopped and fills gaps", FetchAsync,
        OnlySymbol, Length, From, Until, VerbContext.Json);

    private static async Task<int> FetchAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        var series = SeriesOf(verb.Get(OnlySymbol)!, verb.Get(Length)!);
        var (from, to) = (BacktestVerb.TimeOf(verb.Get(From), "--from"), BacktestVerb.TimeOf(verb.Get(Until), "--to"));
        if (from is { } first && (first.UnixMilliseconds < 0 || to <= first))
        {
            throw new UsageException($"--from must lie before --to and after 1970, were {first} and {to?.ToString() ?? "now"}");
        }

        var settings = verb.Settings();
        var bybit = settings.Get<BybitOptions>();
        var market = bybit.Environment == ExchangeEnvironment.Simulator && !Venue.IsElsewhere(bybit) ? Simulated(settings) : null;
        await using var venue = market is null
            ? null
            : await Venue.OpenAsync(bybit, settings.Get<SimulatorOptions>(), market, null, TimeProvider.System, NullLoggerFactory.Instance, observe: false, cancellationToken);
        if (market is not null)
        {
            verb.Say($"the built-in simulator was started for this: {market.Source.Description}");
        }

        await using var own = venue is null ? Connect(bybit) : null;
        var exchange = own ?? (BybitExchange)venue!.Exchange;
        if (await exchange.MarketData.RefusalOfCandlesAsync(series.Symbol, series.Interval, cancellationToken) is { } refusal)
        {
            throw new UsageException($"{bybit.Environment} has no candles of {series}: {refusal}; check --symbol, --interval and Bybit:Environment");
        }

        var now = await MarketTimeAsync(exchange, series, cancellationToken);
        if (from >= now)
        {
            throw new UsageException($"--from must lie before the venue's time {now}, was {from}");
        }

        var folder = DataFolder.OfRun(
            settings.Get<StorageOptions>().DataFolder, bybit.Environment, market?.Slug ?? (bybit.Environment == ExchangeEnvironment.Simulator ? "elsewhere" : null));
        using var store = SqliteCandleStore.Open(folder.MarketDatabase);
        from ??= await store.LastOpenAsync(series.Symbol, series.Interval, cancellationToken) is { } last
            ? series.Interval.CloseOf(last)
            : throw new UsageException($"the store has no candle of {series} to go on from: give --from, for example --from 2024-01-01");
        return await FetchAsync(verb, exchange.MarketData, store, series, from.Value, to < now ? to.Value : now, now, cancellationToken);
    }

    private static async Task<int> FetchAsync(
        VerbContext verb, BybitMarket market, SqliteCandleStore store, SeriesKey series, Instant from, Instant until, Instant now, CancellationToken cancellationToken)
    {
        var lines = new ProgressLines(verb.Error, TimeProvider.System);
        var fetched = 0;
        HistoryFetch? fetch;
        try
        {
            fetch = await HistoryFetch.RunAsync(
                market, store, series, from, until,
                (done, of, found, reached) =>
                {
                    fetched = done - found;
                    lines.Say(done, of, found, $"{series} until {reached}");
                },
                cancellationToken);
        }
        catch (Exception fault) when (fault is OperationCanceledException or ExchangeException or StorageException)
        {
            verb.Say($"stopped; {fetched} candles were fetched and are stored, the same command goes on there");
            throw;
        }

        if (fetch is null)
        {
            throw new UsageException(await market.FirstCandleAsync(series.Symbol, series.Interval, from, now, cancellationToken) is { } listed
                ? $"{series} begins at {listed}, the span {from} to {until} lies before it; give a --to after that"
                : $"the venue has no candle of {series} before {now}");
        }

        if (fetch.IsCut)
        {
            verb.Say($"{series} begins at {fetch.From}: what was asked for before that does not exist");
        }

        var missing = fetch.Missing.Sum(gap => gap.Count);
        if (verb.WantsJson)
        {
            verb.WriteJson(new
            {
                symbol = series.Symbol, interval = series.Interval, from = fetch.From, to = fetch.Until, candles = fetch.Found + fetch.Fetched, found = fetch.Found,
                fetched = fetch.Fetched, missing, gaps = fetch.Missing.Select(gap => new { from = gap.From, to = gap.Until, count = gap.Count }),
            });
        }
        else
        {
            verb.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{series} from {fetch.From} to {fetch.Until}: {fetch.Found + fetch.Fetched} candles stored, {fetch.Fetched} of them fetched now{(missing > 0 ? $"; the venue does not have {missing}, the first at {fetch.Missing[0].From}" : "")}"));
        }

        return Exit.Done;
    }

    private static SeriesKey SeriesOf(string symbol, string interval)
    {
        try
        {
            return new SeriesKey(new Domain.Symbol(symbol), Interval.Parse(interval));
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException)
        {
            throw new UsageException(fault.Message, fault);
        }
    }

    private static SimulatedMarket Simulated(Settings settings) => SimulatedMarket.Open(
        new RunRequest(), settings.Get<SimulatorOptions>(), settings.Get<TradingOptions>(),
        account => SimulatorServer.RememberedLiveFrom(DataFolder.VenueFolderOf(settings.Get<StorageOptions>().DataFolder, ExchangeEnvironment.Simulator, account)), TimeProvider.System);

    // No stream is opened and nothing is signed, so that neither keys nor the addresses of streams are needed.
    private static BybitExchange Connect(BybitOptions bybit)
    {
        if (bybit.RestAddress.Length > 0)
        {
            var host = new Uri(bybit.RestAddress).Authority;
            bybit.PublicStreamAddress = bybit.PublicStreamAddress is { Length: > 0 } given ? given : $"wss://{host}/v5/public/linear";
            bybit.PrivateStreamAddress = bybit.PrivateStreamAddress is { Length: > 0 } named ? named : $"wss://{host}/v5/private";
        }

        return new BybitExchange(bybit, new BybitCredentials("nobody", "nothing"), TimeProvider.System, NullLogger<BybitExchange>.Instance);
    }

    // A simulator's market has a time of its own, which the clock does not tell and its newest candle, the one under way, does.
    private static async Task<Instant> MarketTimeAsync(BybitExchange exchange, SeriesKey series, CancellationToken cancellationToken)
    {
        if (exchange.Environment == ExchangeEnvironment.Simulator)
        {
            return await exchange.MarketData.NewestCandleAsync(series.Symbol, series.Interval, cancellationToken)
                ?? throw new UsageException($"the simulator has no candle of {series}");
        }

        await exchange.MeasureClockAsync(cancellationToken);
        return exchange.Clock.Now;
    }
}
