using System.Text.Json;
using TicketBot.Learning;
using TicketBot.Research.ArchitectureSearch.Spaces;
using TicketBot.Research.Stages;

namespace TicketBot.Research.ArchitectureSearch.Latency;

/// <summary>Measured times of single layers on one machine, from which the time of a prediction is added up gene by gene. Between measured sizes it interpolates on
/// logarithms in inputs, outputs and steps; beyond them it goes on with the last slope. Immutable.</summary>
public sealed class LatencyTable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Dictionary<string, LatencyGrid> _grids;
    private readonly Dictionary<string, double> _rates;

    /// <summary>Takes measurements.</summary>
    /// <param name="machine">Where they were made, in words.</param>
    /// <param name="entries">Times; those of a kind form a full grid of inputs, outputs and steps.</param>
    /// <param name="rates">Costs of training.</param>
    /// <exception cref="FormatException">A kind is missing or its grid has holes, or a time is not above 0.</exception>
    public LatencyTable(string machine, IReadOnlyList<LatencyEntry> entries, IReadOnlyList<TrainingRate> rates)
    {
        (Machine, Entries, Rates) = (machine, entries, rates);
        _grids = entries.GroupBy(entry => entry.Kind).ToDictionary(group => group.Key, group => new LatencyGrid(group.Key, [.. group]));
        _rates = rates.ToDictionary(rate => rate.Kind, rate => rate.Nanoseconds);
        foreach (var kind in LatencyMeter.Kinds)
        {
            if (!_grids.ContainsKey(kind))
            {
                throw new FormatException($"a latency table needs times of {string.Join(", ", LatencyMeter.Kinds)}; {kind} is missing, measure it again");
            }
        }

        foreach (var kind in LatencyMeter.TrainedKinds)
        {
            if (!_rates.TryGetValue(kind, out var rate) || !(rate > 0))
            {
                throw new FormatException($"a latency table needs training rates of {string.Join(", ", LatencyMeter.TrainedKinds)} above 0; that of {kind} is missing, measure it again");
            }
        }

        Hash = StageHash.Of("latency table", machine, string.Join(';', entries.Select(e => FormattableString.Invariant($"{e.Kind} {e.Inputs} {e.Outputs} {e.Steps} {e.Microseconds:R}"))), string.Join(';', rates.Select(r => FormattableString.Invariant($"{r.Kind} {r.Nanoseconds:R}"))));
    }

    /// <summary>Where the times were measured.</summary>
    public string Machine { get; }

    /// <summary>The times.</summary>
    public IReadOnlyList<LatencyEntry> Entries { get; }

    /// <summary>The costs of training.</summary>
    public IReadOnlyList<TrainingRate> Rates { get; }

    /// <summary>SHA-256 (hex) of everything in it: part of the inputs of a search.</summary>
    public string Hash { get; }

    /// <summary>Reads a table as JSON.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static LatencyTable Read(string json)
    {
        try
        {
            var form = JsonSerializer.Deserialize<Form>(json, Json);
            return form is { Machine: not null, Entries: not null, Rates: not null }
                ? new LatencyTable(form.Machine, form.Entries, form.Rates)
                : throw new FormatException("expected a latency table with machine, entries and rates");
        }
        catch (JsonException fault)
        {
            throw new FormatException($"expected a latency table as JSON: {fault.Message}", fault);
        }
    }

    /// <summary>Returns the table as JSON.</summary>
    public string Text() => JsonSerializer.Serialize(new Form(Machine, Entries, Rates), Json);

    /// <summary>Returns the predicted time of one prediction in microseconds.</summary>
    public double PredictUs(Architecture architecture) => PredictUs(ArchitectureCost.Of(architecture));

    /// <summary>Returns the same from the counted work.</summary>
    public double PredictUs(ArchitectureCost cost) => cost.Genes.Sum(GeneUs);

    /// <summary>Returns the predicted time of one update in seconds.</summary>
    /// <param name="cost">The counted work.</param>
    /// <param name="batch">Rows of an update.</param>
    public double TrainingSecondsOf(ArchitectureCost cost, int batch) => 1e-9 * batch * cost.Genes.Sum(work => work.TrainingMultiplyAdds * _rates[KindOf(work.Gene) switch
    {
        { } kind when _rates.ContainsKey(kind) => kind,
        _ => "dense",
    }]);

    private double GeneUs(GeneWork work) => LayerUs(work)
        + (work.Gene is { Activation: not Activation.Identity } gene && _grids.TryGetValue(LatencyMeter.NameOf(gene.Activation), out var bend) ? bend.At(1, work.Outputs * work.Computed, 1) : 0)
        + work.Projections.Sum(channels => _grids["dense"].At(channels, work.Outputs, work.Computed));

    private double LayerUs(GeneWork work)
    {
        switch (work.Gene)
        {
            case null:
                return _grids["head"].At(work.Inputs, work.Outputs, 1);
            case Gene.Dense:
                return _grids["dense"].At(work.Inputs, work.Outputs, work.Computed);
            case Gene.Conv1D conv:
                return _grids["conv1d"].At(work.Inputs * conv.Kernel, work.Outputs, work.Computed);
            case Gene.Lstm:
                return _grids["lstm"].At(work.Inputs, work.Outputs, work.Steps);
            case Gene.Gru:
                return _grids["gru"].At(work.Inputs, work.Outputs, work.Steps);
            case Gene.Attention:
                var (last, all) = (_grids["attention-last"].At(work.Inputs, work.Outputs, work.Steps), _grids["attention"].At(work.Inputs, work.Outputs, work.Steps));
                return last + ((all - last) * (work.Computed - 1) / Math.Max(1, work.Steps - 1));
            case Gene.Pool { Kind: Pooling.Mean or Pooling.Max } pool:
                return _grids[LatencyMeter.NameOf(pool.Kind)].At(1, work.Outputs, work.Steps);
            default:
                return 0;
        }
    }

    private static string? KindOf(Gene? gene) => gene switch
    {
        Gene.Conv1D => "conv1d",
        Gene.Lstm => "lstm",
        Gene.Gru => "gru",
        Gene.Attention => "attention",
        _ => "dense",
    };

    private sealed record Form(string Machine, IReadOnlyList<LatencyEntry> Entries, IReadOnlyList<TrainingRate> Rates);
}
