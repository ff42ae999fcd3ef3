using TicketBot.Learning.Losses;
using TicketBot.Learning.Search;
using TicketBot.Learning.Training;
using TicketBot.Testing;

namespace TicketBot.Learning.Tests.Search;

public class CellNetworkTests
{
    private static readonly CellSpace Space = new(2, 2, 6, 8, 3);
    private static readonly TrainingSet Set = MemoryTask.Of(100, 6, 2, 1);
    private static readonly int[] Rows = [.. Enumerable.Range(0, 100)];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_path_alone_is_the_network_of_its_architecture_bit_for_bit(bool isNormalised)
    {
        var space = new CellSpace(2, 2, 6, 8, 3, isNormalised: isNormalised);
        var rng = new Rng(5);
        CellNetwork cell = CellNetwork.Create(space, null, ref rng);
        for (int draw = 0; draw < 12; draw++)
        {
            int[] path = space.DrawPath(ref rng);
            var alone = new Network(space.ArchitectureOf(path));
            alone.RestoreWeights(cell.WeightsOf(path));

            double expected = alone.Backpropagate(Set, Rows);
            double found = cell.Backpropagate(Set, Rows, CellMixture.Of(space, path), new Rng(1));

            Assert.Equal(expected, found);
            float[][] gradients = [.. alone.Parameters.Select(parameter => parameter.Gradient)];
            bool[] flowing = cell.Flowing(CellMixture.Of(space, path));
            float[][] shared = [.. cell.Parameters.Where((_, i) => flowing[i]).Select(parameter => parameter.Gradient)];
            Assert.Equal(gradients.Length, shared.Length);
            for (int i = 0; i < gradients.Length; i++)
            {
                Assert.Equal(gradients[i], shared[i]);
            }

            // Training moved both networks' running statistics alike.
            Assert.Equal(Tasks.HashOf(alone.CaptureWeights()), Tasks.HashOf(cell.WeightsOf(path)));
        }
    }

    [Fact]
    public void Gradients_by_coefficients_are_those_of_central_differences()
    {
        // Without rectifiers, whose kinks no difference sees through.
        var space = new CellSpace(2, 2, 6, 8, 3, ["dense:8/tanh", "conv1d:8x3/gelu", "lstm:8", "gru:8", "attention:8x2", "skip", "identity"]);
        var rng = new Rng(6);
        CellNetwork cell = CellNetwork.Create(space, null, ref rng);
        CellMixture mixture = Some(ref rng);
        cell.Backpropagate(Set, Rows, mixture, new Rng(1));
        double[][] gradients = [.. cell.CoefficientGradients.Select(row => (double[])row.Clone())];
        const double step = 0.01;
        for (int position = 0; position < Space.Positions; position++)
        {
            for (int o = 0; o < gradients[position].Length; o++)
            {
                double difference = (Loss(position, o, step) - Loss(position, o, -step)) / (2 * step);

                Assert.True(Math.Abs(difference - gradients[position][o]) < 1e-4 + 0.01 * Math.Abs(difference), $"position {position}, {space.OperationsAt(position)[o]}: {difference} by differences, {gradients[position][o]} found");
            }
        }

        Assert.Contains(gradients.SelectMany(row => row), gradient => Math.Abs(gradient) > 0.01);

        double Loss(int position, int operation, double by)
        {
            double[][] moved = [.. mixture.Coefficients.Select(row => (double[])row.Clone())];
            moved[position][operation] += by;
            return cell.Backpropagate(Set, Rows, mixture with { Coefficients = moved }, new Rng(1));
        }
    }

    [Fact]
    public void Operations_that_do_not_flow_are_not_touched()
    {
        var rng = new Rng(7);
        CellNetwork cell = CellNetwork.Create(Space, null, ref rng);
        CellMixture path = CellMixture.Of(Space, [0, 1, 2]);
        var optimizer = new CellOptimizer(cell, new TrainingOptions { WeightDecay = 0.1 });
        float[][] before = cell.CaptureWeights();

        cell.Backpropagate(Set, Rows, path, new Rng(1));
        bool[] flowing = cell.Flowing(path);
        optimizer.Apply(flowing, 0.01);

        float[][] after = cell.CaptureWeights();
        for (int i = 0; i < flowing.Length; i++)
        {
            Assert.Equal(flowing[i], !before[i].SequenceEqual(after[i]));
        }
    }

    [Fact]
    public void Evaluation_leaves_weights_and_running_statistics_alone()
    {
        var rng = new Rng(8);
        CellNetwork cell = CellNetwork.Create(Space, null, ref rng);
        string before = Tasks.HashOf(cell.CaptureWeights());

        double loss = cell.LossOf(Set, Some(ref rng));

        Assert.Equal(before, Tasks.HashOf(cell.CaptureWeights()));
        Assert.InRange(loss, 0.3, 3.0);
    }

    [Fact]
    public void Any_loss_can_be_searched_with()
    {
        var space = new CellSpace(2, 1, 6, 8, 1);
        var rng = new Rng(9);
        CellNetwork cell = CellNetwork.Create(space, new Loss.MeanSquared(), ref rng);
        var set = new TrainingSet(Set.Features.ToArray(), 12, [.. Set.Labels.ToArray().Select(label => (float)label)], 1);
        CellMixture path = CellMixture.Of(space, [0]);
        var alone = new Network(space.ArchitectureOf([0]));
        alone.RestoreWeights(cell.WeightsOf([0]));

        Assert.Equal(alone.Backpropagate(set, Rows, new Loss.MeanSquared().CreateFunction(alone.Architecture), new Rng(1)), cell.Backpropagate(set, Rows, path, new Rng(1)));
        Assert.Throws<ArgumentException>(() => cell.Backpropagate(Set, Rows, path, new Rng(1)));
    }

    private static CellMixture Some(ref Rng rng)
    {
        double[][] rows = new double[Space.Positions][];
        for (int position = 0; position < rows.Length; position++)
        {
            rows[position] = new double[Space.OperationsAt(position).Count];
            foreach (ref double c in rows[position].AsSpan())
            {
                c = 0.05 + 0.3 * rng.NextDouble();
            }
        }

        return new CellMixture(rows, 0.5);
    }
}
