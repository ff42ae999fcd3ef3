using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Losses;
using TicketBot.Learning.Pruning;

namespace TicketBot.Learning.Training;

/// <summary>A domain discriminator behind a gradient reversal: it makes its own cross-entropy small, the features before it make that large. Both domains weigh alike whatever
/// their samples.</summary>
internal sealed unsafe class AdversaryObjective : DomainObjective
{
    // Layers of the task network take the first streams of an update's chance.
    private const ulong NoiseStream = 1UL << 62;

    private readonly Network _discriminator;
    private readonly GradientReversalLayer _reversal;
    private readonly OptimizerState _optimizer;
    private readonly CrossEntropyFunction _loss = new(2);
    private readonly TrainingSet _domains;
    private readonly int[] _rows;
    private readonly int _source;
    private readonly double _rateFactor;
    private double _accuracy;

    public AdversaryObjective(Alignment.Adversary options, int features, int source, int target, TrainingOptions training, Rng rng)
    {
        _source = source;
        _rateFactor = options.RateFactor;
        _discriminator = Network.Create(Architecture.Parse("reversal:1" + (options.Genes.Length == 0 ? "" : "," + options.Genes), features, 2), ref rng);
        _discriminator.Graph.Input.WantsGradient = true;
        _discriminator.Graph.Freeze(_ => false);
        _reversal = _discriminator.Graph.Layers.OfType<GradientReversalLayer>().First();
        _optimizer = new OptimizerState(_discriminator, MaskSet.Full(_discriminator), training with { LayerRates = null });
        _domains = new TrainingSet(new float[2], 1, [0, 1], [1f / source, 1f / target]);
        _rows = [.. Enumerable.Range(0, source + target).Select(i => i < source ? 0 : 1)];
    }

    public override double? DomainAccuracy => _accuracy;

    /// <summary>The discriminator, to be looked at.</summary>
    internal Network Discriminator => _discriminator;

    public override double Run(Flow features, in Pass pass, double weight)
    {
        LayerGraph graph = _discriminator.Graph;
        graph.Reserve(pass.Tiles);
        int rows = features.Shape.Rows;
        for (int tile = 0; tile < pass.Tiles; tile++)
        {
            new Span<float>(graph.Input.Values(tile), rows * Tile.Width).Clear();
            TileRows.Copy(features.Values(tile), graph.Input.Values(tile), rows, pass.LanesOf(tile));
        }

        Pass own = pass with { Noise = pass.Noise.Split(NoiseStream) };
        _reversal.Strength = weight;
        graph.Forward(own);
        graph.ClearGradients(pass.Tiles);
        graph.Input.ClearGradient(pass.Tiles);
        double loss = _loss.Run(_domains, _rows, graph.Output, own);
        _accuracy = Accuracy(graph.Output);
        graph.Backward(own);
        for (int tile = 0; features.WantsGradient && tile < pass.Tiles; tile++)
        {
            TileRows.Add(graph.Input.Gradient(tile), features.Gradient(tile), rows, pass.LanesOf(tile), pass.Form);
        }

        return loss;
    }

    public override void Apply(double rate) => _optimizer.Apply(_discriminator, rate * _rateFactor);

    public override void Dispose()
    {
        _optimizer.Dispose();
        base.Dispose();
    }

    private double Accuracy(Flow output)
    {
        var right = (Source: 0, Target: 0);
        for (int i = 0; i < _rows.Length; i++)
        {
            float* z = output.Values(i / Tile.Width) + i % Tile.Width;
            bool saysTarget = z[Tile.Width] > z[0];
            right.Source += i < _source && !saysTarget ? 1 : 0;
            right.Target += i >= _source && saysTarget ? 1 : 0;
        }

        return ((double)right.Source / _source + (double)right.Target / (_rows.Length - _source)) / 2.0;
    }
}
