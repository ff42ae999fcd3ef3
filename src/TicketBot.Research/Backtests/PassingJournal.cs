using TicketBot.Domain;
using TicketBot.Trading.Journal;

namespace TicketBot.Research.Backtests;

/// <summary>A journal that numbers entries and keeps none: a backtest's reasons are in its result.</summary>
internal sealed class PassingJournal : IJournal
{
    private long _sequence;

    /// <inheritdoc/>
    public string FolderIdentity => "0000000000000000";

    /// <inheritdoc/>
    public long Append(in JournalEntry entry) => ++_sequence;

    /// <inheritdoc/>
    public long Append(Fact fact, Instant time, long? cause) => ++_sequence;

    /// <inheritdoc/>
    public void Commit()
    {
    }

    /// <inheritdoc/>
    public IEnumerable<JournalRecord> Read(long from, IReadOnlyCollection<string>? kinds = null) => [];

    /// <inheritdoc/>
    public IReadOnlyList<JournalRecord> ReadNewest(int count, IReadOnlyCollection<string>? kinds = null) => [];

    /// <inheritdoc/>
    public JournalRecord? Find(long sequence) => null;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
