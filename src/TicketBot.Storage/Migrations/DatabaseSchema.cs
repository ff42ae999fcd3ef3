namespace TicketBot.Storage.Migrations;

/// <summary>The schema of one database file: a list of steps, each raising its version by one. A published step is never edited.</summary>
/// <param name="Name">File name without folder, for example <c>journal.db</c>.</param>
/// <param name="Steps">SQL of each step, in order.</param>
public sealed record DatabaseSchema(string Name, IReadOnlyList<string> Steps)
{
    /// <summary>The version after all steps.</summary>
    public int Version => Steps.Count;

    /// <summary>The journal: entries in order, and the identity of the data folder.</summary>
    public static DatabaseSchema Journal { get; } = new("journal.db", [
        """
        CREATE TABLE identity (id INTEGER PRIMARY KEY CHECK (id = 1), folder TEXT NOT NULL);
        CREATE TABLE entries (
            sequence INTEGER PRIMARY KEY,
            time_ms  INTEGER NOT NULL,
            kind     TEXT NOT NULL,
            symbol   TEXT NOT NULL,
            payload  TEXT NOT NULL,
            cause    INTEGER);
        CREATE INDEX entries_by_kind ON entries (kind, sequence);
        CREATE TRIGGER entries_stay BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'journal entries are never changed'); END;
        CREATE TRIGGER entries_last BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'journal entries are never deleted'); END;
        """,
    ]);

    /// <summary>The market: candles by series, with the observations as nullable columns.</summary>
    public static DatabaseSchema Market { get; } = new("market.db", [
        """
        CREATE TABLE series (
            id       INTEGER PRIMARY KEY,
            symbol   TEXT NOT NULL,
            interval TEXT NOT NULL,
            UNIQUE (symbol, interval));
        CREATE TABLE candles (
            series         INTEGER NOT NULL REFERENCES series (id),
            open_ms        INTEGER NOT NULL,
            open           REAL NOT NULL,
            high           REAL NOT NULL,
            low            REAL NOT NULL,
            close          REAL NOT NULL,
            volume         REAL NOT NULL,
            turnover       REAL NOT NULL,
            spread_bp      REAL,
            book_imbalance REAL,
            signed_flow    REAL,
            funding_rate   REAL,
            PRIMARY KEY (series, open_ms)) WITHOUT ROWID;
        """,
    ]);

    /// <summary>Research: regime sets, tickets and their history, the ledger of trials, stage outputs.</summary>
    public static DatabaseSchema Research { get; } = new("research.db", [
        """
        CREATE TABLE regime_sets (
            symbol   TEXT NOT NULL,
            interval TEXT NOT NULL,
            id       TEXT NOT NULL,
            content  TEXT NOT NULL,
            PRIMARY KEY (symbol, interval, id)) WITHOUT ROWID;
        CREATE TABLE in_force (
            symbol     TEXT NOT NULL,
            interval   TEXT NOT NULL,
            regime_set TEXT NOT NULL,
            PRIMARY KEY (symbol, interval),
            FOREIGN KEY (symbol, interval, regime_set) REFERENCES regime_sets (symbol, interval, id)) WITHOUT ROWID;
        CREATE TABLE tickets (
            id         TEXT PRIMARY KEY,
            symbol     TEXT NOT NULL,
            interval   TEXT NOT NULL,
            regime_set TEXT NOT NULL,
            regime     TEXT NOT NULL,
            gated      INTEGER NOT NULL,
            state      INTEGER NOT NULL,
            since_ms   INTEGER NOT NULL,
            reason     TEXT NOT NULL,
            change     INTEGER NOT NULL,
            CHECK (gated = 1 OR state NOT IN (2, 3)),
            FOREIGN KEY (symbol, interval, regime_set) REFERENCES regime_sets (symbol, interval, id)) WITHOUT ROWID;
        CREATE UNIQUE INDEX one_live_ticket ON tickets (symbol, interval, regime) WHERE state = 3;
        CREATE TABLE registry_history (
            sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
            at_ms      INTEGER NOT NULL,
            symbol     TEXT NOT NULL,
            interval   TEXT NOT NULL,
            regime_set TEXT NOT NULL,
            ticket     TEXT NOT NULL,
            from_state INTEGER,
            to_state   INTEGER,
            reason     TEXT NOT NULL);
        CREATE INDEX registry_history_by_ticket ON registry_history (ticket, sequence);
        CREATE TABLE trials (
            sequence      INTEGER PRIMARY KEY,
            at_ms         INTEGER NOT NULL,
            symbol        TEXT NOT NULL,
            interval      TEXT NOT NULL,
            configuration TEXT NOT NULL,
            from_ms       INTEGER NOT NULL,
            until_ms      INTEGER NOT NULL,
            score         REAL NOT NULL,
            what          TEXT NOT NULL,
            hash          TEXT NOT NULL,
            UNIQUE (symbol, interval, configuration, from_ms, until_ms));
        CREATE TRIGGER trials_stay BEFORE UPDATE ON trials BEGIN SELECT RAISE(ABORT, 'ledger rows are never changed'); END;
        CREATE TRIGGER trials_last BEFORE DELETE ON trials BEGIN SELECT RAISE(ABORT, 'ledger rows are never deleted'); END;
        CREATE TABLE ledger_head (id INTEGER PRIMARY KEY CHECK (id = 1), rows INTEGER NOT NULL, hash TEXT NOT NULL);
        CREATE TABLE runs (
            stage       TEXT NOT NULL,
            input_hash  TEXT NOT NULL,
            output      BLOB NOT NULL,
            output_hash TEXT NOT NULL,
            PRIMARY KEY (stage, input_hash));
        """,
    ]);
}
