using TicketBot.Learning;
using TicketBot.Research.ArchitectureSearch.Spaces;

namespace TicketBot.Research.ArchitectureSearch.Strategies;

/// <summary>Independent probabilities per decision: one softmax each (the REINFORCE of NATS-Bench, Dong et al. 2021).</summary>
internal sealed class FactorisedController : Controller
{
    private const double InitialDeviation = 1e-3;

    private readonly ArchitectureSpace _space;
    private readonly int[] _starts;
    private readonly double[] _logits;
    private readonly AdamAscent _adam;
    private readonly double _entropyWeight;

    public FactorisedController(ArchitectureSpace space, double rate, double entropyWeight, ref Rng rng)
    {
        (_space, _entropyWeight) = (space, entropyWeight);
        _starts = new int[space.Decisions.Count + 1];
        for (var i = 0; i < space.Decisions.Count; i++)
        {
            _starts[i + 1] = _starts[i] + space.Decisions[i].Count;
        }

        _logits = new double[_starts[^1]];
        foreach (ref var logit in _logits.AsSpan())
        {
            logit = InitialDeviation * rng.NextGaussian();
        }

        _adam = new AdamAscent(_logits.Length, rate);
    }

    public override int[] Sample(ref Rng rng)
    {
        var choices = new int[_space.Decisions.Count];
        for (var i = 0; i < choices.Length; i++)
        {
            choices[i] = _space.IsActive(choices, i) ? Draw(ProbabilitiesOf(i), ref rng) : 0;
        }

        return choices;
    }

    public override void Reinforce(IReadOnlyList<int> choices, double advantage)
    {
        var gradient = new double[_logits.Length];
        for (var i = 0; i < choices.Count; i++)
        {
            if (_space.IsActive(choices, i))
            {
                LogitGradient(ProbabilitiesOf(i), choices[i], advantage, _entropyWeight).CopyTo(gradient, _starts[i]);
            }
        }

        _adam.Step(_logits, gradient);
    }

    public override double LogProbability(IReadOnlyList<int> choices) =>
        Enumerable.Range(0, choices.Count).Where(i => _space.IsActive(choices, i)).Sum(i => PortableMath.Log(ProbabilitiesOf(i)[choices[i]]));

    private double[] ProbabilitiesOf(int decision)
    {
        var probabilities = _logits[_starts[decision].._starts[decision + 1]];
        Softmax(probabilities);
        return probabilities;
    }
}
