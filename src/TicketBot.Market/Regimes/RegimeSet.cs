using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace TicketBot.Market.Regimes;

/// <summary>A fitted Gaussian hidden Markov model over (standardised log return, log realised volatility) with named states. Two sets
/// are equal when their ids are.</summary>
/// <remarks>Immutable and serialisable; fitted by <see cref="RegimeFitter"/>. Both observations of a candle are measured over its last
/// <see cref="MeasureCandles"/> candles: a single candle's return says next to nothing about trend; the
/// return is in units of its own volatility, so that trend and volatility are told apart. Hamilton 1989 for regimes of a
/// series as hidden states, Rabiner 1989 for the algorithms.</remarks>
public sealed record RegimeSet
{
    private const double RowSumTolerance = 1e-9;
    private readonly RegimeState[] _states;
    private readonly double[] _transitions;

    /// <summary>Makes a set of fitted values.</summary>
    /// <param name="window">Candles the filter looks at, more than <paramref name="measureCandles"/>.</param>
    /// <param name="measureCandles">Candles that return and volatility are measured over, at least 2.</param>
    /// <param name="hysteresis">Lead in probability that another state needs before the regime changes, 0 to below 1.</param>
    /// <param name="states">The states, at least 2, with distinct names.</param>
    /// <param name="transitions">Probability of state j after state i at <c>[i * K + j]</c>; each above zero, each row summing to one.</param>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public RegimeSet(
        int window, int measureCandles, double hysteresis, IReadOnlyList<RegimeState> states, IReadOnlyList<double> transitions)
    {
        if (measureCandles < 2 || window <= measureCandles || hysteresis is not (>= 0 and < 1))
        {
            throw new ArgumentException(
                $"expected at least 2 measure candles, a longer window and a hysteresis in [0, 1), were {measureCandles}, {window} and {hysteresis}");
        }

        CheckStates(states);
        CheckTransitions(transitions, states.Count);
        Window = window;
        MeasureCandles = measureCandles;
        Hysteresis = hysteresis;
        _states = [.. states];
        _transitions = [.. transitions];
        Names = Array.ConvertAll(_states, s => s.Name);
        Id = new RegimeSetId(Convert.ToHexStringLower(SHA256.HashData(CanonicalBytes())));
    }

    /// <summary>Hash of the parameters below.</summary>
    public RegimeSetId Id { get; }

    /// <summary>State names in state order, unique, for example <c>calm-bull</c>, <c>turbulent-bear</c>, <c>calm-sideways</c>.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Candles the filter looks at: a regime estimate at t is a function of candles t-Window+1..t alone.</summary>
    public int Window { get; }

    /// <summary>Candles that return and volatility are measured over.</summary>
    public int MeasureCandles { get; }

    /// <summary>Lead in filtered probability that another state needs before the regime changes, 0 to below 1.</summary>
    public double Hysteresis { get; }

    /// <summary>The states.</summary>
    public IReadOnlyList<RegimeState> States => _states;

    /// <summary>Probability of state j after state i at <c>[i * K + j]</c>.</summary>
    public IReadOnlyList<double> Transitions => _transitions;

    /// <summary>Returns the candles a stay in <paramref name="state"/> lasts on average.</summary>
    public double MeanStay(int state) => 1 / (1 - _transitions[(state * _states.Length) + state]);

    /// <summary>Returns the set as JSON; numbers are written so that reading gives the same bits.</summary>
    public string ToJson() => RegimeSetDocument.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not such a document, or its id is not the hash of its parameters.</exception>
    public static RegimeSet FromJson(string json) => RegimeSetDocument.Read(json);

    /// <summary>Returns whether the ids are equal.</summary>
    public bool Equals(RegimeSet? other) => other is not null && Id == other.Id;

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode();

    private static void CheckStates(IReadOnlyList<RegimeState> states)
    {
        if (states.Count < 2)
        {
            throw new ArgumentException($"a regime set has at least 2 states, had {states.Count}", nameof(states));
        }

        if (states.Any(s => s is null))
        {
            throw new ArgumentException("every state must have a name and values, one was null", nameof(states));
        }

        foreach (var state in states)
        {
            if (string.IsNullOrWhiteSpace(state.Name) || states.Count(s => s.Name == state.Name) > 1)
            {
                throw new ArgumentException($"state names must be distinct and not empty, were {string.Join(", ", states.Select(s => s.Name))}", nameof(states));
            }

            if (!double.IsFinite(state.TrendMean) || !double.IsFinite(state.VolatilityMean)
                || !(double.IsFinite(state.TrendDeviation) && state.TrendDeviation > 0)
                || !(double.IsFinite(state.VolatilityDeviation) && state.VolatilityDeviation > 0))
            {
                throw new ArgumentException($"means must be finite and deviations above zero, was {state}", nameof(states));
            }
        }
    }

    private static void CheckTransitions(IReadOnlyList<double> transitions, int states)
    {
        if (transitions.Count != states * states)
        {
            throw new ArgumentException($"expected {states * states} transition probabilities, had {transitions.Count}", nameof(transitions));
        }

        for (var i = 0; i < states; i++)
        {
            var row = transitions.Skip(i * states).Take(states).ToArray();
            if (row.Any(p => p is not (> 0 and < 1)) || Math.Abs(row.Sum() - 1) > RowSumTolerance)
            {
                throw new ArgumentException(
                    $"transition probabilities must lie between zero and one and sum to one, row {i} was {string.Join(", ", row)}", nameof(transitions));
            }
        }
    }

    private byte[] CanonicalBytes()
    {
        using var bytes = new MemoryStream();
        Span<byte> buffer = stackalloc byte[8];
        void Add(Span<byte> into, double value)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(into, value);
            bytes.Write(into);
        }

        bytes.Write(Encoding.UTF8.GetBytes($"regimes 1\n{string.Join('\n', Names)}\n"));
        Add(buffer, Window);
        Add(buffer, MeasureCandles);
        Add(buffer, Hysteresis);
        foreach (var state in _states)
        {
            Add(buffer, state.TrendMean);
            Add(buffer, state.TrendDeviation);
            Add(buffer, state.VolatilityMean);
            Add(buffer, state.VolatilityDeviation);
        }

        foreach (var probability in _transitions)
        {
            Add(buffer, probability);
        }

        return bytes.ToArray();
    }
}
