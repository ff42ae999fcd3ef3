namespace TicketBot.Research.Statistics;

/// <summary>A signal whose outcome is known.</summary>
/// <param name="Confidence">Stated probability of its side, 0..1.</param>
/// <param name="Hit">Whether the side was right.</param>
public readonly record struct CalibratedSignal(double Confidence, bool Hit);

/// <summary>What a <see cref="SequentialCalibrationTest"/> knows: everything it needs to go on, as plain numbers.</summary>
/// <param name="Alpha">Chance of a false alarm in a life.</param>
/// <param name="OutOfSample">Out-of-sample signals taken before the first live one.</param>
/// <param name="Live">Live signals taken.</param>
/// <param name="Confidence">Per start, the sum of the confidences stated since then.</param>
/// <param name="Hits">Per start, the signals since then that were right.</param>
/// <param name="IsAlarmed">Whether the alarm was ever raised.</param>
public sealed record SequentialCalibrationState(
    double Alpha, int OutOfSample, int Live, IReadOnlyList<double> Confidence, IReadOnlyList<int> Hits, bool IsAlarmed);

/// <summary>Watches whether a ticket's signals are right as often as they say, and may be looked at after every signal: the chance that it ever raises an alarm over a ticket whose
/// hit rate is at least its mean stated confidence is at most alpha.</summary>
/// <remarks>A bettor starts with 1 and bets against the ticket; under the null his expected wealth never exceeds 1, so it ever reaches 1 / alpha with a chance of at most alpha (Ville 1939).
/// The wealth of one start is the mean over eight odds of exp(-l H - n ln(1 - c + c exp(-l))), H the hits among n signals and c their mean stated confidence: the likelihood ratio of the
/// lower hit rate whose odds are exp(-l) times those of c. The logarithm is concave in the hit rate and falls with it, so that under the null, whatever the single probabilities, each is at most the
/// test martingale that knows them; only the mean of what was stated counts, not how it is spread (the weak null of Choe and Ramdas, "Comparing sequential forecasters", 2021; test
/// martingales: Shafer and others 2011). Because a good record would hide a later decline, wealth is spread over several starts: one that counts the out-of-sample signals too, as long as
/// there are fewer than 300 live ones, one at the first live signal, and one after each further hundred, of which the null asks the same. Signals must not overlap: the outcome of one is known
/// before the next is stated. <see cref="Observe"/> allocates nothing; not safe for use by several threads.</remarks>
public sealed class SequentialCalibrationTest
{
    /// <summary>Live signals before which the out-of-sample ones count.</summary>
    public const int LiveSignalsToStandAlone = 300;

    /// <summary>Chance of a false alarm that all tests of one ticket share over its life.</summary>
    public const double LifeAlpha = 0.01;

    private const int StartEvery = 100;
    private const int Starts = 32;
    private const double FirstWeight = 0.2;
    private const double LiveWeight = 0.4;

    // Logarithms of what divides the odds, evenly spread: from a drop of 0.65 to 0.63 to one of 0.9 to 0.42.
    private static readonly double[] Bets = [0.1, 0.16, 0.25, 0.4, 0.63, 1, 1.6, 2.5];

    private readonly double[] _confidence = new double[Starts];
    private readonly int[] _hits = new int[Starts];
    private readonly double _bound;

    /// <summary>Starts the test of a ticket that goes live.</summary>
    /// <param name="outOfSample">Its signals on purged out-of-sample rows, oldest first: they count until <see cref="LiveSignalsToStandAlone"/> live signals are known, then no more.</param>
    /// <param name="alpha">Chance of a false alarm in the ticket's life, above 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A confidence lies outside 0..1, or alpha outside its range.</exception>
    public SequentialCalibrationTest(ReadOnlySpan<CalibratedSignal> outOfSample, double alpha = 0.01)
        : this(alpha)
    {
        foreach (var signal in outOfSample)
        {
            Add(0, signal.Confidence, signal.Hit);
            OutOfSample++;
        }

        Update();
    }

    private SequentialCalibrationTest(double alpha)
    {
        Alpha = alpha is > 0 and < 1 ? alpha : throw new ArgumentOutOfRangeException(nameof(alpha), alpha, $"alpha lies between 0 and 1, was {alpha}");
        _bound = -Math.Log(alpha);
    }

    /// <summary>Chance of a false alarm in a life.</summary>
    public double Alpha { get; }

    /// <summary>Out-of-sample signals taken.</summary>
    public int OutOfSample { get; private init; }

    /// <summary>Live signals taken.</summary>
    public int Live { get; private set; }

    /// <summary>Natural logarithm of the wealth; the alarm is raised at -ln(alpha).</summary>
    public double LogWealth { get; private set; }

    /// <summary>Whether the alarm was ever raised; it stays.</summary>
    public bool IsAlarmed { get; private set; }

    /// <summary>Mean stated confidence of the live signals; zero without any.</summary>
    public double MeanConfidence => Live == 0 ? 0 : _confidence[1] / Live;

    /// <summary>Share of the live signals that were right; zero without any.</summary>
    public double HitRate => Live == 0 ? 0 : (double)_hits[1] / Live;

    /// <summary>Goes on where a test stood.</summary>
    /// <exception cref="ArgumentException">The state is not that of a test.</exception>
    public static SequentialCalibrationTest Resume(SequentialCalibrationState state)
    {
        if (state.Confidence.Count != Starts || state.Hits.Count != Starts || state.OutOfSample < 0 || state.Live < 0)
        {
            throw new ArgumentException(
                $"the state of a calibration test has {Starts} sums and no negative count, had {state.Confidence.Count} and {state.Hits.Count} sums, {state.OutOfSample} and {state.Live} signals; "
                + "make the test again from the ticket's signals", nameof(state));
        }

        var test = new SequentialCalibrationTest(state.Alpha) { OutOfSample = state.OutOfSample, Live = state.Live, IsAlarmed = state.IsAlarmed };
        for (var i = 0; i < Starts; i++)
        {
            var signals = test.SignalsOf(i);
            if (!(state.Confidence[i] >= 0 && state.Confidence[i] <= signals) || state.Hits[i] < 0 || state.Hits[i] > signals)
            {
                throw new ArgumentException(
                    $"{signals} signals have confidences and hits that sum to 0..{signals}, start {i} had {state.Confidence[i]} and {state.Hits[i]}; make the test again from the ticket's signals",
                    nameof(state));
            }

            (test._confidence[i], test._hits[i]) = (state.Confidence[i], state.Hits[i]);
        }

        test.Update();
        return test;
    }

    /// <summary>Takes a live signal whose outcome is known; returns the logarithm of the wealth.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The confidence lies outside 0..1.</exception>
    public double Observe(double confidence, bool hit)
    {
        if (Live < LiveSignalsToStandAlone)
        {
            Add(0, confidence, hit);
        }

        var last = Math.Min(Starts - 1, 1 + (Live / StartEvery));
        for (var i = 1; i <= last; i++)
        {
            Add(i, confidence, hit);
        }

        Live++;
        Update();
        return LogWealth;
    }

    /// <summary>Returns what is needed to go on elsewhere.</summary>
    public SequentialCalibrationState Save() => new(Alpha, OutOfSample, Live, [.. _confidence], [.. _hits], IsAlarmed);

    private void Add(int start, double confidence, bool hit)
    {
        _confidence[start] += confidence is >= 0 and <= 1
            ? confidence
            : throw new ArgumentOutOfRangeException(nameof(confidence), confidence, $"a confidence lies between 0 and 1, was {confidence}");
        _hits[start] += hit ? 1 : 0;
    }

    private void Update()
    {
        // What later starts will bet with stays as it is.
        Span<double> parts = stackalloc double[Starts + 1];
        var started = Math.Min(Starts, 2 + ((Live - 1) / StartEvery));
        var rest = 1.0;
        for (var i = 0; i < started; i++)
        {
            var weight = WeightOf(i);
            rest -= weight;
            parts[i] = Math.Log(weight) + LogMixture(_confidence[i], _hits[i], SignalsOf(i));
        }

        parts[started] = rest > 1e-12 ? Math.Log(rest) : double.NegativeInfinity;
        parts = parts[..(started + 1)];
        LogWealth = LogSum(parts);
        IsAlarmed |= LogWealth >= _bound;
    }

    // The later starts share what is left as 1 / (k (k + 1)), so that early ones keep most of it; the last one takes the remainder.
    private static double WeightOf(int start) => start switch
    {
        0 => FirstWeight,
        1 => LiveWeight,
        Starts - 1 => (1 - FirstWeight - LiveWeight) / (Starts - 2),
        _ => (1 - FirstWeight - LiveWeight) / ((start - 1.0) * start),
    };

    private int SignalsOf(int start) => start == 0
        ? OutOfSample + Math.Min(Live, LiveSignalsToStandAlone)
        : Math.Max(0, Live - (StartEvery * (start - 1)));

    private static double LogMixture(double confidence, int hits, int signals)
    {
        if (signals == 0)
        {
            return 0;
        }

        Span<double> parts = stackalloc double[Bets.Length];
        var mean = Math.Min(1, confidence / signals);
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = (-Bets[i] * hits) - (signals * Math.Log(1 - mean + (mean * Math.Exp(-Bets[i]))));
        }

        return LogSum(parts) - Math.Log(parts.Length);
    }

    // Logarithm of a sum of exponentials, the largest taken out.
    private static double LogSum(ReadOnlySpan<double> parts)
    {
        var largest = double.NegativeInfinity;
        foreach (var part in parts)
        {
            largest = Math.Max(largest, part);
        }

        double sum = 0;
        foreach (var part in parts)
        {
            sum += Math.Exp(part - largest);
        }

        return largest + Math.Log(sum);
    }
}
