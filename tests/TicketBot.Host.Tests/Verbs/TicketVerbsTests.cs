using TicketBot.Domain;
using TicketBot.Testing;
using TicketBot.Tickets;

namespace TicketBot.Host.Tests.Verbs;

public sealed class TicketVerbsTests
{
    private static readonly Instant Never = Instant.From(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Lists_and_shows_tickets_with_their_gates()
    {
        using var folder = new VerbFolder();
        var set = ConstantTickets.Set(0.9, Never);
        await folder.StoreAsync(set);
        var (code, document) = await folder.JsonAsync("tickets", "list");
        Assert.Equal(0, code);
        Assert.Equal(set.Tickets.Select(t => t.Id.Value).Order(), document.GetProperty("tickets").EnumerateArray().Select(t => t.GetProperty("id").GetString()!).Order());

        var (_, shown) = await folder.JsonAsync("tickets", "show", set.Tickets[0].Id.Value[..12]);
        Assert.Equal("live", shown.GetProperty("state").GetString());
        Assert.True(shown.GetProperty("passed").GetBoolean());
        Assert.Equal(2, shown.GetProperty("gates").GetArrayLength());
        Assert.Equal(2, (await folder.RunAsync("tickets", "show", "ffffffff")).Code);
    }

    [Fact]
    public async Task Verify_finds_what_is_whole_what_cannot_be_derived_and_a_changed_file()
    {
        using var folder = new VerbFolder();
        var set = ConstantTickets.Set(0.9, Never);
        await folder.StoreAsync(set);
        var id = set.Tickets[0].Id.Value;
        var (code, document) = await folder.JsonAsync("tickets", "verify", id);
        // The file is whole; what was never made by research cannot be made again.
        Assert.Equal(1, code);
        var checks = document.GetProperty("checks").EnumerateArray().ToList();
        Assert.Equal(["file", "content", "regimes", "gates"], checks.Where(c => c.GetProperty("passed").GetBoolean()).Select(c => c.GetProperty("name").GetString()!));
        Assert.StartsWith("deriv", checks[^1].GetProperty("name").GetString(), StringComparison.Ordinal);

        var file = Path.Combine(folder.Data.Path, "tickets", id + TicketFile.Extension);
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[^9] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        (code, document) = await folder.JsonAsync("tickets", "verify", id);
        Assert.Equal(1, code);
        Assert.Equal("failed", document.GetProperty("verdict").GetString());
        Assert.Contains("damaged", document.GetProperty("checks")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ticket_whose_gates_did_not_all_pass_is_not_promoted()
    {
        using var folder = new VerbFolder();
        var set = ConstantTickets.Set(0.9, Never, passed: false);
        await folder.StoreAsync(set, activate: false);
        var id = set.Tickets[0].Id.Value;
        var (code, document) = await folder.JsonAsync("tickets", "promote", id);
        Assert.Equal(1, code);
        Assert.Equal("candidate", document.GetProperty("state").GetString());
        Assert.Contains("gates", document.GetProperty("refused").GetString(), StringComparison.Ordinal);
        Assert.Equal("candidate", (await folder.JsonAsync("tickets", "show", id)).Document.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Promoting_and_retiring_change_the_state_at_market_time()
    {
        using var folder = new VerbFolder();
        var set = ConstantTickets.Set(0.9, Never);
        await folder.StoreAsync(set, activate: false);
        await folder.RunAsync("import", "--data", folder.Candles(10));
        var id = set.Tickets[0].Id.Value;
        Assert.Equal(0, (await folder.RunAsync("tickets", "promote", id, "--reason", "looks good")).Code);
        var (_, shown) = await folder.JsonAsync("tickets", "show", id);
        Assert.Equal("live", shown.GetProperty("state").GetString());
        Assert.Equal("looks good", shown.GetProperty("reason").GetString());
        Assert.StartsWith("2025-01-01T02:30", shown.GetProperty("since").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, (await folder.RunAsync("tickets", "retire", id)).Code);
        Assert.Equal("retired", (await folder.JsonAsync("tickets", "show", id)).Document.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Export_writes_the_ticket_what_its_mask_keeps_and_its_regime_set()
    {
        using var folder = new VerbFolder();
        var set = ConstantTickets.Set(0.9, Never);
        await folder.StoreAsync(set);
        var ticket = set.Tickets[0];
        var (code, document) = await folder.JsonAsync("tickets", "export", ticket.Id.Value, "--output", folder["t.safetensors"]);
        Assert.Equal(0, code);
        Assert.Equal(ticket.Id, TicketFile.Read(folder["t.safetensors"]).Id);
        Assert.Equal(set.Regimes.Id, Market.Regimes.RegimeSet.FromJson(await File.ReadAllTextAsync(document.GetProperty("regimes").GetString()!)).Id);

        var rows = (await File.ReadAllLinesAsync(document.GetProperty("mask").GetString()!)).Skip(1).Select(l => l.Split(',')).ToList();
        var all = Assert.Single(rows, r => r[0] == "all");
        var kept = ticket.Mask.OfType<bool[]>().Sum(m => m.Count(b => b));
        Assert.Equal(kept.ToString(System.Globalization.CultureInfo.InvariantCulture), all[2]);
        Assert.Equal(kept, rows.Where(r => r[0] == "layer").Sum(r => int.Parse(r[2], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(ticket.Schema.Names, rows.Where(r => r[0] == "input").Select(r => r[1]));
        Assert.Equal(ticket.Mask[0]!.Count(b => b), rows.Where(r => r[0] == "input").Sum(r => int.Parse(r[2], System.Globalization.CultureInfo.InvariantCulture)));
    }
}
