using TicketBot.Learning;
using TicketBot.Research.ArchitectureSearch.Spaces;

namespace TicketBot.Research.ArchitectureSearch.Strategies;

/// <summary>REINFORCE (Williams 1992; Zoph and Le 2017): a controller draws candidates, and choices that gave more than a running mean of the fitness become likelier.</summary>
public sealed class Reinforce : ISearchStrategy
{
    private const double BaselineDecay = 0.9;
    private const double EntropyWeight = 1e-4;
    private const int Hidden = 32;

    private readonly ArchitectureSpace _space;
    private readonly Controller _controller;
    private readonly Queue<int[]> _asked = new();
    private Rng _rng;
    private double _mean;
    private double _weight;
    private double _spread;
    private double _worst = double.PositiveInfinity;

    /// <summary>Starts with nearly equal probabilities.</summary>
    /// <param name="space">The architectures.</param>
    /// <param name="isRecurrent">Whether each decision knows those before it.</param>
    /// <param name="rate">Step size of the controller's Adam, above 0.</param>
    /// <param name="seed">Seed of all its chance.</param>
    public Reinforce(ArchitectureSpace space, bool isRecurrent, double rate, ulong seed)
    {
        (_space, _rng) = (space, new Rng(seed));
        Name = isRecurrent ? "reinforce-recurrent" : "reinforce";
        _controller = isRecurrent
            ? new RecurrentController(space, Hidden, rate, EntropyWeight, ref _rng)
            : new FactorisedController(space, rate, EntropyWeight, ref _rng);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public Candidate Ask()
    {
        var candidate = _space.Shrink(_space.Of(_controller.Sample(ref _rng)), ref _rng);
        _asked.Enqueue([.. candidate.Choices]);
        return candidate;
    }

    /// <inheritdoc/>
    public void Tell(Candidate candidate, Outcome outcome)
    {
        var choices = _asked.Dequeue();
        var fitness = double.IsFinite(outcome.Fitness) ? outcome.Fitness : _worst;
        if (!double.IsFinite(fitness))
        {
            return;
        }

        // The mean before this one, bias-corrected; the first candidate has nothing to be held against. Dividing by the spread makes the entropy's weight mean the
        // same whatever the unit of fitness.
        if (_weight > 0)
        {
            var advantage = fitness - (_mean / _weight);
            _spread = (BaselineDecay * _spread) + ((1 - BaselineDecay) * advantage * advantage);
            _controller.Reinforce(choices, _spread > 0 ? advantage / Math.Sqrt(_spread / _weight) : 0);
        }

        _worst = Math.Min(_worst, fitness);
        _mean = (BaselineDecay * _mean) + ((1 - BaselineDecay) * fitness);
        _weight = (BaselineDecay * _weight) + (1 - BaselineDecay);
    }
}
