using TicketBot.Domain;
using TicketBot.Market.Tables;
using TicketBot.Research;
using TicketBot.Research.Transfer;
using TicketBot.Storage;

namespace TicketBot.Host.Jobs;

/// <summary>The markets of the candle store as tables in one feature space.</summary>
/// <param name="Tables">Those that have rows enough.</param>
/// <param name="LeftOut">Those that have not, with the reason.</param>
/// <param name="Newest">Close of the newest candle read; the first instant where there is none.</param>
internal sealed record MarketTables(IReadOnlyList<(Symbol Symbol, LabelledTable Table)> Tables, IReadOnlyList<string> LeftOut, Instant Newest)
{
    /// <summary>Reads them.</summary>
    /// <param name="store">The store.</param>
    /// <param name="interval">Length of a candle.</param>
    /// <param name="options">Horizon and newest candles read.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<MarketTables> ReadAsync(SqliteCandleStore store, Interval interval, ResearchOptions options, CancellationToken cancellationToken)
    {
        var tables = new List<(Symbol, LabelledTable)>();
        var leftOut = new List<string>();
        var newest = default(Instant);
        foreach (var symbol in await store.SymbolsAsync(interval, cancellationToken))
        {
            var candles = await store.ReadAsync(symbol, interval, null, null, cancellationToken);
            try
            {
                var table = CandleTable.Of(symbol, interval, candles, null, options.Horizon, options.HistoryCandles);
                var fewest = Enum.GetValues<TableBlock>().Min(block => table.RowsOf(block).Length);
                if (fewest < LeastRows)
                {
                    leftOut.Add($"{symbol}: {fewest} rows in its smallest block, {LeastRows} are wanted; fetch or import more candles");
                    continue;
                }

                tables.Add((symbol, table));
                newest = interval.CloseOf(candles[^1].OpenTime) is var close && close > newest ? close : newest;
            }
            catch (ResearchRefusedException refusal)
            {
                leftOut.Add($"{symbol}: {refusal.Message}");
            }
        }

        return new MarketTables(tables, leftOut, newest);
    }

    private const int LeastRows = 20;
}
