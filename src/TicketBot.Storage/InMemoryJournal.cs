using System.Globalization;
using TicketBot.Trading.Journal;

namespace TicketBot.Storage;

/// <summary>A journal in memory, for backtests. Committing makes entries visible to readers; nothing survives the process. Safe for use by
/// several threads.</summary>
/// <param name="folderIdentity">What takes the place of the data folder's identity: 16 hex digits.</param>
public sealed class InMemoryJournal(string folderIdentity = "0000000000000000") : IJournal
{
    private readonly Lock _gate = new();
    private readonly List<JournalEntry> _entries = [];
    private int _committed;

    /// <inheritdoc/>
    public string FolderIdentity { get; } = folderIdentity;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The cause lies ahead of the entry.</exception>
    public long Append(in JournalEntry entry)
    {
        lock (_gate)
        {
            if (entry.Cause is { } cause && (cause < 1 || cause > _entries.Count))
            {
                throw new InvalidOperationException(string.Create(
                    CultureInfo.InvariantCulture, $"Invariant: the cause of entry {_entries.Count + 1} must be an earlier entry, was {cause}"));
            }

            _entries.Add(entry);
            return _entries.Count;
        }
    }

    /// <inheritdoc/>
    public void Commit()
    {
        lock (_gate)
        {
            _committed = _entries.Count;
        }
    }

    /// <inheritdoc/>
    public IEnumerable<JournalRecord> Read(long from, IReadOnlyCollection<string>? kinds = null)
    {
        for (var sequence = Math.Max(1, from); Find(sequence) is { } record; sequence++)
        {
            if (kinds is null || kinds.Contains(record.Entry.Kind))
            {
                yield return record;
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<JournalRecord> ReadNewest(int count, IReadOnlyCollection<string>? kinds = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var found = new List<JournalRecord>();
        lock (_gate)
        {
            for (var i = _committed - 1; i >= 0 && found.Count < count; i--)
            {
                if (kinds is null || kinds.Contains(_entries[i].Kind))
                {
                    found.Add(new JournalRecord(i + 1, _entries[i]));
                }
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public JournalRecord? Find(long sequence)
    {
        lock (_gate)
        {
            return sequence >= 1 && sequence <= _committed ? new JournalRecord(sequence, _entries[(int)sequence - 1]) : null;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
