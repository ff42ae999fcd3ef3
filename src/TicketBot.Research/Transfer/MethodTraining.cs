using TicketBot.Learning;
using TicketBot.Learning.Losses;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;
using TicketBot.Research.Drift;
using TicketBot.Research.Stages;

namespace TicketBot.Research.Transfer;

/// <summary>One method from one seed: a pure function of rows, setup, method, seed and the source's network.</summary>
/// <param name="rows">Rows.</param>
/// <param name="setup">The plan.</param>
/// <param name="method">The method.</param>
/// <param name="seed">Seed of its chance.</param>
/// <param name="source">Stored weights of the source's network.</param>
/// <param name="cancellationToken">Ends it.</param>
internal sealed class MethodTraining(TransferRows rows, TransferSetup setup, TransferMethod method, ulong seed, byte[] source, CancellationToken cancellationToken)
{
    private const int Patience = 10;
    private const int DistanceRows = 200;
    private const double MostLabelWeight = 4;
    private const double AdversaryRate = 3;
    private const int AdversaryUpdates = 1_000;

    // Three looks in a row at which the features of the domains lie further apart than at the start by this much end an adaptation.
    private const double DistanceRise = 0.05;
    private const int RisesToStop = 3;

    private readonly List<double> _distances = [];
    private readonly List<double> _adversary = [];
    private float[][]? _start;

    /// <summary>Trains and measures.</summary>
    public MethodOutcome Run()
    {
        if (WhyNot() is { } reason)
        {
            return new MethodOutcome { Skipped = reason };
        }

        var folds = LabelFolds.Of(rows);
        var (network, updates, held, curve, looks) = Judged(folds);
        return Measured(network, updates) with
        {
            HeldLosses = [.. held.SelectMany(part => part.Losses)],
            HeldRight = [.. held.SelectMany(part => part.Right)],
            AgreementByChance = ByChance(folds, held),
            Curve = curve,
            CurveUpdates = looks,
        };
    }

    private double ByChance(LabelFolds folds, IReadOnlyList<RowScores> held)
    {
        int[] labels = [.. folds.Parts.SelectMany(part => part.Held.Labels.ToArray())];
        int[] answers = [.. held.SelectMany(part => part.Classes)];
        return Enumerable.Range(0, rows.Classes).Sum(c => (double)labels.Count(label => label == c) * answers.Count(answer => answer == c))
            / Math.Max(1.0, (double)labels.Length * labels.Length);
    }

    private bool IsFresh => method is TransferMethod.Scratch or TransferMethod.Autoencoder;

    private bool IsJoint => method is TransferMethod.Mmd or TransferMethod.Coral or TransferMethod.Dann or TransferMethod.Autoencoder;

    private bool Learns => method is not (TransferMethod.None or TransferMethod.AdaBn);

    private string? WhyNot() => TransferMethods.NeedsTargetLabels(method) && rows.LabelledRows.Count == 0 ? "there are no labels of the target to learn from"
        : method == TransferMethod.AdaBn && !AdaptiveNormalization.Applies(setup.Architecture) ? "the network has no batch normalisation"
        : null;

    // The weights that are judged by test rows, and what the held-out rows said on the way to them.
    private (Network Network, int Updates, IReadOnlyList<RowScores> Held, double[] Curve, int[] Looks) Judged(LabelFolds folds)
    {
        if (!Learns)
        {
            var network = Start();
            var held = folds.Parts.Select(part => RowScores.Of(network, part.Held)).ToList();
            return (network, 0, held, held.Count == 0 ? [] : [MeanLoss(held)], [0]);
        }

        if (folds.Parts.Count == 0)
        {
            var network = Start();
            var updates = Learn(network, [.. rows.LabelledRows], (_, _) => true, null);
            return (network, updates, [], [], []);
        }

        var parts = folds.Parts.Select((part, fold) => Look(part.Fit, part.Held, !folds.IsRefitted)).ToList();
        var common = parts.Min(part => part.Looks.Count);
        var curve = Enumerable.Range(0, common).Select(look => MeanLoss([.. parts.Select(part => part.Looks[look].Scores)])).ToArray();
        var best = Array.IndexOf(curve, curve.Min());
        var chosen = parts.Select(part => part.Looks[best]).ToList();
        int[] at = [.. parts[0].Looks.Take(common).Select(look => look.Updates)];
        if (!folds.IsRefitted)
        {
            parts[0].Network.RestoreWeights(chosen[0].Weights!);
            return (parts[0].Network, at[best], [.. chosen.Select(look => look.Scores)], curve, at);
        }

        // As many passes over all labelled rows as were best over the rows of a fold.
        var fitted = folds.Parts.Average(part => (double)part.Fit.Length);
        var wanted = IsJoint ? at[best] : (int)Math.Round(at[best] * PassLength(rows.LabelledRows.Count) / PassLength((int)fitted));
        var whole = Start();
        var made = wanted == 0 ? 0 : Learn(whole, [.. rows.LabelledRows], (_, step) => step < wanted, IsJoint ? null : wanted);
        return (whole, made, [.. chosen.Select(look => look.Scores)], curve, at);
    }

    private double PassLength(int fit)
    {
        var options = setup.Single(fit);
        return options.StepsPerEpoch(fit);
    }

    private (Network Network, List<(int Updates, RowScores Scores, float[][]? Weights)> Looks) Look(int[] fit, TrainingSet held, bool keepsWeights)
    {
        var network = Start();
        var looks = new List<(int, RowScores, float[][]?)>();
        var (lowest, since) = (double.PositiveInfinity, 0);
        Learn(network, fit, (now, step) =>
        {
            var scores = RowScores.Of(now, held);
            var loss = scores.Losses.Average();
            (lowest, since) = loss < lowest ? (loss, 0) : (lowest, since + 1);
            looks.Add((step, scores, keepsWeights && since == 0 ? now.CaptureWeights() : null));
            return since < Patience;
        }, null);
        return (network, looks);
    }

    // Returns the updates made; the callback sees the network before the first update, between and after.
    private int Learn(Network network, int[] fit, Func<Network, int, bool> goOn, int? every)
    {
        var options = OptionsOf(network, fit);
        options = every is null ? options : options with { ReportEverySteps = every.Value };
        var rises = 0;
        double? before = null;
        _distances.Clear();
        _adversary.Clear();
        var target = IsJoint ? rows.PartlyLabelled(fit, (float)Math.Min(MostLabelWeight, (double)rows.TargetTrain.Rows / Math.Max(1, fit.Length))) : rows.Labelled(fit);
        return Adaptation.Train(
            network, MaskSet.Full(network), IsJoint ? rows.SourceTrain : null, target, options, new Rng(StageHash.Seed("transfer order", TransferMethods.NameOf(method), seed)), moment =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (moment.DomainAccuracy is { } told)
                {
                    _adversary.Add(told);
                }

                if (options.Alignment is not null)
                {
                    var distance = DistanceOf(moment.Network, DistanceRows);
                    _distances.Add(distance);
                    before ??= distance;
                    rises = distance > before + DistanceRise ? rises + 1 : 0;
                }

                return goOn(moment.Network, moment.Step) && rises < RisesToStop;
            });
    }

    private AdaptationOptions OptionsOf(Network network, int[] fit)
    {
        var training = IsJoint ? setup.Joint(rows.SourceTrain.Rows) : setup.Single(fit.Length);
        var options = new AdaptationOptions
        {
            Training = training, FeatureLayer = setup.FeatureLayer, ReportEverySteps = training.ValidateEverySteps!.Value, TaskWeight = setup.Plan.TaskWeight,
            AlignmentWeight = setup.Plan.AlignmentWeight,
        };
        var architecture = setup.Architecture;
        switch (method)
        {
            case TransferMethod.Freeze:
                return options with { Training = training with { LayerRates = FineTuning.FrozenUpTo(architecture, setup.FeatureLayer) }, TaskWeight = 1 };
            case TransferMethod.Partial:
                var first = architecture.Parameters.First(shape => shape.IsPrunable).Layer;
                var second = architecture.Parameters.Where(shape => shape.IsPrunable && shape.Layer > first).Min(shape => shape.Layer);
                return options with { Training = training with { LayerRates = FineTuning.Discriminative(architecture, second - 1) }, TaskWeight = 1 };
            case TransferMethod.Full:
                return options with
                {
                    Training = training with { LayerRates = FineTuning.Discriminative(architecture) }, ThawEverySteps = training.StepsPerEpoch(fit.Length), TaskWeight = 1,
                };
            case TransferMethod.L2Sp:
                return options with { Anchor = network.CaptureWeights(), AnchorStrength = setup.Plan.AnchorStrength, AnchorLayer = setup.FeatureLayer, TaskWeight = 1 };
            case TransferMethod.Mmd:
                return options with { Alignment = new Alignment.Distance(new FeatureDistance.Mmd()), AlignmentWeight = options.AlignmentWeight * WeightOf(network, 10) };
            case TransferMethod.Coral:
                return options with { Alignment = new Alignment.Distance(new FeatureDistance.Coral()), AlignmentWeight = options.AlignmentWeight * WeightOf(network, 1_000) };
            case TransferMethod.Dann:
                // Features must keep moving while the discriminator learns to see them: with the other methods' steps it lags behind and two-moons gain less than half as much.
                return options with
                {
                    Alignment = new Alignment.Adversary(), Training = training with { LearningRate = AdversaryRate * training.LearningRate, Steps = Math.Max(AdversaryUpdates, training.Steps!.Value) },
                };
            default:
                return options with { TaskWeight = 1 };
        }
    }

    // A distance enters the loss divided by what it was, so that it begins as large as a log-loss; the bound keeps equal domains from weighing their noise.
    private double WeightOf(Network network, double most) => 1 / Math.Max(1 / most, StatisticOf(network) ?? 1);

    private Network Start()
    {
        if (method == TransferMethod.Scratch)
        {
            return SourceNetwork.Fresh(setup, seed, "scratch");
        }

        if (method == TransferMethod.Autoencoder)
        {
            var fresh = SourceNetwork.Fresh(setup, seed, "autoencoder");
            _start ??= Encoded(fresh);
            fresh.RestoreWeights(_start);
            return fresh;
        }

        var network = SourceNetwork.Load(setup, source);
        if (method == TransferMethod.AdaBn)
        {
            AdaptiveNormalization.Renew(network, rows.TargetTrain);
        }

        return network;
    }

    private float[][] Encoded(Network network)
    {
        var width = rows.TargetTrain.RowLength;
        float[] values = [.. rows.SourceTrain.Features, .. rows.TargetTrain.Features];
        var both = new TrainingSet(values, width, new int[values.Length / width]);
        var options = setup.Joint(both.Rows) with { Schedule = LearningRateSchedule.Constant, EarlyStopPatience = Patience };
        AutoencoderPretraining.Train(
            network, setup.FeatureLayer, both, rows.SourceValidation, options, new Rng(StageHash.Seed("autoencoder", seed)), _ => !cancellationToken.IsCancellationRequested);
        return network.CaptureWeights();
    }

    private MethodOutcome Measured(Network network, int updates)
    {
        var before = IsFresh ? SourceNetwork.Fresh(setup, seed, TransferMethods.NameOf(method)) : SourceNetwork.Load(setup, source);
        var (was, became) = (RowScores.Of(before, rows.SourceValidation), RowScores.Of(network, rows.SourceValidation));
        var aligns = method is TransferMethod.Mmd or TransferMethod.Coral or TransferMethod.Dann;
        var perEpoch = !Learns ? 1 : IsJoint ? setup.Joint(rows.SourceTrain.Rows).StepsPerEpoch(rows.SourceTrain.Rows)
            : setup.Single(rows.LabelledRows.Count).StepsPerEpoch(rows.LabelledRows.Count);
        return new MethodOutcome
        {
            Epochs = (updates + perEpoch - 1) / perEpoch,
            Updates = updates,
            DistanceCurve = [.. _distances],
            SourceBefore = RowScores.Of(before, rows.SourceTest).Right,
            SourceAfter = RowScores.Of(network, rows.SourceTest).Right,
            TargetBefore = rows.TargetTest is null ? [] : RowScores.Of(before, rows.TargetTest).Right,
            TargetAfter = rows.TargetTest is null ? [] : RowScores.Of(network, rows.TargetTest).Right,
            SourceValidationBefore = was.Accuracy,
            SourceValidation = became.Accuracy,
            StatisticBefore = StatisticOf(before),
            StatisticAfter = StatisticOf(network),
            FeatureDistanceBefore = DistanceOf(before, 500),
            FeatureDistance = DistanceOf(network, 500),
            DomainAccuracyBefore = method == TransferMethod.Dann ? DomainAccuracyOf(before) : null,
            DomainAccuracy = method == TransferMethod.Dann ? DomainAccuracyOf(network) : null,
            AdversaryAccuracyBefore = _adversary.Count == 0 ? null : _adversary[0],
            AdversaryAccuracy = _adversary.Count == 0 ? null : _adversary[^1],
            TargetEntropy = RowScores.Of(network, rows.TargetTrain).Entropies.Average(),
            Collapse = aligns ? CollapseCheck.Of(
                HiddenFeatures.Of(before, rows.SourceValidation, setup.FeatureLayer), HiddenFeatures.Of(network, rows.SourceValidation, setup.FeatureLayer), was, became, Uninformed()) : null,
        };
    }

    private double Uninformed()
    {
        int[] labels = rows.SourceValidation.Labels.ToArray();
        return -labels.CountBy(label => label).Sum(of => (double)of.Value / labels.Length * PortableMath.Log((double)of.Value / labels.Length));
    }

    private double? StatisticOf(Network network)
    {
        if (method is not (TransferMethod.Mmd or TransferMethod.Coral))
        {
            return null;
        }

        var (first, second, width) = Features(network, 500);
        return method == TransferMethod.Mmd ? KernelTest.DistanceOf(first, second, width) : new FeatureDistance.Coral().Between(first, second, width);
    }

    private double DistanceOf(Network network, int most)
    {
        var (first, second, width) = Features(network, most);
        return KernelTest.DistanceOf(first, second, width);
    }

    // Of a classifier made for these features and judged by rows it was not fitted on: the adversary itself lags behind what it is trained against.
    private double DomainAccuracyOf(Network network)
    {
        var (first, second, width) = Features(network, 500);
        if (Math.Min(first.Length, second.Length) < 2 * ProxyADistance.Folds * width)
        {
            return 0.5;
        }

        var apart = ProxyADistance.Measure(
            Array.ConvertAll(first, v => (double)v), Array.ConvertAll(second, v => (double)v), width, rows.Window == 1 ? 0 : rows.Window, new Rng(StageHash.Seed("domains", seed)));
        return 0.5 + (apart.Distance / 4);
    }

    private (float[] First, float[] Second, int Width) Features(Network network, int most)
    {
        var width = HiddenFeatures.WidthOf(network, setup.FeatureLayer);
        float[] Of(TrainingSet set)
        {
            var length = set.RowLength;
            var thin = DomainDistances.Thinned(set.Features.ToArray(), length, most);
            return HiddenFeatures.Of(network, new TrainingSet(thin, length, new int[thin.Length / length]), setup.FeatureLayer);
        }

        return (Of(rows.SourceTrain), Of(rows.TargetTrain), width);
    }

    private static double MeanLoss(IReadOnlyList<RowScores> parts) => parts.Sum(part => part.Losses.Sum()) / parts.Sum(part => part.Losses.Length);
}
