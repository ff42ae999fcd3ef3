using TicketBot.Market.Tables;
using TicketBot.Research.Experiments;

namespace TicketBot.Research.Tests.Experiments;

public sealed class ExperimentRowsTests
{
    [Fact]
    public void Features_are_standardised_with_training_rows_alone()
    {
        float[] values = [.. Enumerable.Range(0, 100).Select(row => row < 60 ? (row % 2 == 0 ? 10f : 14f) : 1_000f)];
        var table = new LabelledTable(["a"], values, [.. Enumerable.Range(0, 100).Select(i => i % 2)]);
        var rows = ExperimentRows.Of(table, raw: false);
        Assert.Equal([-1f, 1f], rows.Train.Features[..2].ToArray());
        Assert.All(rows.Test.Features.ToArray(), value => Assert.Equal(8f, value));
    }

    [Fact]
    public void Raw_features_stay_as_they_are()
    {
        var table = Planted.Table();
        Assert.Equal(table.Row(0).ToArray(), ExperimentRows.Of(table, raw: true).Train.RowOf(0).ToArray());
    }

    [Fact]
    public void All_steps_of_a_window_share_the_scale_of_their_feature()
    {
        float[] values = [.. Enumerable.Range(0, 400).Select(i => i % 4 < 2 ? -3f : 5f)];
        var table = new LabelledTable(["a_1", "b_1", "a_0", "b_0"], values, [.. Enumerable.Range(0, 100).Select(i => i % 2)], window: 2);
        Assert.Equal([-1f, -1f, 1f, 1f], ExperimentRows.Of(table, raw: false).Train.RowOf(0).ToArray());
    }

    [Fact]
    public void The_hash_sees_every_value_label_and_name()
    {
        var table = Planted.Table();
        float[] values = table.Values.ToArray(), moved = table.Values.ToArray();
        moved[^1] += 1e-3f;
        int[] labels = table.Labels.ToArray(), flipped = table.Labels.ToArray();
        flipped[^1] = 1 - flipped[^1];
        LabelledTable[] tables =
        [
            table, new(table.Columns, moved, labels), new(table.Columns, values, flipped), new([.. table.Columns.Skip(1), "z"], values, labels),
            new(table.Columns, values, labels, window: 2),
        ];
        Assert.Equal(tables.Length, tables.Select(t => ExperimentRows.Of(t, raw: true).Hash).Distinct().Count());
        Assert.Equal(ExperimentRows.Of(table, raw: true).Hash, ExperimentRows.Of(Planted.Table(), raw: true).Hash);
    }
}
