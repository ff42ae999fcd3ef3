using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;
using TicketBot.Research.Experiments;
using TicketBot.Research.Gates;
using TicketBot.Research.Stages;
using TicketBot.Research.Statistics;

namespace TicketBot.Research.LotteryTickets;

/// <summary>The early-bird recipe over densities and regimes: every training is a stage of its own, stored under the hash of its inputs.</summary>
/// <remarks>Dense training gives theta_k and the mask that stopped moving. At each density the mask is rewound to theta_k and trained; the next lower mask
/// is pruned from that network. The density is settled on validation rows: the first at which neither random masks of the same counts nor the ticket's mask on freshly drawn weights
/// learn half of what the ticket learns, unless the ticket itself has lost more than a third of the best gain by then. Test rows play no part.</remarks>
/// <param name="prepared">Rows and plan.</param>
/// <param name="options">Densities, draws, shares.</param>
/// <param name="stages">Runs and stores trainings.</param>
/// <param name="report">Told of each step.</param>
internal sealed class TicketSearch(Preparation prepared, ResearchOptions options, StageRunner stages, Action<string, string> report)
{
    private const double SpecialistLevel = 0.1; // A choice between two networks of one family, not an admission: the gates come later.
    // Below it a density has cost what was learned; the share is of the gain over always answering the base rate.
    private const double KeptGain = 2.0 / 3;
    private const int FirstLook = 12;
    private readonly TrainingPlan _plan = prepared.Plan;
    private readonly IReadOnlyList<double> _densities = options.DensityList();
    private readonly List<TrainedNetwork> _levels = [];
    private readonly List<TrainedNetwork[]> _levelControls = [];
    private readonly List<DensityReport> _reports = [];
    private TrainedNetwork[] _pooledControls = [];
    private int _settled;

    /// <summary>The dense network.</summary>
    public TrainedNetwork Dense { get; private set; } = null!;

    /// <summary>The density settled on.</summary>
    public double Density => _densities[_settled];

    /// <summary>What was tried.</summary>
    public IReadOnlyList<DensityReport> Densities => _reports;

    /// <summary>The pooled ticket of each density tried, with its random masks.</summary>
    public IReadOnlyList<(TrainedNetwork Ticket, IReadOnlyList<TrainedNetwork> Controls)> Levels =>
        [.. _levels.Select((ticket, i) => (ticket, (IReadOnlyList<TrainedNetwork>)_levelControls[i]))];

    /// <summary>Networks trained.</summary>
    public int Trials { get; private set; }

    /// <summary>Trains dense and pooled, and settles the density.</summary>
    public async Task PoolAsync(CancellationToken cancellationToken)
    {
        var (train, validation) = (prepared.Rows.Train, prepared.Rows.Validation);
        Dense = (await TrainAsync("dense", [new Job("dense", () => TicketTraining.Dense(_plan, train, validation, cancellationToken))], cancellationToken))[0];
        report("dense", $"dense validation loss {Dense.ValidationLoss:0.00000}, mask after {Dense.EmergedAt:P0} of the training");

        var empty = NullLoss(validation);
        var lowest = double.PositiveInfinity;
        for (var level = 0; level < _densities.Count; level++)
        {
            var mask = level == 0
                ? MaskSet.FromArrays(_plan.Architecture, Dense.Mask)
                : TicketTraining.Prune(_plan.Architecture, _levels[^1], _densities[level - 1], _densities[level]);
            var jobs = new List<Job> { Sparse($"pooled {_densities[level]}", mask, train, validation, cancellationToken) };
            jobs.AddRange(Controls($"pooled {_densities[level]}", mask, train, validation, cancellationToken));
            jobs.AddRange(Redrawn($"pooled {_densities[level]}", mask, train, validation, cancellationToken));
            var trained = await TrainAsync("pooled", jobs, cancellationToken);
            TrainedNetwork[] controls = [.. trained.Skip(1).Take(options.RandomMaskDraws)];
            _levels.Add(trained[0]);
            _levelControls.Add(controls);
            var random = controls.Average(c => c.ValidationLoss);
            var redrawn = trained.Skip(1 + options.RandomMaskDraws).Average(c => c.ValidationLoss);
            var gain = empty - trained[0].ValidationLoss;
            lowest = Math.Min(lowest, trained[0].ValidationLoss);
            _reports.Add(new DensityReport(_densities[level], trained[0].ValidationLoss, random, redrawn, false));
            report("pooled", $"density {_densities[level]}: validation loss {trained[0].ValidationLoss:0.00000}, random masks {random:0.00000}, drawn again {redrawn:0.00000}");
            if (gain < (empty - lowest) * KeptGain)
            {
                // Too sparse to hold what was learned: the level before stays.
                break;
            }

            (_settled, _pooledControls) = (level, controls);
            if (empty - Math.Min(random, redrawn) < gain / 2)
            {
                break;
            }
        }

        if (_pooledControls.Length == 0)
        {
            var mask = MaskSet.FromArrays(_plan.Architecture, _levels[_settled].Mask);
            _pooledControls = await TrainAsync("pooled", Controls($"pooled {Density}", mask, train, validation, cancellationToken), cancellationToken);
        }

        _reports[_settled] = _reports[_settled] with { Chosen = true };
    }

    /// <summary>Finds the ticket of each regime.</summary>
    public async Task<IReadOnlyList<RegimeTicket>> RegimesAsync(CancellationToken cancellationToken)
    {
        var states = prepared.Regimes.Set.Names.Count;
        var found = new List<RegimeTicket>(states);
        for (var state = 0; state < states; state++)
        {
            found.Add(await RegimeAsync(state, cancellationToken));
        }

        int[] pooled = [.. found.Where(f => f.IsPooled).Select(f => f.State)];
        return [.. found.Select(f => f.IsPooled ? f with { JudgedOn = pooled } : f)];
    }

    /// <summary>Trains a live ticket on at its mask, the pooled one on the rows of all regimes, with fresh random-mask controls.</summary>
    public async Task<RegimeTicket> FineTuneAsync(int state, Tickets.Ticket live, CancellationToken cancellationToken)
    {
        var (train, validation) = live.IsPooled ? (prepared.Rows.Train, prepared.Rows.Validation) : prepared.Rows.For(prepared.Regimes, state, options.PooledShare);

        // One pooled network serves several regimes under as many ids: it is trained on once.
        var name = live.IsPooled ? $"finetune pooled {TrainingTask.HashOf(live.Weights)}" : $"finetune {live.Id}";
        var mask = MaskSet.FromArrays(_plan.Architecture, live.Mask);
        Trials++;
        var adapted = AdaptedTicket.FromBytes(await stages.RunAsync(
            "adaptation",
            new StageRunner.Work(StageHash.Of(prepared.Hash, "adaptation", name), () => AdaptedTicket.Of(prepared, options, live, train, validation, cancellationToken).ToBytes()),
            cancellationToken));
        Dense = adapted.Network;
        TrainedNetwork? scratch = null;
        if (prepared.IsOfAnotherMarket(live))
        {
            scratch = (await TrainAsync("finetune", [new Job($"{name} scratch", () => TicketTraining.Dense(_plan, train, validation, cancellationToken))], cancellationToken))[0];
        }

        var controls = await TrainAsync("finetune", Controls(name, mask, train, validation, cancellationToken), cancellationToken);
        report(scratch is null ? "finetune" : "coldStart", $"{live.Regime}: validation loss {adapted.Network.ValidationLoss:0.00000} after {adapted.Course.Best} updates");
        return new RegimeTicket(state, adapted.Network, controls, live.IsPooled, WeightOf(state), adapted.Network.ValidationLoss)
        {
            Live = live,
            Adapted = adapted,
            Scratch = scratch,
            Inherited = live.Gates.Judgements.FirstOrDefault(j => j.Name == Tickets.Ticket.WinningTicketGate),
        };
    }

    /// <summary>Makes the ticket again from other seeds, each time with its controls, and compares them on validation rows. The pooled ticket is repeated on all
    /// rows, a regime's own on that regime's, from the repetition's pooled ticket as the original was.</summary>
    /// <remarks>Two looks: at <see cref="FirstLook"/> repetitions, and at all of them where the first does not show it; the gate's level is halved for that.</remarks>
    public async Task<Separation> CompareAsync(RegimeTicket found, CancellationToken cancellationToken)
    {
        var first = await RepeatAsync(found, Math.Min(FirstLook, options.ControlSeeds), cancellationToken);
        return first.PValue < WinningTicketGate.Level || options.ControlSeeds <= FirstLook ? first : await RepeatAsync(found, options.ControlSeeds, cancellationToken);
    }

    private async Task<Separation> RepeatAsync(RegimeTicket found, int repetitions, CancellationToken cancellationToken)
    {
        var name = found.IsPooled ? "pooled" : prepared.Regimes.Set.Names[found.State];
        var pooled = (prepared.Rows.Train, prepared.Rows.Validation);
        var rows = found.IsPooled ? pooled : prepared.Rows.For(prepared.Regimes, found.State, options.PooledShare);
        TrainingPlan[] plans = [.. Enumerable.Range(1, repetitions).Select(i => _plan with { Seed = StageHash.Seed("repetition", prepared.Seed, i) })];
        var dense = await EachAsync("dense", (plan, _) => TicketTraining.Dense(plan, pooled.Train, pooled.Validation, cancellationToken));
        // The last step belongs to the ticket itself: on the way down masks are pooled.
        var above = dense;
        MaskSet[] masks = [.. dense.Select(d => MaskSet.FromArrays(_plan.Architecture, d.Mask))];
        for (var level = 0; level < _settled; level++)
        {
            above = await EachAsync($"pooled {_densities[level]}", (plan, i) => TicketTraining.Sparse(plan, dense[i], masks[i], pooled.Train, pooled.Validation, cancellationToken));
            masks = [.. above.Select(a => TicketTraining.Prune(_plan.Architecture, a, _densities[level], _densities[level + 1]))];
        }

        if (!found.IsPooled)
        {
            MaskSet[] parents = [.. above.Select(a => _settled == 0 ? MaskSet.Full(_plan.Architecture) : MaskSet.FromArrays(_plan.Architecture, a.Mask))];
            var drawn = await EachAsync($"parent {name}", (plan, i) => TicketTraining.Sparse(plan, dense[i], parents[i], rows.Train, rows.Validation, cancellationToken));
            masks = [.. drawn.Select(d => TicketTraining.Prune(_plan.Architecture, d, _settled == 0 ? 1 : _densities[_settled - 1], Density))];
        }

        var tickets = await EachAsync($"ticket {name}", (plan, i) => TicketTraining.Sparse(plan, dense[i], masks[i], rows.Train, rows.Validation, cancellationToken));
        var reinit = await EachAsync($"reinit {name}", (plan, i) => TicketTraining.Sparse(plan, Redrawn(plan, i), masks[i], rows.Train, rows.Validation, cancellationToken));
        var shuffled = await EachAsync($"shuffled {name}", (plan, i) => TicketTraining.Sparse(plan, dense[i], Other(plan, i, "shuffled"), rows.Train, rows.Validation, cancellationToken));
        var random = await EachAsync($"random {name}", (plan, i) => TicketTraining.Sparse(plan, Redrawn(plan, i), Other(plan, i, "random"), rows.Train, rows.Validation, cancellationToken));
        var losses = found.IsPooled ? dense.Select(d => d.ValidationLoss) : dense.Select(d => LossOf(d, rows.Validation));
        return new Separation([Of("reinit", reinit), Of("shuffled", shuffled), Of("random", random)], Excess([.. losses]));

        SeparationOfControl Of(string control, TrainedNetwork[] networks) => new(control, Excess([.. networks.Select(n => n.ValidationLoss)]));

        PairedTest Excess(double[] others) => PairedTest.Of([.. others.Zip(tickets, (other, ticket) => other - ticket.ValidationLoss)]);

        TrainedNetwork Redrawn(TrainingPlan plan, int i) => TicketTraining.Redrawn(plan, dense[i], StageHash.Seed("redrawn", plan.Seed));

        MaskSet Other(TrainingPlan plan, int i, string control)
        {
            var rng = new Rng(StageHash.Seed(control, plan.Seed, name));
            return MaskSet.RandomLike(masks[i], ref rng);
        }

        Task<TrainedNetwork[]> EachAsync(string what, Func<TrainingPlan, int, TrainedNetwork> train) => TrainAsync(
            "controls", plans.Select((plan, i) => new Job($"repetition {i} {what} {Density}", () => train(plan, i))), cancellationToken);
    }

    private async Task<RegimeTicket> RegimeAsync(int state, CancellationToken cancellationToken)
    {
        var name = prepared.Regimes.Set.Names[state];
        var (train, validation) = prepared.Rows.For(prepared.Regimes, state, options.PooledShare);
        var weight = WeightOf(state);
        var pooled = _levels[_settled];
        var pooledLoss = LossOf(pooled, validation);
        if (weight < options.MinRegimeRows)
        {
            report("regime", $"{name}: {weight:0} training rows, fewer than {options.MinRegimeRows}: the pooled ticket stands in");
            return new RegimeTicket(state, pooled, _pooledControls, true, weight, pooledLoss);
        }

        // The regime draws its own mask: trained from theta_k under the pooled mask of the level before, then pruned to the settled density.
        var parent = _settled == 0 ? MaskSet.Full(_plan.Architecture) : MaskSet.FromArrays(_plan.Architecture, _levels[_settled - 1].Mask);
        var parentDensity = _settled == 0 ? 1 : _densities[_settled - 1];
        var key = $"regime {name} {Density}";
        var drawn = (await TrainAsync("regime", [Sparse($"{key} parent", parent, train, validation, cancellationToken)], cancellationToken))[0];
        var mask = TicketTraining.Prune(_plan.Architecture, drawn, parentDensity, Density);
        List<Job> jobs = [Sparse(key, mask, train, validation, cancellationToken), .. Controls(key, mask, train, validation, cancellationToken)];
        var trained = await TrainAsync("regime", jobs, cancellationToken);

        // Specialising must be allowed to lose: it has to be better on validation rows beyond chance, else the pooled ticket with its many more rows stands in.
        var isPooled = !IsClearlyBetter(trained[0], pooled, validation, name);
        report("regime", $"{name}: validation loss {trained[0].ValidationLoss:0.00000}, pooled {pooledLoss:0.00000}");
        return isPooled
            ? new RegimeTicket(state, pooled, _pooledControls, true, weight, pooledLoss)
            : new RegimeTicket(state, trained[0], [.. trained.Skip(1)], false, weight, trained[0].ValidationLoss);
    }

    private bool IsClearlyBetter(TrainedNetwork special, TrainedNetwork pooled, TrainingSet validation, string name)
    {
        var (mine, theirs) = (LossesOf(special, validation), LossesOf(pooled, validation));
        var gains = new double[validation.Rows];
        var weights = new double[validation.Rows];
        for (var i = 0; i < gains.Length; i++)
        {
            weights[i] = validation.SampleWeights[i];
            gains[i] = weights[i] * (theirs[i] - mine[i]);
        }

        var rng = new Rng(StageHash.Seed("special", prepared.Hash, name));
        return StationaryBootstrap.OfRatio(gains, weights, SpecialistLevel, options.BootstrapBlock, options.BootstrapDraws, rng).Lower > 0;
    }

    private double[] LossesOf(TrainedNetwork network, TrainingSet rows)
    {
        var dense = new Network(_plan.Architecture);
        dense.RestoreWeights(network.Weights);
        var logits = dense.Forward(rows.Features, rows.Rows);
        var losses = new double[rows.Rows];
        for (var i = 0; i < losses.Length; i++)
        {
            losses[i] = network.Calibration.LossOf(logits[2 * i], logits[(2 * i) + 1], rows.Labels[i]);
        }

        return losses;
    }

    private double WeightOf(int state)
    {
        double weight = 0;
        for (var row = prepared.Split.Train.Start; row < prepared.Split.Train.End; row++)
        {
            weight += prepared.Regimes.Probability(row, state);
        }

        return weight;
    }

    private double LossOf(TrainedNetwork network, TrainingSet rows)
    {
        var dense = new Network(_plan.Architecture);
        dense.RestoreWeights(network.Weights);
        return network.Calibration.LossOf(dense.Forward(rows.Features, rows.Rows), rows.Labels, rows.SampleWeights);
    }

    // The loss of always answering the share of rises: what a network has to be better than to have learned anything.
    private static double NullLoss(TrainingSet rows)
    {
        double up = 0;
        foreach (var label in rows.Labels)
        {
            up += label;
        }

        var p = Math.Clamp(up / rows.Rows, 1e-6, 1 - 1e-6);
        return -((p * Math.Log(p)) + ((1 - p) * Math.Log(1 - p)));
    }

    private Job Sparse(string name, MaskSet mask, TrainingSet train, TrainingSet validation, CancellationToken cancellationToken)
    {
        var origin = Dense;
        return new Job(name, () => TicketTraining.Sparse(_plan, origin, mask, train, validation, cancellationToken));
    }

    private IEnumerable<Job> Controls(string name, MaskSet mask, TrainingSet train, TrainingSet validation, CancellationToken cancellationToken)
    {
        for (var draw = 0; draw < options.RandomMaskDraws; draw++)
        {
            var rng = new Rng(StageHash.Seed("random mask", prepared.Seed, name, draw));
            yield return Sparse($"{name} random {draw}", MaskSet.RandomLike(mask, ref rng), train, validation, cancellationToken);
        }
    }

    private IEnumerable<Job> Redrawn(string name, MaskSet mask, TrainingSet train, TrainingSet validation, CancellationToken cancellationToken)
    {
        for (var draw = 0; draw < options.RandomMaskDraws; draw++)
        {
            var origin = TicketTraining.Redrawn(_plan, Dense, StageHash.Seed("redrawn", prepared.Seed, name, draw));
            yield return new Job($"{name} redrawn {draw}", () => TicketTraining.Sparse(_plan, origin, mask, train, validation, cancellationToken));
        }
    }

    private async Task<TrainedNetwork[]> TrainAsync(string stage, IEnumerable<Job> jobs, CancellationToken cancellationToken)
    {
        StageRunner.Work[] batch = [.. jobs.Select(j => new StageRunner.Work(StageHash.Of(prepared.Hash, stage, j.Name), () => j.Train().ToBytes()))];
        Trials += batch.Length;
        var outputs = await stages.RunAsync(stage, batch, cancellationToken);
        return [.. outputs.Select(TrainedNetwork.FromBytes)];
    }

    private readonly record struct Job(string Name, Func<TrainedNetwork> Train);
}
