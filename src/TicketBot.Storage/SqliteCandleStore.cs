using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Storage.Migrations;

namespace TicketBot.Storage;

/// <summary>Candles in a SQLite file (<c>market.db</c>). Safe for use by several threads and processes. An observation that a later copy of
/// a candle lacks is kept: a venue's history knows nothing of what was sampled live.</summary>
public sealed class SqliteCandleStore : ICandleStore, IDisposable
{
    private static readonly string[] ValueNames = ["$o", "$h", "$l", "$c", "$v", "$t", "$spread", "$imbalance", "$flow", "$funding"];
    private readonly SqliteDatabase _database;

    private SqliteCandleStore(SqliteDatabase database) => _database = database;

    /// <summary>Opens the store, makes it if absent.</summary>
    /// <exception cref="StorageException">It cannot be opened, or is of a newer version.</exception>
    public static SqliteCandleStore Open(string path, ILogger? logger = null) =>
        new(SqliteDatabase.Open(path, DatabaseSchema.Market, durable: false, logger));

    /// <summary>Opens the store as <see cref="Open"/> does, but puts a damaged file aside and begins a new one: candles are had again from
    /// the venue. Only for the daemon, while no other process writes.</summary>
    /// <exception cref="StorageException">It cannot be opened, or is of a newer version.</exception>
    public static SqliteCandleStore OpenOrBeginAnew(string path, ILogger? logger = null)
    {
        DamagedFile.PutAsideIfDamaged(path, logger);
        return Open(path, logger);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A candle is impossible or off the interval's grid; nothing is stored.</exception>
    public ValueTask<int> WriteAsync(Symbol symbol, Interval interval, IReadOnlyList<Candle> candles, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CandleChecks.RefuseImpossible(interval, candles);
        return ValueTask.FromResult(candles.Count == 0 ? 0 : _database.Write(connection =>
        {
            var series = SeriesOf(connection, symbol, interval, create: true)!.Value;
            using var upsert = connection.CreateCommand();
            upsert.CommandText = """
                INSERT INTO candles (series, open_ms, open, high, low, close, volume, turnover, spread_bp, book_imbalance, signed_flow, funding_rate)
                VALUES ($series, $at, $o, $h, $l, $c, $v, $t, $spread, $imbalance, $flow, $funding)
                ON CONFLICT (series, open_ms) DO UPDATE SET
                    open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close,
                    volume = excluded.volume, turnover = excluded.turnover,
                    spread_bp = COALESCE(excluded.spread_bp, spread_bp),
                    book_imbalance = COALESCE(excluded.book_imbalance, book_imbalance),
                    signed_flow = COALESCE(excluded.signed_flow, signed_flow),
                    funding_rate = COALESCE(excluded.funding_rate, funding_rate)
                WHERE open <> excluded.open OR high <> excluded.high OR low <> excluded.low OR close <> excluded.close
                    OR volume <> excluded.volume OR turnover <> excluded.turnover
                    OR COALESCE(excluded.spread_bp, spread_bp) IS NOT spread_bp
                    OR COALESCE(excluded.book_imbalance, book_imbalance) IS NOT book_imbalance
                    OR COALESCE(excluded.signed_flow, signed_flow) IS NOT signed_flow
                    OR COALESCE(excluded.funding_rate, funding_rate) IS NOT funding_rate;
                """;
            upsert.Parameters.AddWithValue("$series", series);
            SqliteParameter[] columns =
            [
                upsert.Parameters.Add("$at", SqliteType.Integer),
                .. ValueNames.Select(name => upsert.Parameters.Add(name, SqliteType.Real)),
            ];
            upsert.Prepare();
            var changed = 0;
            foreach (var candle in candles)
            {
                columns[0].Value = candle.OpenTime.UnixMilliseconds;
                columns[1].Value = candle.Open;
                columns[2].Value = candle.High;
                columns[3].Value = candle.Low;
                columns[4].Value = candle.Close;
                columns[5].Value = candle.Volume;
                columns[6].Value = candle.Turnover;
                columns[7].Value = (object?)candle.Observations.SpreadBp ?? DBNull.Value;
                columns[8].Value = (object?)candle.Observations.BookImbalance ?? DBNull.Value;
                columns[9].Value = (object?)candle.Observations.SignedFlow ?? DBNull.Value;
                columns[10].Value = (object?)candle.Observations.FundingRate ?? DBNull.Value;
                changed += upsert.ExecuteNonQuery();
            }

            return changed;
        }));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Candle>> ReadAsync(
        Symbol symbol, Interval interval, Instant? from, Instant? until, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult<IReadOnlyList<Candle>>(_database.Use(connection =>
        {
            var candles = new List<Candle>();
            if (SeriesOf(connection, symbol, interval, create: false) is not { } series)
            {
                return candles;
            }

            using var command = connection.CreateCommand();
            command.CommandText = """
                SELECT open_ms, open, high, low, close, volume, turnover, spread_bp, book_imbalance, signed_flow, funding_rate
                FROM candles WHERE series = $series AND open_ms >= $from AND open_ms < $until ORDER BY open_ms;
                """;
            command.Parameters.AddWithValue("$series", series);
            command.Parameters.AddWithValue("$from", from?.UnixMilliseconds ?? long.MinValue);
            command.Parameters.AddWithValue("$until", until?.UnixMilliseconds ?? long.MaxValue);
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                candles.Add(new Candle(
                    new Instant(rows.GetInt64(0)), rows.GetDouble(1), rows.GetDouble(2), rows.GetDouble(3), rows.GetDouble(4), rows.GetDouble(5),
                    rows.GetDouble(6), new Observations(Optional(rows, 7), Optional(rows, 8), Optional(rows, 9), Optional(rows, 10))));
            }

            return candles;
        }));
    }

    /// <inheritdoc/>
    public ValueTask<Instant?> LastOpenAsync(Symbol symbol, Interval interval, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(_database.Use<Instant?>(connection =>
        {
            if (SeriesOf(connection, symbol, interval, create: false) is not { } series)
            {
                return null;
            }

            using var command = connection.CreateCommand();
            command.CommandText = "SELECT MAX(open_ms) FROM candles WHERE series = $series;";
            command.Parameters.AddWithValue("$series", series);
            return command.ExecuteScalar() is long last ? new Instant(last) : null;
        }));
    }

    /// <summary>Returns the symbols that have candles of a length, in the order of their names.</summary>
    public ValueTask<IReadOnlyList<Symbol>> SymbolsAsync(Interval interval, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult<IReadOnlyList<Symbol>>(_database.Use(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT symbol FROM series WHERE interval = $interval AND EXISTS (SELECT 1 FROM candles WHERE series = series.id) ORDER BY symbol;";
            command.Parameters.AddWithValue("$interval", interval.Name);
            using var rows = command.ExecuteReader();
            var symbols = new List<Symbol>();
            while (rows.Read())
            {
                symbols.Add(new Symbol(rows.GetString(0)));
            }

            return symbols;
        }));
    }

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    private static long? SeriesOf(SqliteConnection connection, Symbol symbol, Interval interval, bool create)
    {
        using var command = connection.CreateCommand();
        command.Parameters.AddWithValue("$symbol", symbol.Value);
        command.Parameters.AddWithValue("$interval", interval.Name);
        if (create)
        {
            command.CommandText = "INSERT OR IGNORE INTO series (symbol, interval) VALUES ($symbol, $interval);";
            command.ExecuteNonQuery();
        }

        command.CommandText = "SELECT id FROM series WHERE symbol = $symbol AND interval = $interval;";
        return command.ExecuteScalar() is { } id ? Convert.ToInt64(id, CultureInfo.InvariantCulture) : null;
    }

    private static double? Optional(SqliteDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetDouble(column);
}
