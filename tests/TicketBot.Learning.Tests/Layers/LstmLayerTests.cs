using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Tests.Reference;

namespace TicketBot.Learning.Tests.Layers;

/// <summary>The LSTM layer against its twin, the twin against central differences, and cases worked by hand.</summary>
public class LstmLayerTests
{
    [Theory]
    [InlineData(1, 1, 1, 1, 1.0)]
    [InlineData(1, 5, 3, 17, 1.0)]
    [InlineData(2, 3, 4, 16, 1.0)]
    [InlineData(5, 7, 9, 3, 0.3)]
    [InlineData(9, 4, 5, 65, 1.0)]
    [InlineData(3, 24, 33, 130, 0.2)]
    [InlineData(16, 2, 6, 64, 0.5)]
    public void Twin_and_floats_agree(int steps, int inputs, int hidden, int samples, double density)
    {
        LstmLayer layer = Draw(steps, inputs, hidden, density);
        var twin = new TwinLstm(steps, inputs, hidden);
        float[] plain = LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Scalar);
        RecurrentCheck.SameBits(plain, LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Vector256));
        RecurrentCheck.SameBits(plain, LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Vector512));
        Assert.Equal(
            plain[..(samples * steps * hidden)], LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Vector256, training: false));
    }

    [Theory]
    [InlineData(1, 3, 2, 2)]
    [InlineData(4, 3, 5, 2)]
    [InlineData(7, 1, 3, 1)]
    public void Twin_agrees_with_central_differences(int steps, int inputs, int hidden, int samples)
    {
        var twin = new TwinLstm(steps, inputs, hidden);
        RecurrentCheck.Fill(twin, seed: 4);
        LayerCheck.TwinAgainstDifferences(twin, samples * steps * inputs, samples, seed: 3);
    }

    [Fact]
    public void Without_weights_the_biases_alone_run_the_cell()
    {
        // i = f = o = sigmoid(0) = 1/2, g = tanh(1): c = tanh(1) (1/2, 3/4, 7/8), h = tanh(c) / 2.
        LstmLayer layer = Draw(steps: 3, inputs: 2, hidden: 1, density: 0.0);
        float[] bias = layer.Parameters[2].Values;
        Array.Clear(bias);
        bias[2] = 1f;
        float[] h = RecurrentCheck.Outputs(layer, samples: 2, 3f);
        Assert.Equal([0.18169974f, 0.25811840f, 0.29130172f, 0.18169974f, 0.25811840f, 0.29130172f], h, (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    [Fact]
    public void With_all_parameters_zero_the_state_stays_zero()
    {
        LstmLayer layer = Draw(steps: 4, inputs: 2, hidden: 3, density: 0.0);
        Array.Clear(layer.Parameters[2].Values);
        Assert.All(RecurrentCheck.Outputs(layer, samples: 5, 1f), h => Assert.Equal(0f, h));
    }

    [Fact]
    public void A_frozen_layer_hands_the_gradient_on_and_has_none_itself()
    {
        LstmLayer layer = Draw(steps: 3, inputs: 2, hidden: 4, density: 1.0);
        RecurrentCheck.FrozenKeepsTheInputGradient(layer, samples: 19);
    }

    [Fact]
    public void Parameters_learn_without_a_gradient_of_the_input()
    {
        LstmLayer layer = Draw(steps: 3, inputs: 2, hidden: 4, density: 1.0);
        RecurrentCheck.LearnsWithoutAnInputGradient(layer, samples: 19);
    }

    [Fact]
    public void First_weights_give_the_forget_gate_a_bias_of_one()
    {
        LstmLayer layer = Draw(steps: 2, inputs: 50, hidden: 50, density: 1.0);
        var rng = new Rng(1);
        layer.Initialize(ref rng);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => i / 50 == 1 ? 1f : 0f), layer.Parameters[2].Values);
        // Glorot per gate: variance 2 / (50 + 50).
        Assert.Equal(0.02, layer.Parameters[0].Values.Average(w => (double)w * w), 1e-3);
        Assert.Equal(0.02, layer.Parameters[1].Values.Average(w => (double)w * w), 1e-3);
    }

    [Theory]
    [InlineData(-300f)]
    [InlineData(-30f)]
    [InlineData(0f)]
    [InlineData(30f)]
    public void Saturated_gates_and_fading_gradients_leave_no_denormals(float bias)
    {
        LstmLayer layer = Draw(steps: 200, inputs: 3, hidden: 8, density: 1.0);
        Array.Fill(layer.Parameters[2].Values, bias);
        RecurrentCheck.LeavesNoDenormals(layer, samples: 33, () => layer.Remembered.ToArray());
    }

    [Fact]
    public void Passes_allocate_nothing() => Assert.Equal(0, RecurrentCheck.AllocatedByPass(Draw(steps: 3, inputs: 2, hidden: 4, density: 1.0), samples: 70));

    private static LstmLayer Draw(int steps, int inputs, int hidden, double density)
    {
        var rng = new Rng(1);
        Parameter inputWeight = LayerCheck.DrawParameter("w", 4 * hidden, inputs, ParameterKind.Weight, ref rng, 4);
        Parameter recurrentWeight = LayerCheck.DrawParameter("r", 4 * hidden, hidden, ParameterKind.RecurrentWeight, ref rng, 4, 1.0 / Math.Sqrt(hidden));
        Parameter bias = LayerCheck.DrawParameter("b", 4 * hidden, 1, ParameterKind.Bias, ref rng);
        RecurrentCheck.Thin(inputWeight, density, ref rng);
        RecurrentCheck.Thin(recurrentWeight, density, ref rng);
        return new LstmLayer(new LayerShape(steps, inputs), inputWeight, recurrentWeight, bias);
    }
}
