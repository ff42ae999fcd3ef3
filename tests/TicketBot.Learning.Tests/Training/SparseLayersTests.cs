using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Losses;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Tests.Sparse;
using TicketBot.Learning.Training;
using TicketBot.Testing;

namespace TicketBot.Learning.Tests.Training;

/// <summary>Sparse training of every layer with a weight matrix against references that multiply whole masked matrices. Two references, because two things must
/// hold: outputs, losses and everything that follows from input gradients have the bits of the dense product; weight gradients have the bits of the
/// stated order of sums (16 lanes, one tree per tile and step), which the reference gets by packing every weight, zeros included.</summary>
public class SparseLayersTests
{
    private const int Steps = 12;

    public static TheoryData<string, double, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, double, int>();
            foreach (string genes in GeneSamples.All)
            {
                cases.Add(genes, 0.5, 70);
                cases.Add(genes, 0.2, 64);
                cases.Add(genes, 0.05, 19);
                cases.Add(genes, 0.3, 1);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Steps_have_the_bits_of_whole_masked_matrices(string genes, double density, int batch)
    {
        foreach (KernelForm form in Enum.GetValues<KernelForm>())
        {
            TrainingSet rows = GeneSamples.Halves(160, 9);
            Network sparse = GeneSamples.Draw(genes);
            sparse.Form = form;
            MaskSet mask = MaskOf(sparse.Architecture, density);
            mask.ApplyTo(sparse);
            Network whole = GeneSamples.Draw(genes);
            whole.Form = KernelForm.Scalar;
            whole.RestoreWeights(sparse.CaptureWeights());
            PackEverything(whole);
            var dense = new Network(whole.Architecture) { Form = KernelForm.Scalar };
            var options = new TrainingOptions { LearningRate = 1e-2, WeightDecay = 0.02 };
            using var state = new OptimizerState(sparse, mask, options);
            Assert.All(Matrices(sparse), p => Assert.NotNull(sparse.ParameterArray[p].Packed));
            var reference = new Adam(whole, mask, options);
            var rng = new Rng(4);
            for (int step = 0; step < Steps; step++)
            {
                dense.RestoreWeights(whole.CaptureWeights());
                int[] indices = [.. Enumerable.Range(0, batch).Select(_ => rng.NextInt(rows.Rows))];
                Rng noise = rng.Split((ulong)step);
                double expected = dense.Backpropagate(rows, indices, noise);
                Assert.Equal(expected, sparse.Backpropagate(rows, indices, noise));
                Assert.Equal(expected, whole.Backpropagate(rows, indices, noise));
                for (int p = 0; p < sparse.ParameterArray.Length; p++)
                {
                    float[] found = sparse.ParameterArray[p].Gradient;
                    string place = $"{form}, step {step}, {sparse.Parameters[p].Name}";
                    if (!sparse.Parameters[p].IsPrunable)
                    {
                        RequireSame(dense.ParameterArray[p].Gradient, found, place + " against dense");
                        continue;
                    }

                    RequireSame(Masked(whole.ParameterArray[p].Gradient, mask.Of(p)), found, place + " against all packed");
                    RequireClose(Masked(dense.ParameterArray[p].Gradient, mask.Of(p)), found, place + " against dense");
                }

                state.Apply(sparse, 1e-2);
                reference.Apply(1e-2);
                for (int p = 0; p < sparse.ParameterArray.Length; p++)
                {
                    RequireSame(whole.Parameters[p].Values, sparse.Parameters[p].Values, $"{form}, after step {step}, {sparse.Parameters[p].Name}");
                }
            }
        }
    }

    [Fact]
    public void Drawn_networks_have_the_gradients_of_whole_masked_matrices()
    {
        int packed = 0;
        for (ulong seed = 1; seed <= 90; seed++)
        {
            var rng = new Rng(seed);
            Architecture architecture = RandomNetwork.DrawArchitecture(ref rng);
            Network sparse = RandomNetwork.Draw(architecture, ((double[])[0.45, 0.2, 0.05])[seed % 3], ref rng, out MaskSet mask);
            var rows = new TrainingSet(RandomNetwork.DrawRow(100 * architecture.RowLength, ref rng), architecture.RowLength, RandomNetwork.DrawRow(100 * architecture.Outputs, ref rng), architecture.Outputs);
            int[] batch = [.. Enumerable.Range(0, 1 + rng.NextInt(99))];
            LossFunction loss = new Loss.MeanSquared().CreateFunction(architecture);
            var whole = new Network(architecture) { Form = KernelForm.Scalar };
            var dense = new Network(architecture) { Form = KernelForm.Scalar };
            whole.RestoreWeights(sparse.CaptureWeights());
            dense.RestoreWeights(sparse.CaptureWeights());
            PackEverything(whole);
            SparseTraining.Begin(sparse, mask);
            double expected = dense.Backpropagate(rows, batch, loss, new Rng(3));
            Assert.Equal(expected, sparse.Backpropagate(rows, batch, loss, new Rng(3)));
            whole.Backpropagate(rows, batch, loss, new Rng(3));
            for (int p = 0; p < sparse.ParameterArray.Length; p++)
            {
                bool isPacked = sparse.ParameterArray[p].Packed is not null;
                bool[] live = sparse.Parameters[p].IsPrunable ? mask.Of(p).ToArray() : [.. sparse.Parameters[p].Values.Select(_ => true)];
                packed += isPacked ? 1 : 0;
                RequireSame(
                    Masked((isPacked ? whole : dense).ParameterArray[p].Gradient, live), Masked(sparse.ParameterArray[p].Gradient, live),
                    $"seed {seed}, {architecture}, {batch.Length} rows, {sparse.Parameters[p].Name}");
            }
        }

        Assert.True(packed > 200, $"{packed} matrices were packed");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Loops_pass_exactly_the_surviving_weights_of_every_matrix(string genes, double density, int batch)
    {
        TrainingSet rows = GeneSamples.Halves(160, 9);
        Network network = GeneSamples.Draw(genes);
        MaskSet mask = MaskOf(network.Architecture, density);
        using var state = new OptimizerState(network, mask, new TrainingOptions());
        var full = GeneSamples.Draw(genes);
        int[] indices = [.. Enumerable.Range(0, batch)];
        network.Backpropagate(rows, indices, new Rng(1));
        full.Backpropagate(rows, indices, new Rng(1));
        int counted = 0;
        foreach ((Layer layer, Layer other) in network.Graph.Layers.Zip(full.Graph.Layers))
        {
            foreach ((WeightMatrix matrix, WeightMatrix whole) in layer.Matrices.Zip(other.Matrices))
            {
                int p = Array.IndexOf(network.ParameterArray, matrix.Parameter);
                long all = (long)matrix.Rows * matrix.Columns;
                long live = mask.Of(p).Count(true);
                Assert.Equal(whole.Work.Forward / all * live, matrix.Work.Forward);
                Assert.Equal(whole.Work.InputGradient / all * live, matrix.Work.InputGradient);
                Assert.Equal(whole.Work.WeightGradient / all * live, matrix.Work.WeightGradient);
                Assert.True(matrix.Work.Forward >= live && matrix.Work.WeightGradient >= live);
                counted++;
            }
        }

        Assert.Equal(network.ParameterArray.Count(parameter => parameter.IsPrunable), counted);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_step_with_its_update_allocates_nothing(string genes, double density, int batch)
    {
        TrainingSet rows = GeneSamples.Halves(160, 9);
        foreach (double share in new[] { density, 0.7, 1.0 })
        {
            Network network = GeneSamples.Draw(genes);
            using var state = new OptimizerState(network, MaskOf(network.Architecture, share), new TrainingOptions { ClipNorm = 1.0, WeightDecay = 0.1 });
            int[] indices = [.. Enumerable.Range(0, batch)];
            network.Backpropagate(rows, indices, new Rng(1));
            state.Apply(network, 1e-3);
            Assert.Equal(0, AllocatedBytes.LeastOf(() =>
            {
                network.Backpropagate(rows, indices, new Rng(1));
                state.Apply(network, 1e-3);
            }));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_task_long_learned_leaves_nothing_denormal(string genes, double density, int batch)
    {
        if (batch == 1)
        {
            return;
        }

        // Two far-apart windows: what there is to learn is learned at once, and gradients and moments fade for the rest.
        float[] features = [.. Enumerable.Repeat(2f, 18), .. Enumerable.Repeat(-2f, 18)];
        var rows = new TrainingSet(features, 18, [1, 0]);
        Network network = GeneSamples.Draw(genes);
        using var state = new OptimizerState(network, MaskOf(network.Architecture, density), new TrainingOptions { WeightDecay = 1e-3 });
        for (int step = 1; step <= 1500; step++)
        {
            network.Backpropagate(rows, [0, 1], new Rng((ulong)step));
            state.Apply(network, 0.05);
            if (step % 100 == 0)
            {
                IEnumerable<float> all = network.ParameterArray.SelectMany(p => p.Values.Concat(p.Gradient)).Concat(state.FirstMoments.Concat(state.SecondMoments).SelectMany(m => m));
                Assert.DoesNotContain(all, float.IsSubnormal);
            }
        }
    }

    private static IEnumerable<int> Matrices(Network network) =>
        Enumerable.Range(0, network.ParameterArray.Length).Where(p => network.Parameters[p].IsPrunable);

    private static void PackEverything(Network network)
    {
        foreach (int p in Matrices(network))
        {
            bool[] all = new bool[network.Parameters[p].Values.Length];
            Array.Fill(all, true);
            network.ParameterArray[p].Pack(all);
        }
    }

    // The given share of every matrix, at random places, at least one weight.
    private static MaskSet MaskOf(Architecture architecture, double density)
    {
        var rng = new Rng(3);
        bool[]?[] masks = MaskSet.Full(architecture).ToArrays();
        foreach (bool[]? mask in masks)
        {
            for (int i = 0; mask is not null && i < mask.Length; i++)
            {
                mask[i] = i < Math.Max(1.0, Math.Floor(density * mask.Length));
            }

            rng.Shuffle((mask ?? []).AsSpan());
        }

        return MaskSet.FromArrays(architecture, masks);
    }

    private static float[] Masked(float[] values, ReadOnlySpan<bool> live)
    {
        float[] masked = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            masked[i] = live[i] ? values[i] : 0f;
        }

        return masked;
    }

    // Zeros of either sign are one value: a product left out can change the sign of a sum that is itself zero.
    private static void RequireSame(float[] expected, float[] actual, string place)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(
                BitConverter.SingleToInt32Bits(expected[i] + 0f) == BitConverter.SingleToInt32Bits(actual[i] + 0f), $"{place}[{i}]: expected {expected[i]:R}, found {actual[i]:R}");
        }
    }

    private static void RequireClose(float[] expected, float[] actual, string place)
    {
        float scale = Math.Max(1e-3f, expected.Max(MathF.Abs));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(MathF.Abs(expected[i] - actual[i]) <= 1e-5f * scale, $"{place}[{i}]: expected {expected[i]:R}, found {actual[i]:R}, scale {scale:R}");
        }
    }

    /// <summary>The update over whole arrays, with its own moments and masks.</summary>
    private sealed unsafe class Adam(Network network, MaskSet mask, TrainingOptions options)
    {
        private readonly float[][] _first = [.. network.Parameters.Select(p => new float[p.Values.Length])];
        private readonly float[][] _second = [.. network.Parameters.Select(p => new float[p.Values.Length])];
        private double _beta1Power = 1.0;
        private double _beta2Power = 1.0;

        public void Apply(double rate)
        {
            _beta1Power *= options.Beta1;
            _beta2Power *= options.Beta2;
            for (int p = 0; p < _first.Length; p++)
            {
                Parameter parameter = network.ParameterArray[p];
                if (!parameter.Shape.IsTrained)
                {
                    continue;
                }

                float decay = parameter.IsPrunable ? (float)options.WeightDecay : 0f;
                fixed (float* w = parameter.Values, g = parameter.Gradient, m = _first[p], v = _second[p])
                fixed (int* keep = mask.KeepBits(p))
                {
                    Updates.Adam(w, g, m, v, keep, _first[p].Length, new Updates.AdamStep((float)rate, decay, 1f, (float)options.Beta1, (float)options.Beta2,
                        (float)(1.0 - _beta1Power), (float)(1.0 - _beta2Power), (float)options.Epsilon), KernelForm.Scalar);
                }
            }
        }
    }
}
