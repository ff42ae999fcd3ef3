using TicketBot.Learning.Training;
using TicketBot.Research.Experiments;
using TicketBot.Research.Stages;
using TicketBot.Tickets;

namespace TicketBot.Research.Transfer;

/// <summary>Brings what a source knows to a target, or refuses to. A pure function of rows, plan and options but for the seconds; every training is stored as soon as it is done, so that a
/// killed transfer goes on where it stood.</summary>
/// <param name="time">Wall time, for the report's seconds only.</param>
/// <param name="threads">Trainings side by side; the result does not depend on it.</param>
public sealed class TransferExperiment(TimeProvider time, int threads)
{
    private const int Version = 2;

    /// <summary>Runs it.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="options">Limits.</param>
    /// <param name="runs">Keeps finished trainings.</param>
    /// <param name="progress">Told of each training, from any thread but never twice at once; or <c>null</c>.</param>
    /// <param name="cancellationToken">Ends it; finished trainings stay.</param>
    /// <exception cref="ResearchRefusedException">The plan does not go with the rows, or a training diverged.</exception>
    public async Task<TransferReport> RunAsync(
        TransferRows rows, TransferPlan plan, TransferOptions options, IRunStore runs, Action<ExperimentProgress>? progress, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var setup = TransferSetup.Of(plan, rows);
        var stages = new StageRunner(runs, threads);
        TransferMethod[] methods = [.. TransferMethods.All.Where(method => !TransferMethods.Transfers(method) || plan.Methods.Contains(method))];
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var run = new Run(rows, setup, stages, plan.Seeds * (1 + methods.Length), progress, time, ending);
        var found = new Dictionary<TransferMethod, MethodOutcome[]>();
        try
        {
            var sources = await Task.WhenAll(Enumerable.Range(0, plan.Seeds).Select(i => run.SourceAsync(plan.Seed + (ulong)i)));
            var trainings = methods.ToDictionary(method => method, method => sources.Select((source, i) => run.MethodAsync(method, plan.Seed + (ulong)i, source)).ToArray());
            await Task.WhenAll(trainings.Values.SelectMany(tasks => tasks));
            foreach (var (method, tasks) in trainings)
            {
                found[method] = [.. tasks.Select(task => task.Result)];
            }
        }
        catch (TrainingDivergedException fault)
        {
            throw new ResearchRefusedException(fault.Message, fault);
        }

        var distances = DomainDistances.Of(rows.SourceTrain, rows.TargetTrain, rows.Window, StageHash.Seed("distances", plan.Seed));
        var verdict = TransferVerdict.Of(rows, plan, options, distances, found);
        var summary = new TransferSummary(rows, plan, options, found, verdict);
        return new TransferReport
        {
            Plan = plan,
            Architecture = setup.Architecture.Genes,
            FeatureLayer = setup.FeatureLayer,
            SourceRows = rows.SourceTrain.Rows,
            TargetRows = rows.TargetTrain.Rows,
            TargetLabels = rows.LabelledRows.Count + (rows.TargetValidation?.Rows ?? 0),
            TestRows = rows.TargetTest?.Rows ?? 0,
            Features = rows.Features,
            Window = rows.Window,
            Classes = rows.Classes,
            Distances = distances,
            IntuitionOfTargetError = Math.Min(1, 1 - found[TransferMethod.None].Average(outcome => outcome.SourceValidation) + (distances.ADistance / 2)),
            Methods = [.. methods.Select(method => summary.Of(method) with { Seconds = run.SecondsOf(method) })],
            Gates = verdict.Gates,
            Chosen = verdict.Chosen,
            Fallback = verdict.Fallback,
            Reason = verdict.Reason,
            OverScratch = summary.GainOf(verdict.Chosen, TransferMethod.Scratch),
            OverSource = summary.GainOf(verdict.Chosen, TransferMethod.None),
            IsEligible = !verdict.Fallback && TransferMethods.Transfers(verdict.Chosen) && verdict.Gates.All(gate => gate.Passed != false),
            Trainings = stages.Made + stages.Reused,
            Reused = stages.Reused,
            Seconds = time.GetElapsedTime(started).TotalSeconds,
        };
    }

    /// <summary>The trainings of one run.</summary>
    private sealed class Run(
        TransferRows rows, TransferSetup setup, StageRunner stages, int of, Action<ExperimentProgress>? progress, TimeProvider time, CancellationTokenSource ending)
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<TransferMethod, double> _seconds = [];
        private int _done;

        public double SecondsOf(TransferMethod method) => _seconds.GetValueOrDefault(method);

        public Task<byte[]> SourceAsync(ulong seed) =>
            DoAsync("source", seed, null, StageHash.Of("source", Version, rows.Hash, setup.Text, seed), () => SourceNetwork.Train(rows, setup, seed, ending.Token));

        public async Task<MethodOutcome> MethodAsync(TransferMethod method, ulong seed, byte[] source)
        {
            var name = TransferMethods.NameOf(method);
            var bytes = await DoAsync(
                name, seed, method, StageHash.Of("method", Version, rows.Hash, setup.Text, seed, name),
                () => new MethodTraining(rows, setup, method, seed, source, ending.Token).Run().ToBytes());
            return MethodOutcome.FromBytes(bytes);
        }

        // The first failure ends everything that runs beside it.
        private async Task<byte[]> DoAsync(string name, ulong seed, TransferMethod? method, string hash, Func<byte[]> make)
        {
            try
            {
                var bytes = await stages.RunAsync("transfer", new StageRunner.Work(hash, () =>
                {
                    var began = time.GetTimestamp();
                    var made = make();
                    lock (_lock)
                    {
                        if (method is { } of)
                        {
                            _seconds[of] = _seconds.GetValueOrDefault(of) + time.GetElapsedTime(began).TotalSeconds;
                        }
                    }

                    return made;
                }), ending.Token);
                lock (_lock)
                {
                    _done++;
                    progress?.Invoke(new ExperimentProgress(_done, of, stages.Reused, $"seed {seed}: {name}"));
                }

                return bytes;
            }
            catch
            {
                await ending.CancelAsync();
                throw;
            }
        }
    }
}
