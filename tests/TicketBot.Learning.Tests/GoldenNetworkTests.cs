using System.Security.Cryptography;
using System.Text.Json;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Tests;

/// <summary>Whole networks against an independent implementation: the numbers in <c>Golden/</c> come from PyTorch in double precision, written by the
/// script beside them. Tolerances are shares of the largest value of a tensor, as float rounding is: sums here have up to a few hundred terms, and a
/// moved weight differs by the rounding of its gradients times the rate.</summary>
public class GoldenNetworkTests
{
    private const double LogitTolerance = 3e-6;
    private const double GradientTolerance = 1e-5;
    private const double TrainedTolerance = 3e-6;
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden");

    private static readonly string[] Names = ["dense", "convolution-lstm", "gru-batchnorm", "attention-skip", "valid-reversal"];

    public static TheoryData<string> Networks => [.. Names];

    [Fact]
    public void The_files_are_those_that_the_metadata_names()
    {
        using JsonDocument metadata = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "metadata.json")));
        JsonElement[] files = [.. metadata.RootElement.GetProperty("files").EnumerateArray()];
        Assert.Equal(Names.Select(name => $"{name}.json").Order(), files.Select(file => file.GetProperty("name").GetString()!).Order());
        Assert.All(files, file => Assert.Equal(
            file.GetProperty("sha256").GetString(),
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Folder, file.GetProperty("name").GetString()!))))));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void The_parameters_are_those_of_the_golden_network(string name)
    {
        Golden golden = Golden.Read(name);
        Assert.Equal(
            golden.Parameters.Select(p => (p.Name, p.Values.Length)).Order(),
            golden.Parse().Parameters.Select(p => (p.Name, p.Count)).Order());
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Predictions_are_the_golden_ones(string name)
    {
        Golden golden = Golden.Read(name);
        Agree("logits", golden.Logits, golden.Network().Forward(golden.Features, golden.Rows), LogitTolerance);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Loss_and_gradients_are_the_golden_ones(string name)
    {
        Golden golden = Golden.Read(name);
        Network network = golden.Network();
        double loss = network.Backpropagate(golden.Set(), [.. Enumerable.Range(0, golden.Rows)]);
        Assert.Equal(golden.Loss, loss, 1e-6 * golden.Loss);

        // A gradient that is exactly zero in theory (key biases: softmax does not see them) is rounding of its neighbours' size.
        double largest = golden.Parameters.Max(p => p.Gradient?.Max(Math.Abs) ?? 0.0);
        foreach (GoldenParameter parameter in golden.Parameters.Where(p => p.Gradient is not null))
        {
            Agree($"gradient of {parameter.Name}", parameter.Gradient!, network.Parameters.Single(p => p.Name == parameter.Name).Gradient, GradientTolerance, 1e-7 * largest);
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Three_steps_of_Adam_with_decoupled_decay_end_where_the_golden_ones_do(string name)
    {
        Golden golden = Golden.Read(name);
        Network network = golden.Trained(Optimizer.AdamW);
        foreach (GoldenParameter parameter in golden.Parameters)
        {
            Agree($"{parameter.Name} after AdamW", parameter.AfterAdamW, network.Parameters.Single(p => p.Name == parameter.Name).Values, TrainedTolerance, 2e-7);
        }

        Agree("logits after AdamW", golden.LogitsAfterAdamW, network.Forward(golden.Features, golden.Rows), 2 * LogitTolerance);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Three_steps_of_Adam_with_decay_in_the_gradient_end_where_the_golden_ones_do(string name)
    {
        Golden golden = Golden.Read(name);
        Network network = golden.Trained(Optimizer.Adam);
        foreach (GoldenParameter parameter in golden.Parameters)
        {
            Agree($"{parameter.Name} after Adam", parameter.AfterAdam, network.Parameters.Single(p => p.Name == parameter.Name).Values, TrainedTolerance, 2e-7);
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Three_steps_of_descent_with_momentum_end_where_the_golden_ones_do(string name)
    {
        Golden golden = Golden.Read(name);
        Network network = golden.Trained(Optimizer.Sgd);
        foreach (GoldenParameter parameter in golden.Parameters)
        {
            Agree($"{parameter.Name} after descent", parameter.AfterDescent, network.Parameters.Single(p => p.Name == parameter.Name).Values, TrainedTolerance, 2e-7);
        }
    }

    private static void Agree(string tensor, double[] expected, float[] found, double tolerance, double floor = 0.0)
    {
        Assert.Equal(expected.Length, found.Length);
        double allowed = tolerance * expected.Max(Math.Abs) + floor;
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - found[i]) <= allowed, $"{tensor}[{i}]: expected {expected[i]:R} within {allowed:E1}, found {found[i]:R}");
        }
    }

    private sealed record GoldenParameter(string Name, float[] Values, double[]? Gradient, double[] AfterAdamW, double[] AfterAdam, double[] AfterDescent);

    private sealed record GoldenOptions(double LearningRate, double WeightDecay, double Beta1, double Beta2, double Epsilon, double Momentum);

    private sealed record Golden(
        string Genes, int Inputs, int Window, int Outputs, int Rows, GoldenOptions Options, int Steps,
        float[] Features, int[] Labels, float[] Weights, double[] Logits, double Loss, double[] LogitsAfterAdamW, GoldenParameter[] Parameters)
    {
        private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

        public Architecture Parse() => Architecture.Parse(Genes, Inputs, Outputs, Window);

        public TrainingSet Set() => new(Features, Window * Inputs, Labels, Weights);

        public static Golden Read(string name) =>
            JsonSerializer.Deserialize<Golden>(File.ReadAllText(Path.Combine(Folder, $"{name}.json")), Web)!;

        public Network Network()
        {
            Architecture architecture = Parse();
            var network = new Network(architecture);
            network.RestoreWeights([.. architecture.Parameters.Select(shape => Parameters.Single(p => p.Name == shape.Name).Values)]);
            return network;
        }

        public Network Trained(Optimizer optimizer)
        {
            Network network = Network();
            var options = new TrainingOptions
            {
                Optimizer = optimizer,
                LearningRate = Options.LearningRate,
                WeightDecay = Options.WeightDecay,
                Beta1 = Options.Beta1,
                Beta2 = Options.Beta2,
                Epsilon = Options.Epsilon,
                Momentum = Options.Momentum,
                BatchSize = Rows,
                Steps = Steps,
            };
            Trainer.Train(network, MaskSet.Full(network), Set(), null, options, new Rng(1));
            return network;
        }
    }
}
