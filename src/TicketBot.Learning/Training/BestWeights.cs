using TicketBot.Learning.Losses;

namespace TicketBot.Learning.Training;

/// <summary>Keeps the weights of the lowest validation loss and counts the patience.</summary>
internal sealed class BestWeights
{
    private readonly Network _network;
    private readonly TrainingSet _validation;
    private readonly int? _patience;
    private readonly SetLoss _loss;
    private readonly float[][] _weights;
    private readonly List<ValidationPoint> _points = [];
    private int _sinceBest;

    public BestWeights(Network network, TrainingSet validation, int? patience, LossFunction loss)
    {
        _network = network;
        _validation = validation;
        _patience = patience;
        _loss = new SetLoss(network, loss);
        _weights = network.CaptureWeights();
    }

    public double? Loss { get; private set; }

    public Step? Step { get; private set; }

    public IReadOnlyList<ValidationPoint> Points => _points;

    public bool PatienceIsOver => _patience is { } patience && _sinceBest >= patience;

    /// <exception cref="TrainingDivergedException">The loss is not finite.</exception>
    public double Measure(Step step)
    {
        double loss = _loss.Of(_validation);
        if (!double.IsFinite(loss))
        {
            // No later loss is smaller than what is no number, so it would stay the best for ever.
            throw new TrainingDivergedException($"training diverged at step {step.Number}: validation loss {loss}; expected a finite loss; lower the learning rate, set ClipNorm, or look in the validation set for values far outside those of training");
        }

        if (!Count(new ValidationPoint(step, loss)))
        {
            return loss;
        }

        for (int i = 0; i < _weights.Length; i++)
        {
            _network.Parameters[i].Values.AsSpan().CopyTo(_weights[i]);
        }

        return loss;
    }

    /// <summary>Puts the best weights back; measures the present ones first if nothing was measured yet.</summary>
    public void Restore(Step present)
    {
        if (Loss is null)
        {
            Measure(present);
        }

        _network.RestoreWeights(_weights);
    }

    public float[][]? CaptureBest() => Loss is null ? null : [.. _weights.Select(values => (float[])values.Clone())];

    /// <summary>Takes over the measurements of an interrupted training.</summary>
    /// <exception cref="ArgumentException">There are measurements without the weights of the best.</exception>
    public void Resume(TrainingState state)
    {
        foreach (ValidationPoint point in state.Validations)
        {
            Count(point);
        }

        if (Loss is null)
        {
            return;
        }

        Network.RequireShapes(_network.Architecture, state.BestWeights ?? [], nameof(state));
        for (int i = 0; i < _weights.Length; i++)
        {
            state.BestWeights![i].AsSpan().CopyTo(_weights[i]);
        }
    }

    /// <summary>True when the point is the best so far.</summary>
    private bool Count(ValidationPoint point)
    {
        _points.Add(point);
        if (Loss is { } best && !(point.Loss < best))
        {
            _sinceBest++;
            return false;
        }

        Loss = point.Loss;
        Step = point.Step;
        _sinceBest = 0;
        return true;
    }
}
