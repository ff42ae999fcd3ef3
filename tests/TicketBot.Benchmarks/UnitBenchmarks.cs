using BenchmarkDotNet.Attributes;
using TicketBot.Benchmarks.OrderPath;
using TicketBot.Market.Candles;
using TicketBot.Market.Features;
using TicketBot.Market.Regimes;
using TicketBot.Tickets;

namespace TicketBot.Benchmarks;

/// <summary>The units of the order path at their real shapes.</summary>
[MemoryDiagnoser]
public class UnitBenchmarks
{
    private readonly CandleSeries _series = new(Stage.Series.Symbol, Stage.Series.Interval, Stage.WarmCandles);
    private FeatureBuilder _builder = null!;
    private RegimeFilter _filter = null!;
    private CompiledTicket _ticket = null!;
    private double[] _probabilities = [];
    private float[] _row = [];

    /// <summary>Builds the stage.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var stage = new Stage(0);
        foreach (var candle in stage.All)
        {
            _series.Append(candle);
        }

        _ticket = new CompiledTicket(stage.Tickets[0]);
        _builder = new FeatureBuilder(stage.Tickets[0].Schema);
        _filter = new RegimeFilter(stage.Regimes);
        _probabilities = new double[stage.Regimes.Names.Count];
        _row = new float[_builder.Schema.Names.Count];
        _builder.Build(_series, null, _series.Count - 1, _row);
    }

    /// <summary>One row of features.</summary>
    [Benchmark]
    public FeatureStatus Features() => _builder.Build(_series, null, _series.Count - 1, _row);

    /// <summary>One regime estimate.</summary>
    [Benchmark]
    public bool Regime() => _filter.TryEstimate(_series, _series.Count - 1, _probabilities, out _);

    /// <summary>One sparse prediction with scaling and calibration.</summary>
    [Benchmark]
    public double Prediction() => _ticket.ProbabilityUp(_row);
}
