using TicketBot.Learning.Pruning;
using TicketBot.Learning.Sparse;

namespace TicketBot.Learning.Tests.Sparse;

/// <summary>What cannot reach an output is not computed, and what a new candle does not change is not computed again: counted on networks small enough to count by
/// hand.</summary>
public class CompiledLivenessTests
{
    [Fact]
    public void Only_the_steps_that_the_last_one_sees_are_computed()
    {
        var compiled = Full("conv1d:2x3,conv1d:2x2", inputs: 1, window: 8);
        // One step of the head (2), one of the second convolution (2 x 4), two of the first (2 x 3 each).
        Assert.Equal(2 + 8 + 2 * 6, compiled.MultiplyAdds);
        Assert.Equal(2 + 8 + 6, compiled.AdvanceMultiplyAdds);
    }

    [Fact]
    public void With_pooling_over_time_a_new_candle_costs_its_own_step_and_the_padded_ones()
    {
        var compiled = Full("conv1d:4x3,mean", inputs: 2, window: 32);
        Assert.Equal(32 * 24 + 4, compiled.MultiplyAdds);
        Assert.Equal((2 + 1) * 24 + 4, compiled.AdvanceMultiplyAdds);
    }

    [Fact]
    public void Without_padding_a_new_candle_costs_one_step()
    {
        var compiled = Full("conv1d:4x3:valid,conv1d:4x2:valid,flatten", inputs: 2, window: 12);
        Assert.Equal(10 * 24 + 9 * 32 + 9 * 4, compiled.MultiplyAdds);
        Assert.Equal(24 + 32 + 9 * 4, compiled.AdvanceMultiplyAdds);
    }

    [Fact]
    public void A_recurrent_layer_takes_the_inputs_of_the_new_candle_only_but_all_its_states()
    {
        var lstm = Full("lstm:4", inputs: 3, window: 16);
        Assert.Equal(16 * 48 + 15 * 64 + 4, lstm.MultiplyAdds);
        Assert.Equal(48 + 15 * 64 + 4, lstm.AdvanceMultiplyAdds);
        var gru = Full("gru:4", inputs: 3, window: 16);
        Assert.Equal(16 * 36 + 15 * 48 + 4, gru.MultiplyAdds);
        Assert.Equal(36 + 15 * 48 + 4, gru.AdvanceMultiplyAdds);
    }

    [Fact]
    public void Attention_asks_for_the_last_step_only()
    {
        var compiled = Full("attention:4x2", inputs: 3, window: 5);
        // Keys and values of five steps, one query, its scores and mixtures, one output, the head.
        Assert.Equal(5 * 2 * 12 + 12 + 5 * (4 + 4) + 16 + 4, compiled.MultiplyAdds);
        Assert.Equal(compiled.MultiplyAdds, compiled.AdvanceMultiplyAdds);
    }

    [Fact]
    public void A_head_of_attention_that_reaches_no_output_is_gone()
    {
        var compiled = Masked("attention:4x2", inputs: 3, window: 5, (name, _, column) => name != "layer1.output_weight" || column < 2);
        // Two channels of queries, keys and values are left, and two columns of the mixing weights.
        Assert.Equal(5 * 2 * 6 + 6 + 5 * (2 + 2) + 8 + 4, compiled.MultiplyAdds);
        Assert.Equal(3 * 2 + 4, compiled.LiveNeurons);
    }

    [Fact]
    public void Channels_of_queries_without_weights_and_bias_drop_the_keys_beside_them()
    {
        var compiled = Masked("attention:4x1", inputs: 3, window: 5, (name, row, _) => name != "layer1.query_weight" || row != 1);
        Assert.Equal(5 * (9 + 12) + 9 + 5 * (3 + 4) + 16 + 4, compiled.MultiplyAdds);
    }

    [Fact]
    public void Flatten_leaves_out_the_oldest_steps_that_nothing_reads()
    {
        var compiled = Masked("dense:2,flatten", inputs: 3, window: 4, (name, _, column) => name != "output.weight" || column >= 4);
        Assert.Equal(2 * 6 + 4, compiled.MultiplyAdds);
        Assert.Equal(6 + 4, compiled.AdvanceMultiplyAdds);
    }

    [Fact]
    public void Units_of_a_recurrent_layer_that_no_needed_unit_reads_are_gone()
    {
        // Unit 0 reaches the head and reads unit 1; units 2 and 3 read each other.
        var compiled = Masked("lstm:4", inputs: 3, window: 4, (name, row, column) => name switch
        {
            "layer1.recurrent_weight" => (row % 4, column) is (0, 1) or (2, 3) or (3, 2),
            "output.weight" => column == 0,
            _ => true,
        });
        Assert.Equal(4 * (8 * 3) + 3 * 4 + 1, compiled.MultiplyAdds);
        Assert.Equal(2, compiled.LiveNeurons);
    }

    [Fact]
    public void A_convolution_keeps_inputs_of_living_taps_only()
    {
        var compiled = Masked("conv1d:2x3", inputs: 4, window: 6, (name, row, column) => name != "layer1.weight" || (row == 0 && column is 1 or 9));
        // Channel 1 of the oldest and of the newest tap; the second output has neither weights nor a bias.
        Assert.Equal([1], compiled.LiveInputs);
        Assert.Equal(1, compiled.LiveNeurons);
        Assert.Equal(2 + 1, compiled.MultiplyAdds);
    }

    [Fact]
    public void A_skip_keeps_alive_what_the_main_way_lost()
    {
        var compiled = Masked("dense:3,dense:3+1", inputs: 2, window: 1, (name, _, _) => name != "layer2.weight");
        Assert.Equal(6 + 3, compiled.MultiplyAdds);
        Assert.Equal([0, 1], compiled.LiveInputs);
    }

    [Fact]
    public void Layer_normalisation_needs_dead_channels_too()
    {
        // The mean is over all three, so all three are computed although the head reads one.
        var compiled = Masked("dense:3,layernorm", inputs: 2, window: 1, (name, _, column) => name != "output.weight" || column == 0);
        Assert.Equal(6 + 1, compiled.MultiplyAdds);
    }

    [Fact]
    public void Batch_normalisation_costs_nothing_behind_a_linear_layer_and_only_there()
    {
        Assert.True(Full("dense:3/identity,batchnorm/relu", inputs: 2, window: 1).HasFolded);
        Assert.False(Full("dense:3,batchnorm", inputs: 2, window: 1).HasFolded);
        Assert.False(Full("dense:3/identity,batchnorm,identity+1", inputs: 2, window: 1).HasFolded);
    }

    private static CompiledNetwork Full(string genes, int inputs, int window) => Masked(genes, inputs, window, (_, _, _) => true);

    // All weights 0.1 to 0.9, other parameters zero (variances one), under the mask that a rule makes.
    private static CompiledNetwork Masked(string genes, int inputs, int window, Func<string, int, int, bool> lives)
    {
        Architecture architecture = Architecture.Parse(genes, inputs, 1, window);
        var weights = new List<float[]>();
        var masks = new List<bool[]?>();
        foreach (ParameterShape shape in architecture.Parameters)
        {
            weights.Add([.. Enumerable.Range(0, shape.Count).Select(i => shape.IsPrunable ? 0.1f * (1 + i % 9) : shape.Kind is ParameterKind.Scale ? 1f : shape.Name.EndsWith("variance", StringComparison.Ordinal) ? 1f : 0f)]);
            masks.Add(shape.IsPrunable ? [.. Enumerable.Range(0, shape.Count).Select(i => lives(shape.Name, i / shape.Columns, i % shape.Columns))] : null);
        }

        return new CompiledNetwork(architecture, weights, MaskSet.FromArrays(architecture, masks));
    }
}
