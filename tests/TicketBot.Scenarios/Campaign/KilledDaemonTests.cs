using TicketBot.Scenarios.Running;

namespace TicketBot.Scenarios.Campaign;

/// <summary>The short form of the rows that need the real daemon.</summary>
[Collection(DaemonCollection.Name)]
public sealed class KilledDaemonTests
{
    /// <summary>Rows by name.</summary>
    public static TheoryData<string> Rows => [.. FaultTable.Rows.Where(r => r is { Kind: RowKind.Process, Short: > 0 }).Select(r => r.Id)];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Every_invariant_holds(string id)
    {
        var row = FaultTable.Rows.Single(r => r.Id == id);
        var played = await row.PlayAsync(1);
        Assert.True(played.Breaks.Count == 0, $"{id}, seed 1:\n{string.Join('\n', played.Breaks)}");
        Assert.True(played.Struck, $"{id}: the fault never came to pass");
    }
}
