using System.Globalization;
using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Learning.Training;
using TicketBot.Research.Backtests;
using TicketBot.Research.Datasets;
using TicketBot.Research.Diagnostics;
using TicketBot.Research.Gates;
using TicketBot.Research.LotteryTickets;
using TicketBot.Research.Splits;
using TicketBot.Research.Stages;
using TicketBot.Simulator.Matching;
using TicketBot.Tickets;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Research;

/// <summary>Judges found networks on the test rows: cheap gates first, then the stability of the masks that are left, then one replay of all that passed through the
/// trading core.</summary>
/// <param name="prepared">Rows of the newest fold, whose tickets are judged.</param>
/// <param name="folds">All folds, oldest first, the newest last; what the earlier ones said of their out-of-sample rows is evidence too.</param>
/// <param name="options">Thresholds.</param>
/// <param name="trading">Confidence, limits and costs.</param>
/// <param name="stages">Runs and stores the draws of the stability gate.</param>
internal sealed class Judgement(Preparation prepared, IReadOnlyList<Fold> folds, ResearchOptions options, TradingOptions trading, StageRunner stages)
{
    private readonly TradeCosts _costs = TradeCosts.Of(trading, options);
    private readonly Dataset _dataset = prepared.Dataset;
    private readonly bool _asksEvery = prepared.Input.AsksEveryGate;

    /// <summary>Open time of the first candle of the out-of-sample rows of all folds.</summary>
    public Instant TestFrom => _dataset.OpenOf(folds[0].Test.Start);

    /// <summary>Close time of the last candle the test rows' outcomes look at.</summary>
    public Instant TestUntil => EndOf(prepared.Split.Test.End - 1);

    /// <summary>Returns what opening and closing cost on average over rows, in basis points.</summary>
    public double RoundTripBp(IReadOnlyCollection<int> rows) => _costs.MeanRoundTripBp(_dataset, rows);

    /// <summary>Size of the orders that are judged, in quote coin.</summary>
    public double Notional => _costs.Notional;

    /// <summary>A judged ticket with its evidence.</summary>
    public sealed record Judged(Ticket Ticket, RegimeTicket Found, TicketEvidence Evidence, RowTrades Trades);

    /// <summary>Returns one sealed ticket per found network with its gate report.</summary>
    public async Task<IReadOnlyList<Judged>> RunAsync(
        IReadOnlyList<RegimeTicket> found, string method, int trials, int family, Func<RegimeTicket, Task<Separation>> compare, Action<string, string> report,
        CancellationToken cancellationToken)
    {
        var level = options.Alpha / family;
        var levelText = string.Create(CultureInfo.InvariantCulture, $"{level:0.#####} ({options.Alpha:0.###} over {family} tickets tried)");
        Gate[] cheap =
        [
            new CalibrationCeilingGate(),
            new TradesGate(options.MinTrades),
            new NetExpectancyGate(options.BootstrapBlock, options.BootstrapDraws),
            new BetterThanReversalGate(options.BootstrapBlock, options.BootstrapDraws),
            new BetterThanBaselinesGate(options.BootstrapBlock, options.BootstrapDraws),
            new BetterThanRandomMaskGate(options.BootstrapBlock, options.BootstrapDraws),
        ];
        Gate[] tuned = [.. cheap, new BetterThanOriginGate(BetterThanOriginGate.Parent, "the ticket it was trained on from", options.BootstrapBlock, options.BootstrapDraws)];
        Gate[] brought = [.. cheap, new BetterThanOriginGate(BetterThanOriginGate.Scratch, "a dense network trained from drawn weights on the same rows", options.BootstrapBlock, options.BootstrapDraws)];
        var stabilityGate = new MaskStabilityGate();
        var replayGate = new ReplayGate(options.MinReplayFills);
        var stabilities = new Dictionary<int, MaskStabilityReport>();
        var judged = new List<(RegimeTicket Found, Ticket Draft, TicketEvidence Evidence, GateReport Report)>();
        foreach (var one in found)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var draft = Draft(one, method, trials);
            var evidence = EvidenceOf(one, draft, level, levelText);
            var asked = one.Live is null ? cheap : one.Scratch is null ? tuned : brought;
            var gates = evidence.Rows.Count == 0
                ? new GateReport([GateJudgement.Of(cheap[0].Name, 0, trading.ConfidenceThreshold, 0, false, "the regime has no out-of-sample row"), .. asked.Skip(1).Select(g => GateJudgement.NotRun(g.Name, g.Threshold(evidence)))])
                : Gate.Run(asked, evidence, _asksEvery);
            if (gates.Passed || _asksEvery)
            {
                // Regimes that share the pooled ticket share its draws.
                var key = one.IsPooled ? -1 : one.State;
                stabilities[key] = stabilities.GetValueOrDefault(key) ?? await TicketDiagnosis.StabilityOf(prepared, options, one, stages).RunAsync(options.StabilityDraws, cancellationToken);
                evidence = evidence with { Stability = stabilities[key] };
            }

            gates = new GateReport([.. gates.Judgements, evidence.Stability is not null ? stabilityGate.Judge(evidence) : GateJudgement.NotRun(stabilityGate.Name, stabilityGate.Threshold(evidence))]);
            judged.Add((one, draft, evidence, gates));
            report("gates", $"{draft.Regime}: {(gates.FirstRefusal is { } refusal ? $"refused by {refusal.Name}: {refusal.Reason}" : $"passed so far; mask stability {gates.Judgements[^1].Reason}")}");
        }

        judged = await CompareAsync(judged, compare, report);
        var replay = await ReplayAsync([.. judged.Where(j => j.Report.Passed).Select(j => j.Draft)], cancellationToken);

        // Apart, so that what was refused decides nothing about the rest.
        var refused = _asksEvery ? await ReplayAsync([.. judged.Where(j => !j.Report.Passed).Select(j => j.Draft)], cancellationToken) : null;
        var result = new List<Judged>(judged.Count);
        foreach (var (one, draft, evidence, gates) in judged)
        {
            var final = (gates.Passed ? replay : refused) is { } played
                ? replayGate.Judge(evidence with { Replay = OutcomeOf(played, draft, evidence) })
                : GateJudgement.NotRun(replayGate.Name, 0);
            if (gates.Passed)
            {
                report("replay", $"{draft.Regime}: {final.Reason}");
            }

            var ticket = Ticket.Seal(draft with { Gates = new GateReport([.. gates.Judgements, final]) });
            result.Add(new Judged(ticket, one, evidence, evidence.Trades()));
        }

        return result;
    }

    // Only what has passed so far is compared: repetitions cost as much as the search itself. One network is compared once, however many regimes it serves.
    private async Task<List<(RegimeTicket Found, Ticket Draft, TicketEvidence Evidence, GateReport Report)>> CompareAsync(
        List<(RegimeTicket Found, Ticket Draft, TicketEvidence Evidence, GateReport Report)> judged, Func<RegimeTicket, Task<Separation>> compare, Action<string, string> report)
    {
        var gate = new WinningTicketGate(options.AllowSparseNetworks);
        var result = new List<(RegimeTicket, Ticket, TicketEvidence, GateReport)>(judged.Count);
        GateJudgement? pooled = null;
        foreach (var (one, draft, evidence, gates) in judged)
        {
            var judgement = GateJudgement.NotRun(WinningTicketGate.Name, WinningTicketGate.Level);
            if (gates.Passed || _asksEvery)
            {
                judgement = one.Parent is not null ? one.Inherited ?? judgement
                    : one.IsPooled ? pooled ??= gate.Judge(await compare(one))
                    : gate.Judge(await compare(one));
                report("controls", $"{draft.Regime}: {judgement.Reason}");
            }

            result.Add((one, draft, evidence, new GateReport([.. gates.Judgements, judgement])));
        }

        return result;
    }

    /// <summary>Returns what a judged ticket brought on its rows, by the open time of the row's candle in Unix milliseconds.</summary>
    public IReadOnlyList<(long OpenTime, double NetBp)> ReturnsOf(Judged judged) =>
        [.. judged.Evidence.Rows.Select((row, i) => (_dataset.OpenOf(row).UnixMilliseconds, judged.Trades.NetBp[i]))];

    /// <summary>Returns the trades of a rule on rows at these costs.</summary>
    public RowTrades TradesOf(IReadOnlyList<int> rows, Func<int, Side?> rule) => RowTrades.Of(_dataset, rows, _costs, rule);

    /// <summary>Returns the trades of calibrated answers on rows at these costs.</summary>
    public RowTrades TradesOf(IReadOnlyList<int> rows, IReadOnlyList<double> answers) =>
        RowTrades.OfProbabilities(_dataset, rows, _costs, answers, trading.ConfidenceThreshold);

    /// <summary>Returns what one long position over a range of rows brings: in at the open after the first row's candle, out at the open after the last one's.</summary>
    public BaselineReport BuyAndHold(RowRange rows)
    {
        var series = _dataset.Series;
        var (first, last) = (_dataset.Candles[rows.Start], _dataset.Candles[rows.End - 1]);
        var gross = ((series.Open[last + 1] / series.Open[first + 1]) - 1) * TradeOutcome.BpOfOne;
        return new BaselineReport("buyAndHold", gross > 0 ? 1 : 0, gross, _costs.NetBp(_dataset, gross, Side.Buy, first, last), 1);
    }

    private Ticket Draft(RegimeTicket found, string method, int trials) => new()
    {

        // Told apart in the replay, the pooled ones as the one network they are; sealing gives the real id.
        Id = new TicketId(found.IsPooled ? "draft-pooled" : $"draft-{prepared.Regimes.Set.Names[found.State]}"),
        Symbol = prepared.Input.Symbol,
        Interval = prepared.Input.Interval,
        RegimeSetId = prepared.Regimes.Set.Id,
        Regime = prepared.Regimes.Set.Names[found.State],
        Task = PredictionTask.Direction,
        HorizonCandles = _dataset.Horizon,
        Schema = _dataset.Schema,
        Scaler = prepared.Rows.Scaler,
        Architecture = prepared.Plan.Architecture,
        Weights = found.Network.Weights,
        Mask = found.Network.Mask,
        RewindWeights = found.Network.RewindWeights,
        Temperature = found.Network.Calibration.Temperature,
        CalibrationExponent = found.Network.Calibration.Exponent,
        Similarity = prepared.SimilarityOf(found.Live),
        Density = found.Network.Density,
        Lineage = new Lineage
        {
            DataHash = _dataset.Hash,
            TrainedFrom = _dataset.OpenOf(prepared.Split.Train.Start),
            TrainedUntil = EndOf(prepared.Split.Validation.End - 1),
            TestedUntil = TestUntil,
            Seed = prepared.Seed,
            Method = found.IsPooled ? $"{method}.pooled" : method,
            EmergedAt = found.Network.EmergedAt,
            SparseSwitchDensity = SparseTraining.SwitchDensity,
            AsOf = prepared.Input.AsOf,
            Settings = prepared.Settings,
            SettingsHash = prepared.SettingsHash,
            Parent = found.Parent,
            Trials = trials,
        },
        Gates = new GateReport([]),
        ExpiresAt = TestUntil.Plus(options.TicketLifeDays * Instant.MillisecondsPerDay),
    };

    private TicketEvidence EvidenceOf(RegimeTicket found, Ticket draft, double level, string levelText)
    {
        var names = prepared.Regimes.Set.Names;
        HashSet<string> regimes = [.. found.JudgedOn.Select(s => names[s])];
        var earlier = folds.Where(f => f.Prepared != prepared).Select(f => (Fold: f, Rows: f.RowsIn(regimes))).ToList();
        var own = prepared.TestRowsOf(found.JudgedOn);
        var compiled = new CompiledTicket(draft);
        var parent = found.Live is null || found.Scratch is not null ? null : new CompiledTicket(found.Live);
        int[] rows = [.. earlier.SelectMany(e => e.Rows), .. own];
        return new TicketEvidence
        {
            Dataset = _dataset,
            Train = folds[0].Prepared.Split.Train,
            Rows = rows,
            States = [.. earlier.SelectMany(e => e.Rows.Select(r => e.Fold.StateIn(prepared.Regimes.Set, r))), .. own.Select(r => prepared.Regimes.States[r])],
            ProbabilityUp = [.. earlier.SelectMany(e => e.Fold.AnswersOf(e.Rows, f => f.Network)), .. own.Select(r => compiled.ProbabilityUp(_dataset.WindowOf(r, _dataset.Window)))],
            OriginProbabilityUp = found.Scratch is { } scratch
                ? prepared.AnswersOf(scratch, own)
                : parent is null ? null : [.. own.Select(r => parent.ProbabilityUp(_dataset.WindowOf(r, _dataset.Window)))],
            Controls = [.. found.Controls.Select((control, i) =>
                (IReadOnlyList<double>)[.. earlier.SelectMany(e => e.Fold.AnswersOf(e.Rows, f => f.Controls[i])), .. prepared.AnswersOf(control, own)])],
            Fitted = [.. folds[^1].Linear.Select((l, i) => new FittedBaseline(
                l.Name, [.. earlier.SelectMany(e => e.Fold.Linear[i].Rule.AnswersOf(e.Rows)), .. l.Rule.AnswersOf(own)]))],
            Costs = _costs,
            Confidence = trading.ConfidenceThreshold,
            Level = level,
            LevelText = levelText,
            Seed = StageHash.Seed("bootstrap", prepared.Hash, draft.Id),
        };
    }

    private async Task<BacktestResult?> ReplayAsync(IReadOnlyList<Ticket> tickets, CancellationToken cancellationToken)
    {
        if (tickets.Count == 0)
        {
            return null;
        }

        var key = new SeriesKey(prepared.Input.Symbol, prepared.Input.Interval);
        var candles = new Dictionary<SeriesKey, IReadOnlyList<Candle>> { [key] = prepared.Candles };
        var reference = _dataset.Schema.Reference;
        if (reference is { } symbol)
        {
            candles[new SeriesKey(symbol, key.Interval)] = prepared.ReferenceCandles!;
        }

        var limits = JsonSerializer.Deserialize<TradingOptions>(JsonSerializer.Serialize(trading))!;
        limits.Symbols.Clear();
        limits.Symbols.Add(key.Symbol.Value);
        limits.Interval = key.Interval.Name;
        return await BacktestRunner.RunAsync(
            new BacktestRequest
            {
                Candles = candles,
                LiveFrom = _dataset.OpenOf(prepared.Split.Test.Start),
                Tickets = [new TicketSet(key.Symbol, key.Interval, prepared.Regimes.Set, tickets)],
                Trading = limits,
                Reference = reference,
                Venue = new VenueSettings { Costs = trading.Costs, Seed = prepared.Seed, ImpactShare = options.ReplayImpactShare },
                Balance = options.BacktestBalance,
            },
            null, null, cancellationToken);
    }

    private ReplayOutcome OutcomeOf(
        BacktestResult replay, Ticket draft, TicketEvidence evidence)
    {
        var answers = new Dictionary<long, double>(evidence.Rows.Count);
        for (var i = 0; i < evidence.Rows.Count; i++)
        {
            answers[_dataset.CloseOf(evidence.Rows[i]).UnixMilliseconds] = evidence.ProbabilityUp[i];
        }

        int compared = 0, equal = 0;
        foreach (var decision in replay.Decisions)
        {
            if (decision.Ticket != draft.Id || decision.ProbabilityUp is not { } up || !answers.TryGetValue(decision.Time.UnixMilliseconds, out var expected))
            {
                continue;
            }

            compared++;
            equal += BitConverter.DoubleToInt64Bits(up) == BitConverter.DoubleToInt64Bits(expected) ? 1 : 0;
        }

        var trades = replay.Trades.Where(t => t.Ticket == draft.Id).ToList();
        return new ReplayOutcome(
            trades.Count, trades.Sum(t => t.Fills), trades.Sum(t => t.Net.Value), trades.Count == 0 ? 0 : trades.Average(t => t.NetBp), compared, equal);
    }

    private Instant EndOf(int row)
    {
        var close = _dataset.CloseOf(row);
        return _dataset.Series.Interval.Shift(close, _dataset.Horizon + 1);
    }
}
