using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Losses;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Tests.Reference;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Tests.Training;

/// <summary>Training on two domains: gradients on every kind of architecture, what stays and what moves, and equal bits.</summary>
public sealed unsafe class AdaptationTests
{
    private const int SourceRows = 20;
    private const int TargetRows = 17;

    public static TheoryData<string> Genes => [.. GeneSamples.All];

    [Theory]
    [MemberData(nameof(Genes))]
    public void The_gradient_of_task_and_kernel_distance_is_that_of_differences(string genes)
    {
        Network network = GeneSamples.Draw(genes);
        TrainingSet joint = Joint(out int[] batch);
        int layer = network.Architecture.Layers.Count;
        var function = new Loss.CrossEntropy().CreateFunction(network.Architecture);
        using var domain = new Alignment.Distance(new FeatureDistance.Mmd()).CreateObjective(1, SourceRows, TargetRows, new TrainingOptions(), default);
        var objective = new JointObjective(domain, layer, 1.0) { Weight = 0.7 };
        network.Backpropagate(joint, batch, function, new Rng(5), objective);
        var twin = new TwinDistances(SourceRows, network.Graph.OutputOf(layer).Shape.Rows);
        double median = twin.MedianOf(FeaturesOf(network, layer));
        CheckDirections(network, () =>
        {
            double task = network.Backpropagate(joint, batch, function, new Rng(5), objective);
            return task + 0.7 * twin.Mmd(FeaturesOf(network, layer), median, biased: true);
        });
    }

    [Theory]
    [MemberData(nameof(Genes))]
    public void The_gradient_of_task_and_covariance_distance_is_that_of_differences(string genes)
    {
        Network network = GeneSamples.Draw(genes);
        TrainingSet joint = Joint(out int[] batch);
        var function = new Loss.CrossEntropy().CreateFunction(network.Architecture);
        using var domain = new Alignment.Distance(new FeatureDistance.Coral()).CreateObjective(1, SourceRows, TargetRows, new TrainingOptions(), default);
        var objective = new JointObjective(domain, network.Architecture.Layers.Count, 1.0) { Weight = 50.0 };
        CheckDirections(network, () => network.Backpropagate(joint, batch, function, new Rng(5), objective) + 50.0 * objective.Value!.Value);
    }

    [Theory]
    [MemberData(nameof(Genes))]
    public void Behind_the_reversal_features_climb_what_the_discriminator_descends(string genes)
    {
        Network network = GeneSamples.Draw(genes);
        TrainingSet joint = Joint(out int[] batch);
        int layer = network.Architecture.Layers.Count;
        var function = new Loss.CrossEntropy().CreateFunction(network.Architecture);
        using var domain = (AdversaryObjective)new Alignment.Adversary { Genes = "dense:9/tanh" }.CreateObjective(
            network.Graph.OutputOf(layer).Shape.Rows, SourceRows, TargetRows, new TrainingOptions(), new Rng(3));
        var objective = new JointObjective(domain, layer, 1.0) { Weight = 0.8 };
        double Run() => network.Backpropagate(joint, batch, function, new Rng(5), objective);
        CheckDirections(network, () => Run() - 0.8 * objective.Value!.Value);
        CheckDirections(domain.Discriminator, () =>
        {
            Run();
            return objective.Value!.Value;
        });
        Assert.InRange(domain.DomainAccuracy!.Value, 0.0, 1.0);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.3)]
    public void The_pull_of_an_anchor_is_b_times_the_way_from_it_for_the_anchored_genes_alone(double density)
    {
        Network network = GeneSamples.Draw(GeneSamples.All[1]);
        MaskSet mask = MagnitudePruning.Prune(network, MaskSet.Full(network), PruningOptions.ToDensity(density));
        mask.ApplyTo(network);
        float[][] start = [.. network.CaptureWeights().Select(values => values.Select(v => v == 0f ? 0f : v - 0.5f).ToArray())];
        TrainingSet rows = GeneSamples.Halves(30, 4);
        using var optimizer = new OptimizerState(network, mask, new TrainingOptions());
        int[] batch = [.. Enumerable.Range(0, 30)];
        network.Backpropagate(rows, batch, new Rng(1));
        float[][] plain = [.. network.Parameters.Select(parameter => (float[])parameter.Gradient.Clone())];
        network.Backpropagate(rows, batch, new Rng(1));
        double value = new Anchor(network, start, 0.25, lastGene: 2).Run();
        double squares = 0.0;
        for (int p = 0; p < plain.Length; p++)
        {
            ParameterShape shape = network.Parameters[p].Shape;
            for (int i = 0; i < plain[p].Length; i++)
            {
                float away = network.Parameters[p].Values[i] - start[p][i];
                bool isPulled = shape.Layer <= 2 && shape.IsTrained && (!shape.IsPrunable || mask.Of(p)[i]);
                squares += isPulled ? away * away : 0.0;
                if (!shape.IsPrunable || mask.Of(p)[i])
                {
                    Assert.Equal(plain[p][i] + (isPulled ? 0.25f * away : 0f), network.Parameters[p].Gradient[i], 1e-6f);
                }
            }
        }

        Assert.Equal(0.125 * squares, value, 1e-6 * squares);
    }

    [Fact]
    public void Genes_thaw_from_the_top_and_a_frozen_gene_moves_by_no_bit()
    {
        Network network = GeneSamples.Draw("dense:6,batchnorm,dense:5,flatten,dense:4");
        var moved = new List<int>();
        float[][] last = network.CaptureWeights();
        Adaptation.Train(
            network, MaskSet.Full(network), null, GeneSamples.Halves(60, 1),
            new AdaptationOptions { Training = new TrainingOptions { Steps = 40, BatchSize = 16 }, ThawEverySteps = 10, ReportEverySteps = 10 }, new Rng(1), moment =>
            {
                float[][] now = moment.Network.CaptureWeights();
                if (moment.Step > 0)
                {
                    moved.Add(Enumerable.Range(0, now.Length).Where(p => !now[p].SequenceEqual(last[p])).Min(p => moment.Network.Parameters[p].Shape.Layer));
                }

                last = now;
                return true;
            });
        Assert.Equal([6, 5, 3, 1], moved);
    }

    [Fact]
    public void Discriminative_rates_fall_by_their_divisor_from_one_weighted_gene_to_the_next_and_norms_go_with_theirs()
    {
        Architecture architecture = Architecture.Parse("dense:8/identity,batchnorm/relu,dense:8/identity,batchnorm/relu,dense:4", 3, 2);
        Assert.Equal([1 / 15.625, 1 / 15.625, 1 / 6.25, 1 / 6.25, 1 / 2.5, 1.0], FineTuning.Discriminative(architecture, 0, 2.5), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([0.0, 0.0, 1 / 6.25, 1 / 6.25, 1 / 2.5, 1.0], FineTuning.Discriminative(architecture, 2, 2.5), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([0.0, 0.0, 0.0, 0.0, 1.0, 1.0], FineTuning.FrozenUpTo(architecture, 4));
    }

    [Fact]
    public void Classes_of_rows_that_weigh_nothing_are_never_read()
    {
        TrainingSet source = GeneSamples.Halves(80, 1);
        TrainingSet target = GeneSamples.Halves(70, 2);
        Assert.Equal(Trained(1), Trained(0));

        float[][] Trained(int label)
        {
            Network network = GeneSamples.Draw(GeneSamples.All[0]);
            var blind = new TrainingSet(target.Features.ToArray(), 18, [.. Enumerable.Repeat(label, 70)], new float[70]);
            Adaptation.Train(network, MaskSet.Full(network), source, blind, Aligned(new Alignment.Distance(new FeatureDistance.Coral()), 60), new Rng(2));
            return network.CaptureWeights();
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_the_discriminator_has_its_own_chance()
    {
        TrainingSet source = GeneSamples.Halves(80, 1);
        TrainingSet target = GeneSamples.Halves(50, 2);
        Assert.Equal(Trained(new Rng(4)), Trained(new Rng(4)));
        Assert.NotEqual(Trained(new Rng(4)), Trained(new Rng(5)));

        float[][] Trained(Rng rng)
        {
            Network network = GeneSamples.Draw(GeneSamples.All[3]);
            Adaptation.Train(network, MaskSet.Full(network), source, target, Aligned(new Alignment.Adversary(), 40), rng);
            return network.CaptureWeights();
        }
    }

    [Fact]
    public void Adaptive_normalisation_takes_the_statistics_of_the_rows_and_moves_no_weight()
    {
        Network network = GeneSamples.Draw("dense:4/identity,batchnorm,last");
        TrainingSet rows = GeneSamples.Halves(200, 3);
        float[][] start = network.CaptureWeights();
        AdaptiveNormalization.Renew(network, rows);
        float[] hidden = HiddenFeatures.Of(network, rows, 1);
        int steps = hidden.Length / 4;
        for (int c = 0; c < 4; c++)
        {
            double[] values = [.. Enumerable.Range(0, steps).Select(i => (double)hidden[i * 4 + c])];
            double mean = values.Average();
            Assert.Equal(mean, network.Parameters[4].Values[c], 1e-5);
            Assert.Equal(values.Sum(v => (v - mean) * (v - mean)) / (steps - 1), network.Parameters[5].Values[c], 1e-4);
        }

        Assert.Equal(start[..4], network.CaptureWeights()[..4]);
        Assert.Equal(start[6..], network.CaptureWeights()[6..]);
        Assert.Equal("layer2.running_mean", network.Parameters[4].Name);
    }

    [Fact]
    public void An_autoencoder_learns_to_write_rows_again_and_leaves_its_encoder()
    {
        var rng = new Rng(9);
        float[] rows = new float[400 * 6];
        for (int i = 0; i < 400; i++)
        {
            (double a, double b) = (rng.NextGaussian(), rng.NextGaussian());
            for (int c = 0; c < 6; c++)
            {
                rows[i * 6 + c] = (float)(Math.Cos(c) * a + Math.Sin(c) * b);
            }
        }

        var set = new TrainingSet(rows, 6, new int[400]);
        var first = new Rng(1);
        Network network = Network.Create(Architecture.Parse("dense:12/tanh,dense:2/identity,dense:5", 6, 3), ref first);
        float[][] start = network.CaptureWeights();
        TrainingResult result = AutoencoderPretraining.Train(network, 2, set, set, new TrainingOptions { Steps = 600, LearningRate = 0.01, ValidateEverySteps = 50 }, new Rng(2));
        Assert.True(result.BestValidationLoss < 0.1, $"mean squared error {result.BestValidationLoss} of rows with variance 0.5");
        Assert.All(Enumerable.Range(0, 4), p => Assert.NotEqual(start[p], network.CaptureWeights()[p]));
        Assert.Equal(start[4..], network.CaptureWeights()[4..]);
        Assert.Equal(12, AutoencoderPretraining.DecoderOf(network.Architecture, 2).Parameters.Single(shape => shape.Name == "layer3.weight").Rows);
    }

    [Fact]
    public void An_alignment_without_a_source_and_a_gene_that_does_not_exist_are_refused()
    {
        Network network = GeneSamples.Draw("dense:4");
        TrainingSet rows = GeneSamples.Halves(20, 1);
        AdaptationOptions options = Aligned(new Alignment.Adversary(), 5);
        Assert.Contains("expected rows of a source", Assert.Throws<ArgumentException>(() => Adaptation.Train(network, MaskSet.Full(network), null, rows, options, new Rng(1))).Message, StringComparison.Ordinal);
        Assert.Contains("FeatureLayer: expected a gene from 1 to 1", Assert.Throws<ArgumentException>(
            () => Adaptation.Train(network, MaskSet.Full(network), rows, rows, options with { FeatureLayer = 2 }, new Rng(1))).Message, StringComparison.Ordinal);
    }

    private static AdaptationOptions Aligned(Alignment alignment, int steps) =>
        new() { Training = new TrainingOptions { Steps = steps, BatchSize = 16, LearningRate = 1e-2 }, Alignment = alignment, FeatureLayer = 1 };

    // Some rows of the target have a class, the others weigh nothing.
    private static TrainingSet Joint(out int[] batch)
    {
        TrainingSet source = GeneSamples.Halves(SourceRows, 31);
        TrainingSet target = GeneSamples.Halves(TargetRows, 32);
        float[] moved = [.. target.Features.ToArray().Select(value => 1.3f * value + 0.4f)];
        batch = [.. Enumerable.Range(0, SourceRows + TargetRows)];
        return Adaptation.Joined(source, new TrainingSet(moved, 18, [.. target.Labels], [.. Enumerable.Range(0, TargetRows).Select(row => row % 3 == 0 ? 2f : 0f)]));
    }

    private static double[] FeaturesOf(Network network, int layer)
    {
        Flow flow = network.Graph.OutputOf(layer);
        int width = flow.Shape.Rows;
        double[] features = new double[(SourceRows + TargetRows) * width];
        for (int i = 0; i < SourceRows + TargetRows; i++)
        {
            for (int c = 0; c < width; c++)
            {
                features[i * width + c] = flow.Values(i / Tile.Width)[c * Tile.Width + i % Tile.Width];
            }
        }

        return features;
    }

    // Along the gradient with random signs the slope must be the signed sum of its squares; a wrong component shows whatever the others are.
    private static void CheckDirections(Network network, Func<double> loss)
    {
        loss();
        float[][] gradient = [.. network.Parameters.Select(parameter => parameter.Shape.IsTrained ? (float[])parameter.Gradient.Clone() : [])];
        float[][] start = network.CaptureWeights();
        double norm = Math.Sqrt(gradient.Sum(values => values.Sum(v => (double)v * v)));
        Assert.True(norm > 1e-3, $"the gradient's norm {norm} leaves nothing to check");
        var rng = new Rng(77);
        for (int direction = 0; direction < 4; direction++)
        {
            double expected = 0.0;
            float[][] way = [.. gradient.Select(values => values.Select(v => (float)(v / norm) * (direction == 0 || rng.NextDouble() < 0.5 ? 1f : -1f)).ToArray())];
            for (int p = 0; p < way.Length; p++)
            {
                expected += way[p].Select((d, i) => (double)d * gradient[p][i]).Sum();
            }

            double slope = (At(1) - At(-1)) / (2.0 * Step);
            Assert.True(Math.Abs(slope - expected) <= 0.01 * norm + 2e-4, $"direction {direction}: differences {slope:R}, gradient {expected:R}, norm {norm:R}");

            double At(int sign)
            {
                for (int p = 0; p < way.Length; p++)
                {
                    for (int i = 0; i < way[p].Length; i++)
                    {
                        network.Parameters[p].Values[i] = start[p][i] + (float)(sign * Step) * way[p][i];
                    }
                }

                double value = loss();
                network.RestoreWeights(start);
                return value;
            }
        }
    }

    private const double Step = 2e-3;
}
