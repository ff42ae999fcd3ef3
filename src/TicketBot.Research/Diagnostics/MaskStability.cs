using System.Globalization;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;
using TicketBot.Research.Experiments;
using TicketBot.Research.LotteryTickets;
using TicketBot.Research.Stages;

namespace TicketBot.Research.Diagnostics;

/// <summary>Do two disjoint halves of the training rows, in the order of time, draw the same mask from the same first weights? A stable mask is mostly the memory of its first
/// weights, and labels without meaning leave that memory too; so the answer is a permutation test against labels shuffled inside each half.</summary>
/// <remarks>Each draw is a stage of its own, stored under the hash of rows, plan and what it is. All numbers are over a few first weights, each compared with itself.
/// Judged by what the surviving subnetworks answer, not by which weights or inputs survive: on markets with a planted edge in a tenth of the rows, 5,200 rows a half, the masks
/// of the halves agree weight by weight no more than under shuffled labels, because 1,500 weights fit noise in both and a meaning may settle in any neuron; and where several
/// inputs carry it (a return, a distance from an average, an oscillator), which of them survives is chance. What they say of the same rows is not.
/// A half's answers are the mean over starts, less their mean over all worlds, the true one and the shuffled ones alike, and less their mean over the rows: what is said
/// whatever the labels is taken out. The statistic is the product of both halves' answers so centred, the mean over rows, in squared logits. The same with the shares of
/// the inputs read stands beside it. No world is treated differently from another, which is what makes the permutation test exact.</remarks>
/// <param name="plan">The search's plan.</param>
/// <param name="rows">Training rows in the order of time, with labels.</param>
/// <param name="rowsHash">Hash of rows, labels, weights and plan: what draws are stored under.</param>
/// <param name="gap">Rows left out between the halves, so that no row of one shares candles with a row of the other; at most a third of all are left out.</param>
/// <param name="stages">Runs and stores draws.</param>
public sealed class MaskStability(TrainingPlan plan, TrainingSet rows, string rowsHash, int gap, StageRunner stages)
{
    /// <summary>First weights that every number is a mean over.</summary>
    public const int Starts = 3;

    private const string Stage = "maskDraw";
    private const int MostProbes = 512;
    private readonly int _half = Math.Max(1, (rows.Rows - Math.Min(gap, rows.Rows / 3)) / 2);
    private readonly float[] _probes = ProbesOf(rows);

    /// <summary>Runs the test.</summary>
    /// <param name="draws">Draws with shuffled labels; fewer than 20 can never reach p below 0.05.</param>
    /// <param name="cancellationToken">Ends it; finished draws stay.</param>
    public async Task<MaskStabilityReport> RunAsync(int draws, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        var wanted = new List<(string Name, int Start, bool Reordered, int Half, int? Draw)>();
        for (var start = 0; start < Starts; start++)
        {
            foreach (var half in (int[])[0, 1])
            {
                wanted.Add(("true", start, false, half, null));
                wanted.Add(("order", start, true, half, null));
                wanted.AddRange(Enumerable.Range(0, draws).Select(draw => ("null", start, false, half, (int?)draw)));
            }
        }

        var made = await stages.RunAsync(Stage, [.. wanted.Select(w => WorkOf(w.Start, w.Reordered, w.Half, w.Draw, cancellationToken))], cancellationToken);
        var drawn = new Dictionary<(string, int, int, int), MaskDraw>();
        for (var i = 0; i < made.Length; i++)
        {
            drawn[(wanted[i].Name, wanted[i].Start, wanted[i].Half, wanted[i].Draw ?? 0)] = MaskDraw.FromBytes(plan.Architecture, made[i]);
        }

        MaskDraw[] untrained = [.. Enumerable.Range(0, Starts).Select(start => MaskDraw.Untrained(PlanOf(start, false), _probes))];
        StabilityScore Score(Func<MaskDraw, MaskDraw, double> overlap)
        {
            double MeanOver(Func<int, double> of) => Enumerable.Range(0, Starts).Average(of);
            double Halves(string name, int draw) => MeanOver(start => overlap(drawn[(name, start, 0, draw)], drawn[(name, start, 1, draw)]));
            double EachHalf(Func<int, int, double> of) => MeanOver(start => (of(start, 0) + of(start, 1)) / 2);
            var value = Halves("true", 0);
            double[] nulls = [.. Enumerable.Range(0, draws).Select(draw => Halves("null", draw))];
            return new StabilityScore(
                value, nulls.Average(), InputSurvival.NullHigh(nulls), EachHalf((start, half) => overlap(drawn[("true", start, half, 0)], drawn[("order", start, half, 0)])),
                EachHalf((start, half) => overlap(drawn[("true", start, half, 0)], untrained[start])), PValue(value, nulls));
        }

        double[] Mean(string name, int draw, Func<MaskDraw, IReadOnlyList<double>> of, params int[] halves)
        {
            var all = Enumerable.Range(0, Starts).SelectMany(start => halves.Select(half => of(drawn[(name, start, half, draw)]))).ToList();
            return [.. Enumerable.Range(0, all[0].Count).Select(i => all.Average(shares => shares[i]))];
        }

        static IReadOnlyList<double> Inputs(MaskDraw draw) => draw.InputShares;
        // What is said of every row alike is an opinion on the base rate, not on the rows.
        IReadOnlyList<double> Answers(MaskDraw draw) => OverRows(draw.Answers, plan.Architecture.Outputs);
        static IReadOnlyList<double> Pairs(MaskDraw draw) => InputReading.PairSharesOf(draw.Mask, draw.Survivors);
        var pairs = Mean("true", 0, Pairs, 0, 1);
        return new MaskStabilityReport(
            draws, Starts, _half, CentredScore(draws, (name, draw, half) => Mean(name, draw, Answers, half), untrained, Answers, answers => 1.0 / answers),
            CentredScore(draws, (name, draw, half) => Mean(name, draw, Inputs, half), untrained, Inputs, inputs => inputs), Score((a, b) => a.Mask.IntersectionOverUnion(b.Mask)),
            Score((a, b) => a.Movement.IntersectionOverUnion(b.Movement)), Mean("true", 0, Inputs, 0, 1), pairs,
            [.. Enumerable.Range(0, draws).Select(draw => Mean("null", draw, Inputs, 0, 1).Max())],
            pairs.Length == 0 ? [] : [.. Enumerable.Range(0, draws).Select(draw => Mean("null", draw, Pairs, 0, 1).Max())]);
    }

    private static StabilityScore CentredScore(
        int draws, Func<string, int, int, double[]> values, MaskDraw[] untrained, Func<MaskDraw, IReadOnlyList<double>> of, Func<int, double> scale)
    {
        double[][] truth = [values("true", 0, 0), values("true", 0, 1)];
        double[][] order = [values("order", 0, 0), values("order", 0, 1)];
        double[][][] nulls = [.. Enumerable.Range(0, draws).Select(draw => (double[][])[values("null", draw, 0), values("null", draw, 1)])];
        var count = truth[0].Length;
        double[][] common = [.. Enumerable.Range(0, 2).Select(half =>
            (double[])[.. Enumerable.Range(0, count).Select(i => nulls.Select(draw => draw[half][i]).Append(truth[half][i]).Average())])];
        var drawn = untrained.Select(of).ToList();
        double[] first = [.. Enumerable.Range(0, count).Select(i => drawn.Average(draw => draw[i]))];
        double Product(double[] a, double[] aFrom, double[] b, double[] bFrom) => scale(count) * Enumerable.Range(0, count).Sum(i => (a[i] - aFrom[i]) * (b[i] - bFrom[i]));
        double EachHalf(double[][] other) => (Product(truth[0], common[0], other[0], common[0]) + Product(truth[1], common[1], other[1], common[1])) / 2;
        var value = Product(truth[0], common[0], truth[1], common[1]);
        double[] shuffled = [.. nulls.Select(draw => Product(draw[0], common[0], draw[1], common[1]))];
        return new StabilityScore(value, shuffled.Average(), InputSurvival.NullHigh(shuffled), EachHalf(order), EachHalf([first, first]), PValue(value, shuffled));
    }

    /// <summary>Returns masks drawn from other rows, orders or labels than the ticket's, by name, from the first of the starts: all rows, both halves, quarters, another data
    /// order, other first weights, shuffled labels, and the untrained magnitudes.</summary>
    /// <param name="others">More rows by name, such as the same ones weighted for a regime.</param>
    /// <param name="cancellationToken">Ends it; finished draws stay.</param>
    public async Task<IReadOnlyList<(string Name, MaskSet Mask)>> NamedAsync(IReadOnlyList<(string Name, TrainingSet Rows)> others, CancellationToken cancellationToken)
    {
        var quarter = rows.Rows / 4;
        var named = new List<(string Name, StageRunner.Work Work)>
        {
            ("all rows", WorkOf("all", PlanOf(0, false), () => rows, cancellationToken)),
            ("other order", WorkOf("all order", PlanOf(0, true), () => rows, cancellationToken)),
            ("other start", WorkOf("all start", PlanOf(1, false), () => rows, cancellationToken)),
            ("first half", WorkOf(0, false, 0, null, cancellationToken)),
            ("second half", WorkOf(0, false, 1, null, cancellationToken)),
        };
        for (var q = 0; q < 4 && quarter > 0; q++)
        {
            var from = q * quarter;
            named.Add((string.Create(CultureInfo.InvariantCulture, $"quarter {q + 1}"), WorkOf($"quarter {q}", PlanOf(0, false), () => DrawRows.Part(rows, from, quarter, null), cancellationToken)));
        }

        named.AddRange(others.Select(other => (other.Name, WorkOf($"named {other.Name}", PlanOf(0, false), () => other.Rows, cancellationToken))));
        named.Add(("shuffled labels", WorkOf("all shuffled", PlanOf(0, false), () => DrawRows.Part(rows, 0, rows.Rows, StageHash.Seed("shuffled labels", rowsHash)), cancellationToken)));
        var made = await stages.RunAsync(Stage, [.. named.Select(n => n.Work)], cancellationToken);
        return [.. named.Select((n, i) => (n.Name, MaskDraw.FromBytes(plan.Architecture, made[i]).Mask)), ("untrained", MaskDraw.Untrained(plan, _probes).Mask)];
    }

    /// <summary>The p-value of a permutation test (Phipson and Smyth 2010).</summary>
    private static double PValue(double value, double[] draws) => (1.0 + draws.Count(draw => draw >= value)) / (1 + draws.Length);

    private static double[] OverRows(IReadOnlyList<float> answers, int outputs)
    {
        var means = new double[outputs];
        for (var i = 0; i < answers.Count; i++)
        {
            means[i % outputs] += (double)answers[i] * outputs / answers.Count;
        }

        return [.. answers.Select((answer, i) => answer - means[i % outputs])];
    }

    // Rows of the whole block, evenly apart.
    private static float[] ProbesOf(TrainingSet rows)
    {
        var count = Math.Min(MostProbes, rows.Rows);
        var probes = new float[count * rows.RowLength];
        for (var i = 0; i < count; i++)
        {
            rows.RowOf((int)((long)i * rows.Rows / count)).CopyTo(probes.AsSpan(i * rows.RowLength));
        }

        return probes;
    }

    private StageRunner.Work WorkOf(int start, bool reordered, int half, int? draw, CancellationToken cancellationToken)
    {
        // The halves' labels are shuffled apart; a draw's are the same for every start, which is then a mean over starts of one shuffled world.
        ulong? seed = draw is { } number ? StageHash.Seed("shuffled labels", rowsHash, half, number) : null;
        var name = string.Create(CultureInfo.InvariantCulture, $"half {half} start {start} order {reordered} draw {draw ?? -1}");
        return WorkOf(name, PlanOf(start, reordered), () => DrawRows.Part(rows, half == 0 ? 0 : rows.Rows - _half, _half, seed), cancellationToken);
    }

    private StageRunner.Work WorkOf(string name, TrainingPlan drawnBy, Func<TrainingSet> from, CancellationToken cancellationToken) =>
        new(StageHash.Of(rowsHash, gap, name), () => MaskDraw.Of(drawnBy, from(), _probes, cancellationToken).ToBytes());

    // The first start is the search's own theta_0.
    private TrainingPlan PlanOf(int start, bool reordered)
    {
        var seed = start == 0 ? plan.Seed : StageHash.Seed("start", plan.Seed, start);
        return plan with { Seed = seed, OrderSeed = reordered ? StageHash.Seed("order", seed) : plan.OrderSeed };
    }
}
