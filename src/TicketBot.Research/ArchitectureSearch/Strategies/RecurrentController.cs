using TicketBot.Learning;
using TicketBot.Research.ArchitectureSearch.Spaces;

namespace TicketBot.Research.ArchitectureSearch.Strategies;

/// <summary>A long short-term memory that makes one decision after the other, each knowing those before it (Zoph and Le 2017): what was chosen last comes in as a learned
/// vector, and each decision has a softmax of its own. Decisions without effect are passed over. In double precision, so that its gradient can be checked.</summary>
internal sealed class RecurrentController : Controller
{
    private const double InitialRange = 0.1;

    private readonly ArchitectureSpace _space;
    private readonly int _hidden;
    private readonly int[] _starts;
    private readonly double[] _values;
    private readonly AdamAscent _adam;
    private readonly double _entropyWeight;

    /// <param name="space">The architectures.</param>
    /// <param name="hidden">Memory cells.</param>
    /// <param name="rate">Step size of Adam.</param>
    /// <param name="entropyWeight">Weight of the entropy.</param>
    /// <param name="rng">Draws the first parameters, uniform in [-0.1, 0.1].</param>
    public RecurrentController(ArchitectureSpace space, int hidden, double rate, double entropyWeight, ref Rng rng)
    {
        (_space, _hidden, _entropyWeight) = (space, hidden, entropyWeight);
        _starts = new int[space.Decisions.Count + 1];
        for (var i = 0; i < space.Decisions.Count; i++)
        {
            _starts[i + 1] = _starts[i] + space.Decisions[i].Count;
        }

        _values = new double[(GateRows * GateColumns) + (2 * _starts[^1] * hidden) + hidden];
        foreach (ref var value in _values.AsSpan())
        {
            value = InitialRange * ((2 * rng.NextDouble()) - 1);
        }

        _adam = new AdamAscent(_values.Length, rate);
    }

    /// <summary>All parameters: gates <c>[4 hidden, 2 hidden + 1]</c>, heads <c>[options, hidden]</c>, vectors of options <c>[options, hidden]</c>, vector of the start.</summary>
    internal double[] Values => _values;

    private int GateRows => 4 * _hidden;

    private int GateColumns => (2 * _hidden) + 1;

    private int Heads => GateRows * GateColumns;

    private int Vectors => Heads + (_starts[^1] * _hidden);

    private int StartVector => Vectors + (_starts[^1] * _hidden);

    public override int[] Sample(ref Rng rng)
    {
        var choices = new int[_space.Decisions.Count];
        var (vector, state) = (StartVector, new Cell(_hidden));
        for (var i = 0; i < choices.Length; i++)
        {
            if (_space.IsActive(choices, i))
            {
                state = Advance(vector, state);
                choices[i] = Draw(ProbabilitiesOf(i, state), ref rng);
                vector = VectorOf(i, choices[i]);
            }
        }

        return choices;
    }

    public override void Reinforce(IReadOnlyList<int> choices, double advantage) => _adam.Step(_values, Gradient(choices, advantage));

    public override double LogProbability(IReadOnlyList<int> choices) => Play(choices).Sum(step => PortableMath.Log(step.Probabilities[choices[step.Decision]]));

    /// <summary>Returns the gradient of <c>advantage * log p(choices) + entropyWeight * entropy</c> by all parameters.</summary>
    internal double[] Gradient(IReadOnlyList<int> choices, double advantage)
    {
        var steps = Play(choices);
        var gradient = new double[_values.Length];
        double[] outputBack = new double[_hidden], memoryBack = new double[_hidden];
        for (var t = steps.Count - 1; t >= 0; t--)
        {
            var step = steps[t];
            var logits = LogitGradient(step.Probabilities, choices[step.Decision], advantage, _entropyWeight);
            for (var option = 0; option < logits.Length; option++)
            {
                var head = Heads + ((_starts[step.Decision] + option) * _hidden);
                for (var h = 0; h < _hidden; h++)
                {
                    gradient[head + h] += logits[option] * step.After.Output[h];
                    outputBack[h] += logits[option] * _values[head + h];
                }
            }

            BackThroughCell(step, gradient, outputBack, memoryBack);
        }

        return gradient;
    }

    private void BackThroughCell(Played step, double[] gradient, double[] outputBack, double[] memoryBack)
    {
        var (before, after) = (step.Before, step.After);
        var gates = new double[GateRows];
        for (var h = 0; h < _hidden; h++)
        {
            var (input, forget, candidate, output) = (after.Gates[h], after.Gates[_hidden + h], after.Gates[(2 * _hidden) + h], after.Gates[(3 * _hidden) + h]);
            var squashed = Tanh(after.Memory[h]);
            var memory = memoryBack[h] + (outputBack[h] * output * (1 - (squashed * squashed)));
            gates[h] = memory * candidate * input * (1 - input);
            gates[_hidden + h] = memory * before.Memory[h] * forget * (1 - forget);
            gates[(2 * _hidden) + h] = memory * input * (1 - (candidate * candidate));
            gates[(3 * _hidden) + h] = outputBack[h] * squashed * output * (1 - output);
            memoryBack[h] = memory * forget;
        }

        Array.Clear(outputBack);
        for (var row = 0; row < GateRows; row++)
        {
            var at = row * GateColumns;
            for (var h = 0; h < _hidden; h++)
            {
                gradient[at + h] += gates[row] * _values[step.Vector + h];
                gradient[step.Vector + h] += gates[row] * _values[at + h];
                gradient[at + _hidden + h] += gates[row] * before.Output[h];
                outputBack[h] += gates[row] * _values[at + _hidden + h];
            }

            gradient[at + GateColumns - 1] += gates[row];
        }
    }

    private List<Played> Play(IReadOnlyList<int> choices)
    {
        var steps = new List<Played>();
        var (vector, state) = (StartVector, new Cell(_hidden));
        for (var i = 0; i < choices.Count; i++)
        {
            if (_space.IsActive(choices, i))
            {
                var next = Advance(vector, state);
                steps.Add(new Played(i, vector, state, next, ProbabilitiesOf(i, next)));
                (state, vector) = (next, VectorOf(i, choices[i]));
            }
        }

        return steps;
    }

    private Cell Advance(int vector, Cell before)
    {
        var after = new Cell(_hidden);
        for (var row = 0; row < GateRows; row++)
        {
            var at = row * GateColumns;
            var sum = _values[at + GateColumns - 1];
            for (var h = 0; h < _hidden; h++)
            {
                sum += (_values[at + h] * _values[vector + h]) + (_values[at + _hidden + h] * before.Output[h]);
            }

            after.Gates[row] = row / _hidden == 2 ? Tanh(sum) : 1 / (1 + PortableMath.Exp(-sum));
        }

        for (var h = 0; h < _hidden; h++)
        {
            after.Memory[h] = (after.Gates[_hidden + h] * before.Memory[h]) + (after.Gates[h] * after.Gates[(2 * _hidden) + h]);
            after.Output[h] = after.Gates[(3 * _hidden) + h] * Tanh(after.Memory[h]);
        }

        return after;
    }

    private double[] ProbabilitiesOf(int decision, Cell state)
    {
        var logits = new double[_space.Decisions[decision].Count];
        for (var option = 0; option < logits.Length; option++)
        {
            var head = Heads + ((_starts[decision] + option) * _hidden);
            for (var h = 0; h < _hidden; h++)
            {
                logits[option] += _values[head + h] * state.Output[h];
            }
        }

        Softmax(logits);
        return logits;
    }

    private int VectorOf(int decision, int option) => Vectors + ((_starts[decision] + option) * _hidden);

    private static double Tanh(double x) => 1 - (2 / (1 + PortableMath.Exp(2 * x)));

    private sealed class Cell(int hidden)
    {
        public double[] Gates { get; } = new double[4 * hidden];

        public double[] Memory { get; } = new double[hidden];

        public double[] Output { get; } = new double[hidden];
    }

    private sealed record Played(int Decision, int Vector, Cell Before, Cell After, double[] Probabilities);
}
