namespace TicketBot.Learning.Training;

/// <summary>Which genes learn at which step: all with a layer rate above 0, or, thawing, those from the top down, one more every so many steps.</summary>
internal sealed class Thaw
{
    private readonly TrainingOptions _options;
    private readonly int? _every;
    private readonly int[] _genes;

    public Thaw(Architecture architecture, TrainingOptions options, int? every)
    {
        _options = options;
        _every = every;
        // Genes with weight matrices count; norms thaw with the gene they stand behind.
        _genes = [.. architecture.Parameters.Where(shape => shape.IsPrunable).Select(shape => shape.Layer).Distinct().Order()];
        Genes = architecture.Layers.Count + 1;
    }

    private int Genes { get; }

    /// <summary>True at a step from which one more gene learns.</summary>
    public bool IsDue(int step) => _every is { } every && step > 0 && step % every == 0 && step / every < _genes.Length;

    /// <summary>The options with the layer rates of a step.</summary>
    public TrainingOptions At(int step)
    {
        if (_every is not { } every)
        {
            return _options;
        }

        int frozen = Math.Max(0, _genes.Length - 1 - step / every);
        int first = frozen == 0 ? 1 : _genes[frozen];
        return _options with { LayerRates = [.. Enumerable.Range(1, Genes).Select(gene => gene >= first ? _options.LayerRate(gene) : 0.0)] };
    }
}
