using TicketBot.Market.Tables;
using TicketBot.Research.Transfer;
using TicketBot.Testing;

namespace TicketBot.Research.Tests.Transfer;

public sealed class TransferRowsTests
{
    [Fact]
    public void Both_tables_are_standardised_by_training_rows_of_the_source_alone()
    {
        var source = new LabelledTable(["a"], [.. Enumerable.Range(0, 10).Select(i => (float)i)], [0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
        var target = new LabelledTable(["a"], [.. Enumerable.Range(0, 10).Select(i => 100f * i)], [0, 1, 0, 1, 0, 1, 0, 1, 0, 1], knownClasses: 2);
        var rows = TransferRows.Of([source], target, null, false);
        var deviation = Math.Sqrt(35 / 12.0); // Rows 0 to 5.
        Assert.Equal(-2.5 / deviation, rows.SourceTrain.Features[0], 1e-5);
        Assert.Equal((500 - 2.5) / deviation, rows.TargetTrain.Features[5], 1e-3);
        Assert.Equal(2, rows.TargetValidation!.Rows);
    }

    [Fact]
    public void Only_so_many_labels_exist_in_file_order_and_none_for_validation()
    {
        var target = DomainTables.Rule(100, 2);
        var rows = TransferRows.Of([DomainTables.Rule(100, 1)], target, 12, false);
        Assert.Equal(Enumerable.Range(0, 12), rows.LabelledRows);
        Assert.Equal(60, rows.TargetTrain.Rows);
        Assert.Null(rows.TargetValidation);
        Assert.Equal(20, rows.TargetTest!.Rows);
        Assert.Empty(TransferRows.Of([DomainTables.Rule(100, 1)], target, 0, false).LabelledRows);
    }

    [Fact]
    public void What_the_source_says_nothing_of_is_cut_and_what_lies_far_away_is_kept()
    {
        var source = new LabelledTable(["a", "b"], [.. Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? 5f : i)], [0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
        var target = new LabelledTable(["a", "b"], [.. Enumerable.Range(0, 20).Select(i => 1_000f + i)], [0, 1, 0, 1, 0, 1, 0, 1, 0, 1], knownClasses: 2);
        var features = TransferRows.Of([source], target, null, false).TargetTrain.Features;
        Assert.Equal(8, features[0]);
        Assert.True(features[1] > 100);
    }

    [Fact]
    public void Columns_may_stand_in_another_order_but_must_be_the_same()
    {
        var source = new LabelledTable(["a", "b"], [1, 10, 2, 20, 3, 30, 4, 40, 5, 50], [0, 1, 0, 1, 0]);
        var turned = new LabelledTable(["b", "a"], [10, 1, 20, 2, 30, 3, 40, 4, 50, 5], [0, 1, 0, 1, 0]);
        Assert.Equal(TransferRows.Of([source], source, null, false).Hash, TransferRows.Of([source], turned, null, false).Hash);
        var other = new LabelledTable(["a", "c"], [10, 1, 20, 2, 30, 3, 40, 4, 50, 5], [0, 1, 0, 1, 0]);
        var fault = Assert.Throws<ResearchRefusedException>(() => TransferRows.Of([source], other, null, false));
        Assert.Contains("the target lacks b and has besides c", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_may_lack_classes_and_labels_and_bring_new_ones()
    {
        var source = DomainTables.Rule(100, 1);
        Assert.Equal([], TransferRows.Of([source], DomainTables.Rule(100, 2, relabel: _ => LabelledTable.Unlabelled), null, false).LabelledRows);
        Assert.Null(TransferRows.Of([source], DomainTables.Rule(100, 2, relabel: _ => LabelledTable.Unlabelled), null, false).TargetTest);
        Assert.Equal(2, TransferRows.Of([source], DomainTables.Rule(100, 2, relabel: _ => 0), null, false).Classes);
        Assert.Equal(4, TransferRows.Of([source], DomainTables.Rule(100, 2, relabel: row => row % 4), null, false).Classes);
    }
}
