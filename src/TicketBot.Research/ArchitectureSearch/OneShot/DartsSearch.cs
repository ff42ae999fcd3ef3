using System.Globalization;
using System.Text;
using TicketBot.Learning;
using TicketBot.Learning.Search;
using TicketBot.Learning.Training;
using TicketBot.Research.ArchitectureSearch.Spaces;
using TicketBot.Research.Stages;

namespace TicketBot.Research.ArchitectureSearch.OneShot;

/// <summary>Differentiable search (Liu et al. 2019) as a strategy: several searches of different seeds, of first and of second order, run on halves of the training rows; the
/// operations they chose are asked for at every width, the more often chosen first, and then varied in everything but their operations.</summary>
/// <param name="space">The architectures.</param>
/// <param name="seed">Seed of all its chance.</param>
public sealed class DartsSearch(ArchitectureSpace space, ulong seed) : ISearchStrategy
{
    private const int Version = 1;
    private const int Seeds = 2;
    private const int LeastUpdates = 300;
    private const int MostUpdates = 600;
    private const int JudgedRows = 4_096;

    private readonly Proposals _proposals = new(space, new Rng(StageHash.Seed("darts neighbours", seed)));
    private readonly List<string> _remarks = [];

    /// <inheritdoc/>
    public string Name => "darts";

    /// <inheritdoc/>
    public IReadOnlyList<string> Remarks => _remarks;

    /// <inheritdoc/>
    public async ValueTask PrepareAsync(SearchContext context, CancellationToken cancellationToken)
    {
        var mapping = new CellMapping(space, Name);
        var (weights, strengths) = SearchHalves.Of(context.Rows.Train, context.Rows.Window);
        var judges = SearchHalves.Spread(strengths, JudgedRows);
        (int Order, int Number)[] searches = [.. Enumerable.Range(0, Seeds).SelectMany(number => new[] { (1, number), (2, number) })];
        context.Report?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{searches.Length} differentiable searches among {mapping.Cell.Paths:N0} paths at width {mapping.Width}, weights on {weights.Rows} rows, operations on {judges.Rows}"));
        var outputs = await Task.WhenAll(searches.Select(async search =>
        {
            var options = OptionsOf(context.Training, search.Order);
            var own = StageHash.Seed("darts", seed, search.Order, search.Number);
            var hash = StageHash.Of(
                "darts", Version, context.Rows.Hash, mapping.Cell.Stem, mapping.Cell.Positions, string.Join(';', mapping.Cell.OperationsAt(mapping.Cell.Positions - 1)), options, JudgedRows, own);
            var bytes = await context.Stages.RunAsync("architecture-darts", new StageRunner.Work(hash, () => Search(options, own)), cancellationToken);
            var path = Read(bytes);
            lock (_remarks)
            {
                context.Report?.Invoke(string.Create(CultureInfo.InvariantCulture, $"differentiable search {search.Number + 1} of order {search.Order}: {string.Join(" - ", mapping.Cell.OperationsOf(path))}"));
            }

            return path;
        }));

        (int[] Path, int Times)[] found = [.. outputs.GroupBy(path => string.Join(',', path)).OrderByDescending(group => group.Count()).Select(group => (group.First(), group.Count()))];
        foreach (var width in space.Options.Widths.OrderBy(width => Math.Abs(Math.Log2((double)width / mapping.Width))))
        {
            foreach (var (path, _) in found)
            {
                _proposals.Add(mapping.Of(path, width));
            }
        }

        _remarks.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{outputs.Length} differentiable searches at width {mapping.Width} chose, with how many did, {string.Join("; ", found.Select(one => $"{string.Join(" - ", mapping.Cell.OperationsOf(one.Path))} ({one.Times})"))}"));
        if (found.All(one => mapping.Cell.OperationsOf(one.Path).All(CellSpace.IsParameterFree)))
        {
            _remarks.Add("every differentiable search chose positions without weights: either nothing beyond the first dense layer helps on these rows, or all collapsed; compare with --strategy random");
        }

        byte[] Search(DartsOptions options, ulong own)
        {
            try
            {
                var result = Darts.Search(mapping.Cell, weights, judges, options, new Rng(own), _ =>
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    return true;
                });
                return Encoding.UTF8.GetBytes(string.Join(',', result.Path));
            }
            catch (TrainingDivergedException fault)
            {
                throw new ResearchRefusedException($"--strategy darts: {fault.Message}", fault);
            }
        }
    }

    /// <inheritdoc/>
    public Candidate? Ask() => _proposals.Next();

    /// <inheritdoc/>
    public void Tell(Candidate candidate, Outcome outcome) => _proposals.Tell(candidate, outcome);

    private static int[] Read(byte[] bytes) => [.. Encoding.UTF8.GetString(bytes).Split(',').Select(word => int.Parse(word, CultureInfo.InvariantCulture))];

    private static DartsOptions OptionsOf(TrainingOptions training, int order) => new()
    {
        Order = order,
        Training = new TrainingOptions
        {
            LearningRate = training.LearningRate, BatchSize = training.BatchSize, Schedule = LearningRateSchedule.Cosine, ClipNorm = 5, Steps = Math.Clamp(training.Steps ?? MostUpdates, LeastUpdates, MostUpdates),
        },
    };
}
