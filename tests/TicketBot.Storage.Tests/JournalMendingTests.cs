using TicketBot.Domain;
using TicketBot.Trading.Journal;

namespace TicketBot.Storage.Tests;

public sealed class JournalMendingTests : IDisposable
{
    private const int Entries = 4_000;
    private const int PageBytes = 4_096;
    private readonly TemporaryFolder _folder = new();

    private string JournalPath => _folder["journal.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_sound_journal_is_left_as_it_is()
    {
        await FillAsync();

        await using var journal = SqliteJournal.Open(JournalPath);

        Assert.Null(journal.Mending);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(JournalPath)!, "*.damaged-*"));
    }

    [Fact]
    public async Task A_damaged_page_costs_what_comes_after_it_and_a_copy_is_kept()
    {
        var identity = await FillAsync();
        var before = await File.ReadAllBytesAsync(JournalPath);
        var damaged = Overwrite(before, before.Length / PageBytes * 2 / 3);
        await File.WriteAllBytesAsync(JournalPath, damaged);

        await using var journal = SqliteJournal.Open(JournalPath);

        var mending = journal.Mending!;
        Assert.InRange(mending.Kept, 1, Entries - 1);
        Assert.Equal(identity, journal.FolderIdentity);
        Assert.Equal(damaged, await File.ReadAllBytesAsync(mending.Copy));
        Assert.Equal(Enumerable.Range(1, (int)mending.Kept).Select(i => Entry(i)), journal.Read(1).SkipLast(1).Select(r => r.Entry));
        Assert.Equal(JournalMending.Kind, journal.ReadNewest(1)[0].Entry.Kind);
    }

    [Fact]
    public async Task A_text_that_was_overwritten_inside_a_sound_page_costs_what_comes_after_it_once()
    {
        await FillAsync();
        var bytes = await File.ReadAllBytesAsync(JournalPath);
        var at = bytes.AsSpan().IndexOf("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"u8);
        bytes[at] = (byte)'\n'; // No line break may stand in a JSON text.
        await File.WriteAllBytesAsync(JournalPath, bytes);

        await using (var journal = SqliteJournal.Open(JournalPath))
        {
            Assert.InRange(journal.Mending!.Kept, 1, Entries - 1);
            Assert.Contains("not JSON", journal.Mending.Fault, StringComparison.Ordinal);
        }

        await using var again = SqliteJournal.Open(JournalPath);
        Assert.Null(again.Mending);
    }

    [Fact]
    public async Task Whatever_page_is_damaged_the_journal_opens_with_a_prefix_of_what_it_was()
    {
        await FillAsync();
        var whole = await File.ReadAllBytesAsync(JournalPath);
        for (var page = 1; page < whole.Length / PageBytes; page += 7)
        {
            await File.WriteAllBytesAsync(JournalPath, Overwrite(whole, page));
            await using var journal = SqliteJournal.Open(JournalPath);
            var kept = journal.Read(1).Where(r => r.Entry.Kind == "note").ToList();
            Assert.Equal(Enumerable.Range(1, kept.Count).Select(i => Entry(i)), kept.Select(r => r.Entry));
            journal.Append(Entry(1));
            journal.Commit();
        }
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.5)]
    [InlineData(0.01)]
    public async Task A_torn_file_keeps_the_entries_before_the_tear(double share)
    {
        await FillAsync();
        var whole = await File.ReadAllBytesAsync(JournalPath);
        await File.WriteAllBytesAsync(JournalPath, whole[..(int)(whole.Length * share)]);

        await using var journal = SqliteJournal.Open(JournalPath);

        Assert.NotNull(journal.Mending);
        var kept = journal.Read(1).Where(r => r.Entry.Kind == "note").Select(r => r.Entry).ToList();
        Assert.Equal(Enumerable.Range(1, kept.Count).Select(i => Entry(i)), kept);
    }

    [Fact]
    public async Task A_second_damage_has_a_copy_of_its_own()
    {
        await FillAsync();
        for (var i = 1; i <= 2; i++)
        {
            var bytes = await File.ReadAllBytesAsync(JournalPath);
            await File.WriteAllBytesAsync(JournalPath, bytes[..(bytes.Length * 2 / 3)]);
            await using var journal = SqliteJournal.Open(JournalPath);
            Assert.Equal($"{JournalPath}.damaged-{i}", journal.Mending!.Copy);
        }
    }

    private static byte[] Overwrite(byte[] bytes, int page)
    {
        var damaged = bytes.ToArray();
        Array.Fill(damaged, (byte)0xA5, page * PageBytes, PageBytes);
        return damaged;
    }

    private static JournalEntry Entry(int i) => new(new Instant(i), "note", "BTCUSDT", $$"""{"number":{{i}},"text":"{{new string('x', i % 90)}}"}""", i > 1 ? i - 1 : null);

    private async Task<string> FillAsync()
    {
        await using var journal = SqliteJournal.Open(JournalPath);
        for (var i = 1; i <= Entries; i++)
        {
            journal.Append(Entry(i));
        }

        journal.Commit();
        return journal.FolderIdentity;
    }
}
