using System.Globalization;
using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Pruning;

namespace TicketBot.Learning.Sparse;

/// <summary>The stages of a masked network in the order they run, compiled: what is constant, what is needed, what is packed where. Dropout, gradient
/// reversal and identity leave nothing behind.</summary>
internal sealed class StageGraph
{
    private readonly Architecture _architecture;
    private readonly Dictionary<string, float[]> _parameters = new(StringComparer.Ordinal);
    private readonly List<Stage> _stages = [];

    public StageGraph(Architecture architecture, IReadOnlyList<float[]> weights, MaskSet mask, KernelForm form)
    {
        _architecture = architecture;
        for (int i = 0; i < weights.Count; i++)
        {
            _parameters.Add(architecture.Parameters[i].Name, Masked(weights[i], mask.Of(i)));
        }

        Input = new InputStage(new LayerShape(architecture.Window, architecture.Inputs));
        _stages.Add(Input);
        var outputs = new List<Stage> { Input };
        for (int i = 0; i < architecture.Layers.Count; i++)
        {
            outputs.Add(AddGene(i + 1, outputs));
        }

        Stage last = Last(outputs[^1]);
        Output = Add(new LinearStage(last, new LayerShape(1, architecture.Outputs), Take("output.weight"), Take("output.bias"), 1, isCausal: true, Activation.Identity));
        Compile(form);
    }

    public InputStage Input { get; }

    public Stage Output { get; }

    /// <summary>The stages that are needed, inputs before their readers.</summary>
    public IReadOnlyList<Stage> Stages => _stages;

    private void Compile(KernelForm form)
    {
        foreach (Stage stage in _stages)
        {
            stage.FindConstants();
        }

        for (int c = 0; c < Output.Shape.Channels; c++)
        {
            Output.Require(c, 0);
        }

        for (int i = _stages.Count - 1; i >= 0; i--)
        {
            if (_stages[i].IsNeeded)
            {
                _stages[i].RequireInputs();
            }
        }

        foreach (Stage stage in _stages)
        {
            stage.Lay();
        }

        _stages.RemoveAll(stage => !stage.IsNeeded);
        foreach (Stage stage in _stages)
        {
            stage.Pack(form);
        }
    }

    private Stage AddGene(int number, List<Stage> outputs)
    {
        Gene gene = _architecture.Layers[number - 1];
        Stage input = outputs[^1];
        LayerShape shape = gene.OutputOf(input.Shape);
        string prefix = string.Create(CultureInfo.InvariantCulture, $"layer{number}.");
        float[] Of(string name) => Take(prefix + name);
        bool hasActivation = false;
        Stage stage = input;
        switch (gene)
        {
            case Gene.Dense:
                stage = Add(new LinearStage(input, shape, Of("weight"), Of("bias"), 1, isCausal: true, gene.Activation));
                hasActivation = true;
                break;
            case Gene.Conv1D conv:
                stage = Add(new LinearStage(input, shape, Of("weight"), Of("bias"), conv.Kernel, conv.IsCausal, gene.Activation));
                hasActivation = true;
                break;
            case Gene.Lstm:
            case Gene.Gru:
                int gates = gene is Gene.Lstm ? 4 : 3;
                var gateShape = new LayerShape(shape.Steps, gates * shape.Channels);
                LinearStage sums = Add(new LinearStage(input, gateShape, Of("input_weight"), Of("bias"), 1, isCausal: true, Activation.Identity, gates));
                stage = Add(new RecurrentStage(sums, shape, Of("recurrent_weight"), gene is Gene.Gru ? Of("recurrent_bias") : null));
                break;
            case Gene.Attention attention:
                string[] projections = ["query", "key", "value", "output"];
                stage = Add(new AttentionStage(input, shape, attention.Heads, [.. projections.Select(name => Of(name + "_weight"))], [.. projections.Select(name => Of(name + "_bias"))]));
                break;
            case Gene.BatchNorm:
                stage = AddBatchNorm(gene, outputs, Of);
                hasActivation = stage is LinearStage;
                break;
            case Gene.LayerNorm:
                stage = Add(new LayerNormStage(input, Of("scale"), Of("shift")));
                break;
            case Gene.Flatten when input.Shape.Steps > 1:
                stage = Add(new FlattenStage(input));
                break;
            case Gene.Pool { Kind: Pooling.Last }:
                stage = Last(input);
                break;
            case Gene.Pool pool:
                stage = Add(new PoolStage(input, pool.Kind));
                break;
            case Gene.Flatten:
            case Gene.Identity:
            case Gene.Reversal:
                break;
            default:
                throw new NotSupportedException($"gene '{gene}'");
        }

        if (!hasActivation && gene.Activation != Activation.Identity)
        {
            stage = Add(new ActivationStage(stage, gene.Activation));
        }

        foreach (int skip in gene.Skips)
        {
            _parameters.TryGetValue(prefix + Architecture.SkipWeight(skip), out float[]? projection);
            stage = Add(new SumStage(stage, outputs[skip], projection));
        }

        return stage;
    }

    private Stage AddBatchNorm(Gene norm, List<Stage> outputs, Func<string, float[]> of)
    {
        Stage input = outputs[^1];
        float[] mean = of("running_mean");
        float[] factor = BatchNormStage.FactorOf(of("scale"), of("running_variance"));
        float[] shift = of("shift");

        // Genes without a stage of their own hand on the stage before them, so one stage may be the output of several genes.
        bool isReadElsewhere = _architecture.Layers.Any(gene => gene.Skips.Any(skip => skip < outputs.Count && outputs[skip] == input));
        if (input is LinearStage { Activation: Activation.Identity } linear && !isReadElsewhere
            && linear.Fold(mean, factor, shift, norm.Activation) is { } folded)
        {
            _stages.Remove(linear);
            HasFolded = true;
            return Add(folded);
        }

        return Add(new BatchNormStage(input, mean, factor, shift));
    }

    /// <summary>True if a batch normalisation went into the weights before it, whose sums then round differently.</summary>
    public bool HasFolded { get; private set; }

    private Stage Last(Stage stage) => stage.Shape.Steps == 1 ? stage : Add(new LastStage(stage));

    private T Add<T>(T stage)
        where T : Stage
    {
        _stages.Add(stage);
        return stage;
    }

    private float[] Take(string name) => _parameters[name];

    private static float[] Masked(float[] values, ReadOnlySpan<bool> mask)
    {
        float[] masked = (float[])values.Clone();
        for (int i = 0; i < mask.Length; i++)
        {
            masked[i] = mask[i] ? masked[i] : 0f;
        }

        return masked;
    }
}
