namespace TicketBot.Scenarios.Campaign;

/// <summary>The table itself: what it promises to play.</summary>
public sealed class FaultTableTests
{
    [Fact]
    public void Every_row_has_a_name_of_its_own() =>
        Assert.Empty(FaultTable.Rows.GroupBy(r => r.Id).Where(g => g.Count() > 1).Select(g => g.Key));

    [Theory]
    [InlineData("K", 200)]
    [InlineData("PK", 20)]
    public void Every_kill_point_is_played_often_enough(string family, int seeds)
    {
        var rows = FaultTable.Rows.Where(r => r.Kind != RowKind.Soak && r.Id.StartsWith(family, StringComparison.Ordinal) && r.Id is not ("K0" or "K0b" or "K9")).ToList();
        Assert.NotEmpty(rows);
        Assert.All(rows, r => Assert.True(r.Full >= seeds, $"{r.Id} has {r.Full} seeds, {seeds} are promised"));
    }

    [Fact]
    public void Every_row_that_needs_nothing_but_this_process_has_a_short_form() =>
        Assert.All(FaultTable.Rows.Where(r => r.Kind == RowKind.Seam), r => Assert.True(r.Short > 0, $"{r.Id} has no short form"));
}
