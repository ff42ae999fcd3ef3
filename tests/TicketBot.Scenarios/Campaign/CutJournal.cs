using TicketBot.Storage;
using TicketBot.Trading.Journal;

namespace TicketBot.Scenarios.Campaign;

/// <summary>The journal of a trader under a blade: what was committed before it fell is on disk, the rest never was.</summary>
internal sealed class CutJournal(SqliteJournal inner, Blade blade) : IJournal
{
    private readonly List<string> _kinds = [];

    /// <summary>Told each entry as it is appended, on the trader's task.</summary>
    internal Action<JournalEntry>? Appended { get; set; }

    /// <summary>Whether a commit fails now, as on a full disk.</summary>
    internal Func<bool>? Failing { get; set; }

    /// <summary>Whether entries wait to be made durable.</summary>
    internal bool HasUnwritten => _kinds.Count > 0;

    /// <inheritdoc/>
    public string FolderIdentity => inner.FolderIdentity;

    /// <inheritdoc/>
    public long Append(in JournalEntry entry)
    {
        blade.Pass(CutPlace.Append, entry.Kind);
        _kinds.Add(entry.Kind);
        Appended?.Invoke(entry);
        return inner.Append(entry);
    }

    /// <inheritdoc/>
    public void Commit()
    {
        var kinds = string.Join(',', _kinds);
        blade.Pass(CutPlace.BeforeCommit, kinds);
        if (Failing?.Invoke() == true)
        {
            throw new StorageException("the journal could not be written: no space left on device");
        }

        inner.Commit();
        _kinds.Clear();
        blade.Pass(CutPlace.AfterCommit, kinds);
    }

    /// <inheritdoc/>
    public IEnumerable<JournalRecord> Read(long from, IReadOnlyCollection<string>? kinds = null) => inner.Read(from, kinds);

    /// <inheritdoc/>
    public IReadOnlyList<JournalRecord> ReadNewest(int count, IReadOnlyCollection<string>? kinds = null) => inner.ReadNewest(count, kinds);

    /// <inheritdoc/>
    public JournalRecord? Find(long sequence) => inner.Find(sequence);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
