using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Losses;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Tests.Reference;
using TicketBot.Learning.Training;
using TicketBot.Testing;

namespace TicketBot.Learning.Tests.Losses;

/// <summary>What holds for every loss, and what each promises beyond its gradient.</summary>
public class LossTests
{
    private static readonly Loss[] All =
    [
        new Loss.CrossEntropy(), new Loss.Binary(), new Loss.MeanSquared(), new Loss.Huber(), new Loss.Reconstruction(), new Loss.Gaussian(),
        new Loss.Gaussian { PredictsMean = false }, new Loss.Sharpe(), new Loss.Sharpe { GrossLeverage = 3.0 },
    ];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, All.Length)];

    /// <summary>A set of four values a row that the loss can read through four outputs.</summary>
    private static TrainingSet SetFor(Loss loss, int rows, float[]? weights = null)
    {
        var rng = new Rng(11);
        float[] features = LossCheck.Floats(LossCheck.Draw(rows * 4, ref rng));
        int width = loss is Loss.Gaussian { PredictsMean: true } or Loss.Sharpe { GrossLeverage: > 1.0 } ? 2 : 4;
        float[] targets = [.. Enumerable.Range(0, rows * width).Select(i => loss is Loss.Binary ? i % 2 : features[i / width * 4] * features[i % 4] * 0.1f)];
        return loss is Loss.CrossEntropy or Loss.Reconstruction
            ? new TrainingSet(features, 4, [.. Enumerable.Range(0, rows).Select(i => i % 4)], weights)
            : new TrainingSet(features, 4, targets, width, weights);
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Large_outputs_stay_finite(int number)
    {
        Loss loss = All[number];
        TrainingSet set = SetFor(loss, 6);
        double[] z = [.. Enumerable.Range(0, 24).Select(i => i % 3 == 0 ? 1e4 : i % 3 == 1 ? -1e4 : 0.0)];
        LossFunction function = loss.CreateFunction(4, 4);
        (double value, float[] gradient) = LossCheck.Run(function, set, 4, z);
        Assert.True(double.IsFinite(value), $"{value}");
        Assert.All(gradient, g => Assert.True(float.IsFinite(g)));
        double whole = LossCheck.Evaluate(function, set, 4, z, 6);
        Assert.Equal(value, whole, 1e-5 * Math.Abs(value));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Outputs_that_are_not_numbers_give_a_loss_that_is_not(int number)
    {
        Loss loss = All[number];
        foreach (double bad in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            for (int rows = 1; rows <= 3; rows += 2)
            {
                TrainingSet set = SetFor(loss, rows, rows == 3 ? [1f, 1f, 0f] : null);
                double[] z = new double[4 * rows];
                Array.Fill(z, bad, 4 * rows - 4, 4);
                LossFunction function = loss.CreateFunction(4, 4);
                Assert.False(double.IsFinite(LossCheck.Run(function, set, 4, z).Loss), $"{loss} {bad} {rows}");
                Assert.False(double.IsFinite(LossCheck.Evaluate(function, set, 4, z, 2)), $"{loss} {bad} {rows}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_batch_without_weight_teaches_nothing(int number)
    {
        TrainingSet set = SetFor(All[number], 3, new float[3]);
        (double value, float[] gradient) = LossCheck.Run(All[number].CreateFunction(4, 4), set, 4, new double[12]);
        Assert.Equal(0.0, value);
        Assert.All(gradient, g => Assert.Equal(0f, g));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Rows_without_weight_change_no_bit(int number)
    {
        Loss loss = All[number];
        TrainingSet some = SetFor(loss, 40);
        TrainingSet more = SetFor(loss, 70, [.. Enumerable.Range(0, 70).Select(i => i < 40 ? 1f : 0f)]);
        var rng = new Rng(3);
        double[] z = LossCheck.Draw(70 * 4, ref rng);
        (double few, float[] fewSlopes) = LossCheck.Run(loss.CreateFunction(4, 4), some, 4, z[..160]);
        (double many, float[] manySlopes) = LossCheck.Run(loss.CreateFunction(4, 4), more, 4, z);
        Assert.Equal(few, many);
        Assert.Equal(fewSlopes, manySlopes[..160]);
        Assert.All(manySlopes[160..], g => Assert.Equal(0f, g));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Every_loss_trains_and_stops_by_its_own_value(int number)
    {
        Loss loss = All[number];
        TrainingSet train = SetFor(loss, 300);
        var rng = new Rng(2);
        Network network = Network.Create(Architecture.Parse("dense:16/tanh", 4, 4), ref rng);
        double before = loss.Of(network, train);
        var options = new TrainingOptions { Loss = loss, Epochs = 60, LearningRate = 1e-2, EarlyStopPatience = 30 };
        TrainingResult result = Trainer.Train(network, MaskSet.Full(network), train, train, options, rng);
        Assert.True(result.BestValidationLoss < before - 0.005 * Math.Abs(before), $"{loss}: from {before} to {result.BestValidationLoss}");
        Assert.Equal(result.BestValidationLoss, loss.Of(network, train));
    }

    [Fact]
    public void Losses_and_slopes_are_the_same_bits_on_every_machine()
    {
        // Holds with DOTNET_EnableAVX2=0 and DOTNET_EnableHWIntrinsic=0 too.
        var rng = new Rng(6);
        var results = new List<float[]>();
        foreach (Loss loss in All)
        {
            double[] z = LossCheck.Draw(70 * 4, ref rng);
            (double value, float[] gradient) = LossCheck.Run(loss.CreateFunction(4, 4), SetFor(loss, 70), 4, z);
            results.Add([(float)value, .. gradient]);
        }

        Assert.Equal("2AF3C9BC1D74AFC5", Tasks.HashOf(results));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_loss_allocates_nothing_after_its_first_batch(int number)
    {
        LossFunction function = All[number].CreateFunction(4, 4);
        TrainingSet set = SetFor(All[number], 100);
        var flow = new Flow(new LayerShape(1, 4));
        flow.Reserve(2);
        var pass = new Pass(100, Training: true, KernelForms.Best, default);
        int[] rows = [.. Enumerable.Range(0, 100)];
        float[] outputs = new float[400];
        Judge();
        Assert.Equal(0, AllocatedBytes.LeastOf(Judge));

        void Judge()
        {
            for (int i = 0; i < 10; i++)
            {
                function.Run(set, rows, flow, pass);
                function.BeginEvaluation();
                function.Evaluate(set, 0, outputs);
                function.FinishEvaluation();
            }
        }
    }

    [Theory]
    [InlineData(1.0, 1.0)]
    [InlineData(1.5, 3.0)]
    [InlineData(3.0, 1e4)]
    public void Portfolio_weights_sum_to_one_within_the_leverage(double leverage, double size)
    {
        var loss = new Loss.Sharpe { GrossLeverage = leverage };
        var rng = new Rng(4);
        for (int trial = 0; trial < 200; trial++)
        {
            double[] weights = new double[1 + trial % 7];
            float[] outputs = LossCheck.Floats(LossCheck.Draw(weights.Length * (leverage > 1.0 ? 2 : 1), ref rng, size));
            loss.WeightsOf(outputs, weights);
            Assert.Equal(1.0, weights.Sum(), 1e-12);
            Assert.True(weights.Sum(Math.Abs) <= leverage + 1e-12, $"gross {weights.Sum(Math.Abs)}");
            Assert.True(leverage > 1.0 || weights.Min() >= 0.0);
        }

        Assert.Contains("found 3", Assert.Throws<ArgumentException>(() => loss.WeightsOf(new float[3], new double[2])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => loss.WeightsOf([float.NaN, 1f, 1f, 1f], new double[leverage > 1.0 ? 2 : 4]));
    }

    [Fact]
    public void The_ratio_of_returns_that_do_not_vary_is_bounded_by_the_floor()
    {
        var set = new TrainingSet(new float[3], 1, [0.01f, 0.01f, 0.01f], 1);
        (double loss, _) = LossCheck.Run(new Loss.Sharpe { DeviationFloor = 1e-3 }.CreateFunction(1, 1), set, 1, new double[3]);
        Assert.Equal(-10.0, loss, 1e-5);
    }

    [Fact]
    public void A_log_variance_outside_its_range_finds_its_way_back()
    {
        var loss = new Loss.Gaussian { PredictsMean = false, LowestLogVariance = -4.0, HighestLogVariance = 4.0 };

        // Rows: too small with a far target (wants up), too small with a near one (wants down), too large with each.
        var set = new TrainingSet(new float[4], 1, [1f, 1e-3f, 100f, 1f], 1);
        (double value, float[] gradient) = LossCheck.Run(loss.CreateFunction(1, 1), set, 1, [-50.0, -50.0, 50.0, 50.0]);
        Assert.True(gradient[0] < 0f);
        Assert.Equal(0f, gradient[1]);
        Assert.Equal(0f, gradient[2]);
        Assert.True(gradient[3] > 0f);
        double[] targets = [1.0, 1e-3f, 100.0, 1.0];
        Assert.Equal(TwinLosses.Gaussian(1, predictsMean: false, targets, [1, 1, 1, 1]).Of([-4.0, -4.0, 4.0, 4.0]), value, 1e-6 * value);
    }

    [Fact]
    public void Volatility_is_learned_from_returns_alone()
    {
        var rng = new Rng(8);
        const int Rows = 4000;
        float[] features = new float[Rows];
        float[] returns = new float[Rows];
        for (int i = 0; i < Rows; i++)
        {
            features[i] = i % 2;
            returns[i] = (float)(rng.NextGaussian() * (i % 2 == 0 ? 0.5 : 2.0));
        }

        var set = new TrainingSet(features, 1, returns, 1);
        Network network = Network.Create(Architecture.Parse("dense:4/tanh", 1, 1), ref rng);
        Trainer.Train(network, MaskSet.Full(network), set, set, new TrainingOptions { Loss = new Loss.Gaussian { PredictsMean = false }, LearningRate = 1e-2, Epochs = 30 }, rng);
        float[] logVariances = network.Forward([0f, 1f], 2);
        Assert.Equal(Math.Log(0.25), logVariances[0], 0.15);
        Assert.Equal(Math.Log(4.0), logVariances[1], 0.15);
    }

    [Fact]
    public void Divergence_of_a_squared_loss_is_an_error()
    {
        TrainingSet set = SetFor(new Loss.MeanSquared(), 100);
        var rng = new Rng(2);
        Network network = Network.Create(Architecture.Parse("dense:8", 4, 4), ref rng);
        var options = new TrainingOptions { Loss = new Loss.MeanSquared(), Optimizer = Optimizer.Sgd, LearningRate = 1e15, Epochs = 50 };
        Assert.Throws<TrainingDivergedException>(() => Trainer.Train(network, MaskSet.Full(network), set, null, options, rng));
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        Refused("Delta: expected a finite number above 0, found 0", new Loss.Huber { Delta = 0f });
        Refused("ClassWeights: expected 4 values", new Loss.CrossEntropy { ClassWeights = [1f, 2f] });
        Refused("ClassWeights[2]: expected a finite weight", new Loss.CrossEntropy { ClassWeights = [1f, 2f, -1f, 1f] });
        Refused("LowestLogVariance", new Loss.Gaussian { LowestLogVariance = -100.0 });
        Refused("HighestLogVariance: expected above 1", new Loss.Gaussian { LowestLogVariance = 1.0, HighestLogVariance = 0.0 });
        Refused("GrossLeverage: expected 1 to 100, found 0.5", new Loss.Sharpe { GrossLeverage = 0.5 });
        Refused("DeviationFloor", new Loss.Sharpe { DeviationFloor = double.NaN });
        Refused("DeviationFloor", new Loss.Sharpe { DeviationFloor = 1e-170 });
        Assert.Contains("even number of outputs", Assert.Throws<ArgumentException>(() => new Loss.Gaussian().CreateFunction(3, 4)).Message, StringComparison.Ordinal);
        Assert.Contains("as many outputs as a row has values, 4, found 3", Assert.Throws<ArgumentException>(() => new Loss.Reconstruction().CreateFunction(3, 4)).Message, StringComparison.Ordinal);

        static void Refused(string message, Loss loss) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => loss.CreateFunction(4, 4)).Message, StringComparison.Ordinal);
    }
}
