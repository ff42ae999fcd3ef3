using System.Globalization;
using TicketBot.Learning;
using TicketBot.Learning.Search;
using TicketBot.Learning.Training;
using TicketBot.Research.ArchitectureSearch.Spaces;
using TicketBot.Research.ArchitectureSearch.Strategies;
using TicketBot.Research.Stages;

namespace TicketBot.Research.ArchitectureSearch.OneShot;

/// <summary>A one-shot supernet (Guo et al. 2020) as a strategy: trained once, it scores paths by the weights they inherit. Whether such scores are worth anything is measured
/// first, on a random sample that is also trained alone: unless the lower end of the interval of Kendall's tau-b reaches <see cref="LeastAgreement"/>, the supernet is refused and
/// candidates are drawn at random. Else the best paths are asked for, and then varied in everything but their operations.</summary>
/// <param name="space">The architectures.</param>
/// <param name="seed">Seed of all its chance.</param>
public sealed class SupernetSearch(ArchitectureSpace space, ulong seed) : ISearchStrategy
{
    /// <summary>Least lower end of the 95 % interval of Kendall's tau-b between inherited and own losses for the supernet to be used.</summary>
    public const double LeastAgreement = 0.3;

    /// <summary>Different candidates that are trained alone to measure the agreement, where the space holds so many: with 30 the interval of a tau-b of 0.55 still reaches down
    /// to 0.3, so that a useful supernet would be refused about every second time.</summary>
    public const int SampleSize = 50;

    /// <summary>Fewer candidates cannot show an agreement.</summary>
    public const int LeastSample = 20;

    private const int Version = 1;
    private const int Evaluations = 300;
    private const int JudgedRows = 1_024;
    private const int Epochs = 60;
    private const int LeastUpdates = 1_500;
    private const int Proposed = 12;
    private const int IntervalDraws = 2_000;
    private const double Alpha = 0.05;

    private readonly Proposals _proposals = new(space, new Rng(StageHash.Seed("supernet neighbours", seed)));
    private readonly RandomSearch _random = new(space, StageHash.Seed("supernet refused", seed));
    private readonly List<string> _remarks = [];
    private bool _isTrusted;

    /// <inheritdoc/>
    public string Name => "supernet";

    /// <inheritdoc/>
    public IReadOnlyList<string> Remarks => _remarks;

    /// <summary>How inherited and own losses of the sample agree; <c>null</c> before it is measured, or where the sample was too small.</summary>
    public RankCorrelation.Interval? Agreement { get; private set; }

    /// <inheritdoc/>
    public async ValueTask PrepareAsync(SearchContext context, CancellationToken cancellationToken)
    {
        var mapping = new CellMapping(space, Name);
        var options = OptionsOf(context.Training, context.Rows.Train.Rows);
        var own = StageHash.Seed("supernet", seed);
        var hash = StageHash.Of(
            "supernet", Version, context.Rows.Hash, mapping.Cell.Stem, mapping.Cell.Positions, string.Join(';', mapping.Cell.OperationsAt(mapping.Cell.Positions - 1)), options, Evaluations, JudgedRows, own);
        context.Report?.Invoke(string.Create(CultureInfo.InvariantCulture, $"supernet of {mapping.Cell.Paths:N0} paths at width {mapping.Width}: training"));
        var bytes = await context.Stages.RunAsync("architecture-supernet", new StageRunner.Work(hash, () => Evaluate(mapping, options, own, context, cancellationToken)), cancellationToken);
        PathScore[] scores = [.. PathScore.Read(bytes, mapping.Cell.Positions).Where(score => double.IsFinite(score.Loss))];
        await MeasureAsync(mapping, scores, context, cancellationToken);
        foreach (var score in scores.OrderBy(score => score.Loss).Take(_isTrusted ? Proposed : 0))
        {
            _proposals.Add(mapping.Of(score.Path, mapping.Width));
        }
    }

    /// <inheritdoc/>
    public Candidate? Ask() => _isTrusted ? _proposals.Next() : _random.Ask();

    /// <inheritdoc/>
    public void Tell(Candidate candidate, Outcome outcome) => _proposals.Tell(candidate, outcome);

    // The paths are evaluated in a random order, so its beginning is a random sample.
    private async Task MeasureAsync(CellMapping mapping, PathScore[] scores, SearchContext context, CancellationToken cancellationToken)
    {
        var sample = new List<(Candidate Candidate, double Inherited)>();
        var seen = new HashSet<Candidate>();
        foreach (var score in scores)
        {
            if (sample.Count < SampleSize && mapping.Of(score.Path, mapping.Width) is { } candidate && seen.Add(candidate))
            {
                sample.Add((candidate, score.Loss));
            }
        }

        if (sample.Count < LeastSample)
        {
            _remarks.Add($"the supernet is refused: it holds {sample.Count} different architectures within the limits, and fewer than {LeastSample} cannot show whether its scores are right; candidates are drawn at random; allow more kinds, places or parameters");
            return;
        }

        var alone = await Task.WhenAll(sample.Select(async one =>
        {
            var loss = await context.TrainAloneAsync(one.Candidate, cancellationToken);
            lock (sample)
            {
                context.Report?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{one.Candidate}: {one.Inherited:0.0000} with inherited weights, {loss:0.0000} trained alone"));
            }

            return loss;
        }));
        double[] inherited = [.. sample.Select(one => one.Inherited)];
        var agreement = RankCorrelation.KendallInterval(inherited, alone, Alpha, IntervalDraws, new Rng(StageHash.Seed("supernet agreement", seed)));
        Agreement = agreement;
        _isTrusted = agreement.Lower >= LeastAgreement;
        var figures = string.Create(
            CultureInfo.InvariantCulture,
            $"Kendall's tau-b between losses with inherited weights and trained alone is {agreement.Value:0.00} over {agreement.Count} random architectures (95 % interval {agreement.Lower:0.00} to {agreement.Upper:0.00}; Spearman's rho {RankCorrelation.Spearman(inherited, alone):0.00})");
        _remarks.Add(_isTrusted
            ? $"the supernet is used: {figures}; at least {LeastAgreement.ToString(CultureInfo.InvariantCulture)} at the lower end is asked for"
            : $"the supernet is refused: {figures}, and the lower end must reach {LeastAgreement.ToString(CultureInfo.InvariantCulture)}; candidates are drawn at random");
        context.Report?.Invoke(_remarks[^1]);
    }

    private static byte[] Evaluate(CellMapping mapping, SupernetOptions options, ulong seed, SearchContext context, CancellationToken cancellationToken)
    {
        try
        {
            var supernet = Supernet.Train(mapping.Cell, context.Rows.Train, options, new Rng(seed), (_, _) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                return true;
            });
            var rng = new Rng(StageHash.Seed("supernet paths", seed));
            var judges = SearchHalves.Spread(context.Rows.Validation, JudgedRows);
            var paths = PathsOf(mapping.Cell, ref rng);
            return PathScore.Write(paths.Select(path =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                return new PathScore(path, supernet.LossOf(path, judges));
            }));
        }
        catch (TrainingDivergedException fault)
        {
            throw new ResearchRefusedException($"--strategy supernet: {fault.Message}", fault);
        }
    }

    // Every path once in random order, or so many different ones.
    private static List<int[]> PathsOf(CellSpace cell, ref Rng rng)
    {
        var paths = new List<int[]>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var most = Math.Min(Evaluations, cell.Paths);
        while (paths.Count < most)
        {
            var path = cell.DrawPath(ref rng);
            if (seen.Add(string.Join(',', path)))
            {
                paths.Add(path);
            }
        }

        return paths;
    }

    private static SupernetOptions OptionsOf(TrainingOptions training, int rows)
    {
        var perEpoch = (rows + training.BatchSize - 1) / training.BatchSize;
        return new SupernetOptions
        {
            Training = new TrainingOptions
            {
                LearningRate = training.LearningRate, BatchSize = training.BatchSize, Schedule = LearningRateSchedule.Cosine, ClipNorm = 5,
                Steps = Math.Max(LeastUpdates, Math.Min(Epochs * perEpoch, 4 * LeastUpdates)),
            },
        };
    }
}
