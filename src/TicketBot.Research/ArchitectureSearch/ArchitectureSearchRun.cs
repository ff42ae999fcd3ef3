using System.Globalization;
using MathNet.Numerics.Distributions;
using TicketBot.Learning;
using TicketBot.Research.ArchitectureSearch.Estimation;
using TicketBot.Research.ArchitectureSearch.Latency;
using TicketBot.Research.ArchitectureSearch.Spaces;
using TicketBot.Research.ArchitectureSearch.Strategies;
using TicketBot.Research.Experiments;
using TicketBot.Research.Stages;
using TicketBot.Research.Statistics;
using TicketBot.Tickets;

namespace TicketBot.Research.ArchitectureSearch;

/// <summary>A search for architectures on any labelled rows: every candidate is trained and scored by its validation log-loss, the fittest are trained again with fresh
/// seeds and judged on test rows. A pure function of rows, plan and latency table but for the seconds (and for where a budget in time ends it); every training is
/// stored as soon as it is done, so that a killed search goes on where it stood.</summary>
/// <param name="time">Wall time.</param>
/// <param name="threads">Trainings side by side; the result does not depend on it.</param>
public sealed class ArchitectureSearchRun(TimeProvider time, int threads)
{
    // Fixed, because what is asked depends on it; enough that a few cores are never idle.
    private const int AsksAhead = 8;
    private const double Alpha = 0.05;
    private const int BootstrapDraws = 2_000;

    /// <summary>Runs it.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="latency">Measured latencies; null leaves latency out.</param>
    /// <param name="runs">Keeps finished trainings.</param>
    /// <param name="progress">Told of each training, never twice at once; or <c>null</c>.</param>
    /// <param name="say">Told what else is going on, in plain words; or <c>null</c>.</param>
    /// <param name="cancellationToken">Ends it; finished trainings stay.</param>
    /// <param name="enter">Told of every trial in the order of the asks (of those a strategy trains before it asks, by threads of the pool and as number 0), and, before test rows are read, of every finalist again, then with <c>true</c>; or <c>null</c>. The search waits for it.</param>
    /// <exception cref="ResearchRefusedException">The plan does not go with the rows, or every training diverged.</exception>
    public async Task<ArchitectureSearchReport> RunAsync(
        ExperimentRows rows, ArchitectureSearchPlan plan, LatencyTable? latency, IRunStore runs, Action<ArchitectureSearchProgress>? progress, Action<string>? say,
        CancellationToken cancellationToken, Func<TrialReport, bool, ValueTask>? enter = null)
    {
        var started = time.GetTimestamp();
        var settings = TrialSettings.Of(plan, rows);
        var space = SpaceOf(plan, rows);
        var prior = ClassLogLoss.OfPrior(rows.Train, rows.Validation, rows.Classes).Average();
        var objectives = new SearchObjectives(plan, space, prior, latency);
        var strategy = SearchStrategies.Create(plan, space, StageHash.Seed("strategy", plan.Strategy, plan.Seed));
        var stages = new StageRunner(runs, threads);
        var runner = new TrialRunner(rows, settings, stages, latency, StageHash.Seed("trials", plan.Seed));
        say?.Invoke($"{rows.Train.Rows} rows to train ({settings.Rows} in a trial), {rows.Validation.Rows} to validate; {space}");
        await strategy.PrepareAsync(
            new SearchContext
            {
                Space = space, Rows = rows, Training = settings.Trial, Seed = plan.Seed, Stages = stages, Report = say,
                TrainAloneAsync = async (candidate, token) =>
                {
                    var updates = settings.Trial.Steps!.Value;
                    var result = await runner.TryAsync(candidate.Architecture, updates, token);
                    if (enter is not null)
                    {
                        // Scored on validation rows as a trial is, though it only tells whether shared weights can be believed.
                        await enter(SearchTrials.ReportOf(0, candidate.Architecture, null).With(result, updates), false);
                    }

                    return result.ValidationLoss;
                },
            },
            cancellationToken);

        var board = new SearchBoard(plan, objectives, stages, progress);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var trials = new SearchTrials(plan, settings, runner, objectives, latency, board, ending);
        var bracket = plan.Halving is { } eta ? Math.Min(plan.Trials, eta * eta * eta) : AsksAhead;
        var loop = new AskTellLoop(strategy, plan.Trials, bracket, plan.Halving is not null)
        {
            Told = candidate => enter is not null && trials.TakeReport(candidate) is { } trial ? enter(trial, false) : ValueTask.CompletedTask,
        };
        await trials.RunAsync(loop, () => plan.Time is not { } budget || time.GetElapsedTime(started) < budget);

        var done = board.Trials;
        var front = objectives.FrontOf(done);
        var finalists = await RetestAsync(rows, plan, runner, objectives, board, prior, enter, cancellationToken);
        return new ArchitectureSearchReport
        {
            Plan = plan,
            Space = space.ToString(),
            SpaceSize = space.Combinations.ToString(CultureInfo.InvariantCulture),
            Rows = (rows.Train.Rows, rows.Validation.Rows, rows.Test.Rows),
            TrialRows = settings.Rows,
            Trials = done,
            Front = front,
            Hypervolume = objectives.HypervolumeOf(front),
            Finalists = finalists,
            PriorLoss = prior,
            LatencyTable = latency?.Hash,
            Remarks = [.. strategy.Remarks, .. trials.Remarks, .. loop.IsExhausted ? [$"the strategy had nothing new to ask after {done.Count} of {plan.Trials} trials: the space is used up, or too small for its limits"] : Array.Empty<string>()],
            Reused = stages.Reused,
            Seconds = time.GetElapsedTime(started).TotalSeconds,
        };
    }

    /// <summary>Returns the space that a plan searches on given rows.</summary>
    public static ArchitectureSpace SpaceOf(ArchitectureSearchPlan plan, ExperimentRows rows) => new(new SpaceOptions
    {
        Inputs = rows.Features, Outputs = rows.Classes, Window = rows.Window, Places = plan.Places, Kinds = plan.Kinds, Widths = plan.Widths, MaxParameters = plan.MaxParameters,
        MaxLatencyUs = plan.MaxLatencyUs,
    });

    private static async Task<IReadOnlyList<FinalistReport>> RetestAsync(
        ExperimentRows rows, ArchitectureSearchPlan plan, TrialRunner runner, SearchObjectives objectives, SearchBoard board, double prior, Func<TrialReport, bool, ValueTask>? enter,
        CancellationToken cancellationToken)
    {
        TrialReport[] chosen = [.. board.Trials.Where(trial => double.IsFinite(trial.ValidationLoss)).OrderByDescending(trial => objectives.OutcomeOf(trial).Fitness).ThenBy(trial => trial.Number).Take(plan.Finalists)];
        if (chosen.Length == 0)
        {
            throw new ResearchRefusedException($"all {board.Trials.Count} trainings diverged; lower --learning-rate (was {plan.LearningRate.ToString(CultureInfo.InvariantCulture)}) or look for huge values among the features");
        }

        foreach (var trial in enter is null ? [] : chosen)
        {
            await enter!(trial, true);
        }

        board.Finalists(chosen.Length * plan.RetestSeeds);
        var confirmedPrior = ClassLogLoss.OfPrior(rows.Train, TrialTask.Halves(rows.Validation, rows.Window).Newer, rows.Classes).Average();
        var testPrior = ClassLogLoss.OfPrior(rows.Train, rows.Test, rows.Classes);
        var finalists = await Task.WhenAll(chosen.Select(async trial =>
        {
            var architecture = Architecture.Parse(trial.Architecture, rows.Features, rows.Classes, rows.Window);
            var results = await Task.WhenAll(Enumerable.Range(0, plan.RetestSeeds).Select(async number =>
            {
                var result = await runner.RetestAsync(architecture, number, cancellationToken);
                board.Retested(trial.Architecture);
                return result;
            }));
            TrialResult[] sound = [.. results.Where(result => double.IsFinite(result.ValidationLoss))];
            if (sound.Length == 0)
            {
                return null;
            }

            double[] gains = [.. testPrior.Select((loss, row) => loss - sound.Average(result => result.TestLosses[row]))];
            var interval = StationaryBootstrap.OfStatistic(
                gains.Length, indices =>
                {
                    var sum = 0.0;
                    foreach (var row in indices)
                    {
                        sum += gains[row];
                    }

                    return sum / gains.Length;
                },
                Alpha, Math.Max(1, rows.Window), BootstrapDraws, new Rng(StageHash.Seed("retest interval", plan.Seed)));
            var ofSeeds = SeedHalfWidth([.. sound.Select(result => testPrior.Average() - result.TestLosses.Average())]);
            return new FinalistReport
            {
                Architecture = trial.Architecture,
                Parameters = trial.Parameters,
                SearchScore = prior - trial.ValidationLoss,
                ConfirmedScore = confirmedPrior - sound.Average(result => result.ValidationLoss),
                RetestScore = interval.Estimate,
                RetestLow = interval.Estimate - Hypotenuse(interval.Estimate - interval.Lower, ofSeeds),
                RetestHigh = interval.Estimate + Hypotenuse(interval.Upper - interval.Estimate, ofSeeds),
                TestAccuracy = sound.Average(result => result.TestAccuracy),
                ConfirmedLosses = [.. sound[0].ConfirmedLosses.Select((_, row) => sound.Average(result => result.ConfirmedLosses[row]))],
                TestProbabilities = [.. sound[0].TestLosses.Select((_, row) => sound.Average(result => PortableMath.Exp(-result.TestLosses[row])))],
            };
        }));
        FinalistReport[] kept = [.. finalists.OfType<FinalistReport>().OrderByDescending(finalist => finalist.ConfirmedScore)];
        return kept.Length > 0 ? kept : throw new ResearchRefusedException("every finalist's training on all rows diverged; lower --learning-rate");
    }

    // Student's interval of the mean over seeds; one seed says nothing of others.
    private static double SeedHalfWidth(double[] scores)
    {
        if (scores.Length < 2)
        {
            return 0;
        }

        var mean = scores.Average();
        var variance = scores.Sum(score => (score - mean) * (score - mean)) / (scores.Length - 1);
        return StudentT.InvCDF(0, 1, scores.Length - 1, 1 - (Alpha / 2)) * Math.Sqrt(variance / scores.Length);
    }

    // Rows and seeds are chances of their own: their errors add in squares.
    private static double Hypotenuse(double ofRows, double ofSeeds) => Math.Sqrt((ofRows * ofRows) + (ofSeeds * ofSeeds));
}
