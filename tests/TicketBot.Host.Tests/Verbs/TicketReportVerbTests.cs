using TicketBot.Domain;
using TicketBot.Testing;

namespace TicketBot.Host.Tests.Verbs;

public sealed class TicketReportVerbTests
{
    private static readonly Instant Never = Instant.From(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_folder_without_such_a_ticket_is_a_usage_error_that_names_the_list()
    {
        using var folder = new VerbFolder();
        var (code, output, error) = await folder.RunAsync("tickets", "report", "ffffffff", "--output", folder["report.html"]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("'ffffffff'; see: ticketbot tickets list", error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["report.html"]));
    }

    [Fact]
    public async Task A_ticket_whose_candles_are_gone_is_refused_with_the_remedy()
    {
        using var folder = new VerbFolder();
        var set = ConstantTickets.Set(0.9, Never);
        await folder.StoreAsync(set);
        var (code, _, error) = await folder.RunAsync("tickets", "report", set.Tickets[0].Id.Value, "--output", folder["report.html"]);
        Assert.Equal(2, code);
        Assert.Contains("import the candles first", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ticket_that_cannot_be_made_again_gets_no_report_and_the_part_is_named()
    {
        using var folder = new VerbFolder();
        var set = ConstantTickets.Set(0.9, Never);
        await folder.StoreAsync(set);
        await folder.RunAsync("import", "--data", folder.Candles(10));
        var (code, _, error) = await folder.RunAsync("tickets", "report", set.Tickets[0].Id.Value, "--output", folder["report.html"]);
        Assert.Equal(2, code);
        Assert.Contains("cannot be made again, so nothing can be drawn about it: settings", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Data.ReportsFolder));
    }

    [Fact]
    public async Task A_search_on_a_table_draws_its_report_beside_its_document()
    {
        using var folder = new VerbFolder();
        File.WriteAllLines(folder["t.csv"], ["a,b,y", .. Enumerable.Range(0, 200).Select(i => $"{i * 37 % 101},{i * 53 % 97},{i * 37 % 101 / 51}")]);
        var (code, document) = await folder.JsonAsync(
            "tickets", "search", "--dataset", folder["t.csv"], "--label", "y", "--architecture", "dense:8", "--steps", "40", "--evaluate-every", "10", "--learning-rate", "0.01", "--rounds", "2",
            "--seeds", "2", "--null-draws", "1", "--controls", "reinit", "--report", folder["r.html"]);
        var page = await File.ReadAllTextAsync(folder["r.html"]);
        Assert.Equal(0, code);
        Assert.All(
            ["Accuracy and early stop against remaining weights", "The ticket against its partners", "What the last network looks at", "minus reinit", "<td>2 of 2</td>"],
            part => Assert.Contains(part, page, StringComparison.Ordinal));
        Assert.Equal(5, page.Split("<svg ").Length - 1);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        Assert.Contains(document.GetProperty("labelReason").GetString()!, System.Net.WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        foreach (var row in document.GetProperty("comparison").EnumerateArray())
        {
            Assert.Contains(FormattableString.Invariant($"<td>{100 * row.GetProperty("meanDifference").GetDouble():+0.00;-0.00}</td>"), page, StringComparison.Ordinal);
        }
    }
}
