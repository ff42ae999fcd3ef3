using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;

namespace TicketBot.Trading;

/// <summary>What every start does, the first as well as the one after a kill: the journal is folded in, candles are brought up to market time,
/// the account is read, tickets take force.</summary>
internal sealed class Recovery(IExchange exchange, ICandleStore store, ITicketRegistry registry, int candlesInMemory, ILogger log)
{
    /// <summary>Brings a core to where it may decide, and opens the streams.</summary>
    /// <param name="core">A new core.</param>
    /// <param name="journal">Its journal, read from the first entry.</param>
    /// <param name="events">Takes the streams' events.</param>
    /// <param name="effects">Takes what is to be done at once.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="ExchangeException">The account cannot be used.</exception>
    public async Task RunAsync(
        TradingCore core, IJournal journal, ChannelWriter<ExchangeEvent> events, ICollection<TradingEffect> effects, CancellationToken cancellationToken)
    {
        var entries = 0L;
        foreach (var record in journal.Read(1, FactJson.Kinds))
        {
            if (FactJson.FromEntry(record) is { } fact)
            {
                core.Restore(fact, record.Entry.Time, record.Sequence);
                entries++;
            }
        }

        Log.Recovered(log, entries, core.Account.State.ToString(), core.Account.OpenOrders.Count, core.Account.Wallet.ToString());
        Symbol[] symbols = [.. core.Series.Select(s => s.Symbol).Distinct()];
        var instruments = await exchange.GetInstrumentsAsync(symbols, cancellationToken);
        await exchange.PrepareAsync(symbols, cancellationToken);
        await exchange.ConnectAsync(core.Series, events, cancellationToken);

        // Each series waits for the venue several times; side by side a start with twenty contracts takes no longer than with one.
        var histories = await Task.WhenAll(core.Series.Select(series => HistoryAsync(series, cancellationToken)));
        foreach (var (series, candles) in core.Series.Zip(histories))
        {
            core.Warm(series, candles);
            Log.Warmed(log, series.ToString(), candles.Count);
        }

        var now = await exchange.GetMarketTimeAsync(cancellationToken);
        core.Start(now, instruments, effects);
        var since = core.Account.HasCash ? core.Account.ExecutionsSince : now;
        core.Handle(new Fact.Reconciled(await exchange.GetSnapshotAsync(symbols, since, cancellationToken)), effects);
        foreach (var series in core.Series)
        {
            if (await registry.ActiveSetAsync(series.Symbol, series.Interval, cancellationToken) is { } set)
            {
                core.Activate(set, effects);
            }

            await KnowOwnerAsync(core, series, cancellationToken);
        }

        core.Handle(new Fact.TimePassed(now), effects); // Opens the market of a simulator that waits, and catches up on what is overdue.
    }

    private async Task<IReadOnlyList<Candle>> HistoryAsync(SeriesKey series, CancellationToken cancellationToken)
    {
        await CandleHistory.RefreshAsync(exchange, store, series, candlesInMemory, cancellationToken);
        var now = await exchange.GetMarketTimeAsync(cancellationToken);
        var from = series.Interval.Shift(series.Interval.OpenOf(now), -candlesInMemory);
        return await store.ReadAsync(series.Symbol, series.Interval, from, series.Interval.OpenOf(now), cancellationToken);
    }

    private async Task KnowOwnerAsync(TradingCore core, SeriesKey series, CancellationToken cancellationToken)
    {
        var holding = core.Account.HoldingOf(series.Symbol);
        if (holding.Position.IsFlat || holding.Owner is not { } owner)
        {
            return;
        }

        RegistryEntry? entry = null;
        try
        {
            entry = await registry.FindAsync(owner.Value, cancellationToken);
        }
        catch (TicketFileException e)
        {
            Log.OwnerDamaged(log, owner.Short, e.Message);
        }

        if (entry is not null)
        {
            core.PipelineOf(series).AddOwner(entry.Ticket);
        }
        else
        {
            Log.OwnerMissing(log, owner.Short, series.Symbol.ToString());
        }
    }
}
