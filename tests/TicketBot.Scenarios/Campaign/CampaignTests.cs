namespace TicketBot.Scenarios.Campaign;

/// <summary>The short form of the campaign: a few seeds of every row.</summary>
public sealed class CampaignTests
{
    /// <summary>Rows by name.</summary>
    public static TheoryData<string> Rows => [.. FaultTable.Rows.Where(r => r.Kind == RowKind.Seam).Select(r => r.Id)];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Every_invariant_holds(string id)
    {
        var row = FaultTable.Rows.Where(r => r.Kind == RowKind.Seam).Single(r => r.Id == id);
        var struck = 0;
        for (var seed = 1UL; seed <= (ulong)row.Short; seed++)
        {
            var played = await row.PlayAsync(seed);
            Assert.True(played.Breaks.Count == 0, $"{id}, seed {seed}:\n{string.Join('\n', played.Breaks)}");
            struck += played.Struck ? 1 : 0;
        }

        Assert.True(struck > 0, $"{id}: the fault never came to pass");
    }
}
