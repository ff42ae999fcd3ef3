using TicketBot.Learning.Losses;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Tests.Reference;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Tests.Pruning;

public class SaliencyTests
{
    private static readonly Loss Loss = new Loss.CrossEntropy();

    private static Network Draw(string genes, int inputs, int window = 1, ulong seed = 1)
    {
        var rng = new Rng(seed);
        return Network.Create(Architecture.Parse(genes, inputs, 2, window), ref rng);
    }

    private static IReadOnlyList<float[]> Score(Network network, TrainingSet rows, ulong seed = 1, int rowsPerClass = 10)
    {
        var rng = new Rng(seed);
        return Saliency.Snip(network, rows, Loss, ref rng, rowsPerClass);
    }

    [Fact]
    public void Scores_are_gradient_times_weight_of_the_drawn_batch()
    {
        Network network = Draw("dense:9,dense:5/tanh", 12);
        TrainingSet rows = Tasks.Interaction(300, 12, 3);
        IReadOnlyList<float[]> scores = Score(network, rows);
        var rng = new Rng(1);
        int[] batch = Saliency.DrawBatch(rows, 10, ref rng);
        var twin = new DoubleNetwork(network.Architecture, network.CaptureWeights());
        double[][] gradient = twin.Gradient([.. batch.Select(row => Array.ConvertAll(rows.RowOf(row).ToArray(), x => (double)x))], [.. batch.Select(row => rows.Labels[row])], [.. batch.Select(_ => 1.0)]);
        for (int p = 0; p < scores.Count; p++)
        {
            for (int i = 0; i < scores[p].Length; i++)
            {
                double expected = p % 2 == 1 ? 0.0 : Math.Abs(gradient[p][i] * network.Parameters[p].Values[i]);
                Assert.Equal(expected, scores[p][i], 1e-6);
            }

            Assert.Equal(p % 2 == 1, scores[p].All(score => score == 0f));
        }
    }

    [Fact]
    public void The_batch_holds_ten_rows_of_each_class_and_all_of_a_rare_one_and_none_without_weight()
    {
        int[] labels = [.. Enumerable.Range(0, 400).Select(row => row < 4 ? 2 : row % 2)];
        float[] weights = [.. Enumerable.Range(0, 400).Select(row => row is 0 or >= 200 ? 0f : 1f)];
        var rows = new TrainingSet(new float[400], 1, labels, weights);
        var rng = new Rng(5);
        int[] batch = Saliency.DrawBatch(rows, 10, ref rng);
        Assert.Equal([10, 10, 3], Enumerable.Range(0, 3).Select(c => batch.Count(row => labels[row] == c)));
        Assert.All(batch, row => Assert.Equal(1f, weights[row]));
        Assert.Equal(batch.Distinct().Order(), batch);
        var targets = new TrainingSet(new float[400], 1, new float[400], 1);
        Assert.Equal(100, Saliency.DrawBatch(targets, 10, ref rng).Length);
        Assert.Throws<ArgumentException>(() => DrawOne(new TrainingSet(new float[2], 1, [0, 1], [0f, 0f])));

        static int[] DrawOne(TrainingSet set)
        {
            var stream = new Rng(1);
            return Saliency.DrawBatch(set, 10, ref stream);
        }
    }

    [Theory]
    [InlineData("dense:16,batchnorm,dense:8")]
    [InlineData("conv1d:8x3,batchnorm/relu,flatten,dense:8")]
    [InlineData("lstm:6")]
    [InlineData("gru:6,mean")]
    [InlineData("attention:8x2,max")]
    [InlineData("conv1d:6x2+0,dense:5+1")]
    public void Every_family_has_scores_and_the_network_stays_as_it_was(string genes)
    {
        const int Window = 6;
        TrainingSet rows = Tasks.Interaction(200, Window * 4, 7);
        Network network = Draw(genes, 4, Window);
        string before = Tasks.HashOf(network.CaptureWeights());
        IReadOnlyList<float[]> scores = Score(network, rows);
        Assert.Equal(before, Tasks.HashOf(network.CaptureWeights()));
        Assert.Equal(Tasks.HashOf(scores), Tasks.HashOf(Score(network, rows)));
        Assert.NotEqual(Tasks.HashOf(scores), Tasks.HashOf(Score(network, rows, seed: 2)));
        for (int p = 0; p < scores.Count; p++)
        {
            Assert.Equal(network.Parameters[p].IsPrunable, scores[p].Any(score => score > 0f));
        }

        MaskSet mask = MagnitudePruning.Prune(scores, MaskSet.Full(network), PruningOptions.ToDensity(0.2, PruningScope.All));
        Assert.Equal(mask.Total - (int)(0.8m * mask.Total), mask.Remaining);
    }

    [Fact]
    public void Dropout_plays_no_part()
    {
        TrainingSet rows = Tasks.Interaction(200, 12, 3);
        Network plain = Draw("dense:9,dense:5", 12);
        var dropped = new Network(Architecture.Parse("dense:9@0.5,dense:5@0.3", 12, 2));
        dropped.RestoreWeights(plain.CaptureWeights());
        Assert.Equal(Tasks.HashOf(Score(plain, rows)), Tasks.HashOf(Score(dropped, rows)));
    }

    [Fact]
    public void The_global_top_is_taken_over_all_weights_together()
    {
        Network network = Draw("lstm:6,dense:8", 4, 5);
        IReadOnlyList<float[]> scores = Score(network, Tasks.Interaction(200, 20, 7));
        MaskSet mask = MagnitudePruning.Prune(scores, MaskSet.Full(network), PruningOptions.ToDensity(0.3, PruningScope.All));
        var kept = new List<float>();
        var cut = new List<float>();
        for (int p = 0; p < scores.Count; p++)
        {
            for (int i = 0; i < mask.Of(p).Length; i++)
            {
                (mask.Of(p)[i] ? kept : cut).Add(scores[p][i]);
            }
        }

        Assert.Equal(mask.Remaining, kept.Count);
        Assert.True(kept.Min() >= cut.Max());
        Assert.True(mask.Layers.Select(layer => layer.Density).Distinct().Count() > 1);
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    [InlineData(4UL)]
    public void On_a_sparse_teacher_the_scores_find_its_inputs_and_shuffled_labels_find_others(ulong seed)
    {
        TrainingSet rows = Teacher.Rows(4000, 10 + seed);
        Network network = Draw("dense:64,dense:32", Teacher.Features, seed: seed);
        MaskSet mask = MaskOf(rows);
        double share = ShareOf(mask);
        double shuffled = ShareOf(MaskOf(Teacher.Shuffled(rows, seed)));
        Assert.True(share > 0.25 && shuffled < 0.15, $"share of living first-layer weights on the teacher's inputs {share}, with shuffled labels {shuffled}, chance 0.125");
        double[] sums = new double[Teacher.Features];
        IReadOnlyList<float[]> scores = Score(network, rows, seed, rowsPerClass: 200);
        for (int i = 0; i < scores[0].Length; i++)
        {
            sums[i % Teacher.Features] += scores[0][i];
        }

        // Weights are random still, so one of the three may lie where they happen to be small; two of the first three by chance is 1 in 33.
        Assert.InRange(Teacher.Strongest(sums).Intersect(Teacher.Relevant).Count(), 2, 3);

        static double ShareOf(MaskSet of)
        {
            double[] survivors = Teacher.Survivors(of.Of(0));
            return Teacher.Relevant.Sum(i => survivors[i]) / survivors.Sum();
        }

        MaskSet MaskOf(TrainingSet set) => MagnitudePruning.Prune(Score(network, set, seed, rowsPerClass: 200), MaskSet.Full(network), PruningOptions.ToDensity(0.05, PruningScope.All));
    }
}
