namespace TicketBot.Learning;

/// <summary>Collects the parameter shapes of one architecture, layer by layer.</summary>
internal sealed class ParameterList
{
    private readonly List<ParameterShape> _shapes = [];
    private string _prefix = "";
    private int _layer;
    private bool _isOutput;

    public IReadOnlyList<ParameterShape> Shapes => _shapes;

    public void Begin(string prefix, int layer, bool isOutput)
    {
        _prefix = prefix;
        _layer = layer;
        _isOutput = isOutput;
    }

    public void AddWeight(string name, int rows, int columns, ParameterKind kind = ParameterKind.Weight, int groups = 1)
    {
        if ((long)rows * columns > Architecture.MaximumParameters)
        {
            throw new FormatException($"expected at most {Architecture.MaximumParameters} weights in a layer, its {name} would have {rows} x {columns}");
        }

        _shapes.Add(new ParameterShape($"{_prefix}.{name}", rows, columns, kind, _isOutput, groups) { Layer = _layer });
    }

    public void AddVector(string name, int count, ParameterKind kind, int groups = 1) =>
        _shapes.Add(new ParameterShape($"{_prefix}.{name}", count, 1, kind, _isOutput, groups) { Layer = _layer });
}
