using TicketBot.Domain;

namespace TicketBot.Trading.Journal;

/// <summary>A line to be journalled.</summary>
/// <param name="Time">Market time.</param>
/// <param name="Kind">What it is, for example <c>event.candle</c>, <c>decision</c>, <c>intent</c>, <c>halt</c>, <c>job</c>.</param>
/// <param name="Symbol">The contract it is about; empty if none.</param>
/// <param name="Payload">JSON document.</param>
/// <param name="Cause">Sequence number of the entry that caused it, or <c>null</c>.</param>
public readonly record struct JournalEntry(Instant Time, string Kind, string Symbol, string Payload, long? Cause);

/// <summary>A line of the journal.</summary>
/// <param name="Sequence">Number, from 1, without gaps.</param>
/// <param name="Entry">The line.</param>
public readonly record struct JournalRecord(long Sequence, JournalEntry Entry);

/// <summary>The append-only record of what came in and what was decided. One writer; readers may be others.</summary>
public interface IJournal : IAsyncDisposable
{
    /// <summary>Identity of the data folder, made once with the journal, part of every order id: 16 hex digits.</summary>
    string FolderIdentity { get; }

    /// <summary>Takes an entry into the open batch and returns its sequence number; not durable before <see cref="Commit"/>.</summary>
    long Append(in JournalEntry entry);

    /// <summary>Takes a fact into the open batch as <see cref="FactJson"/> writes it; a journal that keeps no text need not make any.</summary>
    long Append(Fact fact, Instant time, long? cause) => Append(FactJson.ToEntry(fact, time, cause));

    /// <summary>Makes every appended entry durable before it returns.</summary>
    void Commit();

    /// <summary>Returns committed entries with a sequence number of at least <paramref name="from"/>, ascending; only the given
    /// <paramref name="kinds"/> unless <c>null</c>.</summary>
    IEnumerable<JournalRecord> Read(long from, IReadOnlyCollection<string>? kinds = null);

    /// <summary>Returns the newest <paramref name="count"/> committed entries of the given kinds, newest first.</summary>
    IReadOnlyList<JournalRecord> ReadNewest(int count, IReadOnlyCollection<string>? kinds = null);

    /// <summary>Returns one committed entry, or <c>null</c>.</summary>
    JournalRecord? Find(long sequence);
}
