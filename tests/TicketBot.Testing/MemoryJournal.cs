using TicketBot.Trading.Journal;

namespace TicketBot.Testing;

/// <summary>A journal in memory that keeps the contract: gapless numbers, nothing readable before it is committed.</summary>
public sealed class MemoryJournal : IJournal
{
    private readonly List<JournalRecord> _records = [];
    private int _committed;

    /// <summary>Makes an empty journal, or one that goes on from <paramref name="records"/> as after a restart.</summary>
    public MemoryJournal(IEnumerable<JournalRecord>? records = null)
    {
        _records.AddRange(records ?? []);
        _committed = _records.Count;
    }

    /// <inheritdoc/>
    public string FolderIdentity { get; init; } = "0123456789abcdef";

    /// <summary>How often <see cref="Commit"/> was called.</summary>
    public int Commits { get; private set; }

    /// <summary>The error the next commits throw, or <c>null</c>.</summary>
    public Exception? CommitError { get; set; }

    /// <summary>The committed records: what would survive a kill.</summary>
    public IReadOnlyList<JournalRecord> Committed => _records[.._committed];

    /// <summary>Every record, committed or not.</summary>
    public IReadOnlyList<JournalRecord> All => _records;

    /// <inheritdoc/>
    public long Append(in JournalEntry entry)
    {
        _records.Add(new JournalRecord(_records.Count + 1, entry));
        return _records.Count;
    }

    /// <inheritdoc/>
    public void Commit()
    {
        if (CommitError is not null)
        {
            throw CommitError;
        }

        _committed = _records.Count;
        Commits++;
    }

    /// <inheritdoc/>
    public IEnumerable<JournalRecord> Read(long from, IReadOnlyCollection<string>? kinds = null) =>
        Committed.Where(r => r.Sequence >= from && (kinds is null || kinds.Contains(r.Entry.Kind)));

    /// <inheritdoc/>
    public IReadOnlyList<JournalRecord> ReadNewest(int count, IReadOnlyCollection<string>? kinds = null) =>
        [.. Read(1, kinds).Reverse().Take(count)];

    /// <inheritdoc/>
    public JournalRecord? Find(long sequence) =>
        sequence >= 1 && sequence <= _committed ? _records[(int)sequence - 1] : null;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
