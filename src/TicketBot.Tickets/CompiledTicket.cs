using TicketBot.Learning.Sparse;

namespace TicketBot.Tickets;

/// <summary>A ticket made ready to predict: packed sparse weights, scaler, temperature, similarity. Not safe for use by several
/// threads; predicting allocates nothing.</summary>
public sealed class CompiledTicket
{
    private const int Up = 1;
    private readonly CompiledNetwork _network;
    private readonly float[] _scaled;
    private readonly float[] _logits;
    private readonly float[] _window;

    /// <summary>Compiles a ticket.</summary>
    /// <exception cref="ArgumentException">The ticket's parts do not fit together, or it does not predict direction.</exception>
    public CompiledTicket(Ticket ticket)
    {
        TicketChecks.RefuseUnfit(ticket);
        if (ticket.Task != PredictionTask.Direction || ticket.Architecture.Outputs != 2)
        {
            throw new ArgumentException(
                $"expected a ticket that predicts direction with two logits (down, up), {ticket.Id.Short} predicts {ticket.Task} with "
                + $"{ticket.Architecture.Outputs}", nameof(ticket));
        }

        Ticket = ticket;
        _network = new CompiledNetwork(ticket.Architecture, ticket.Weights, ticket.Mask);
        _scaled = new float[ticket.Architecture.RowLength];
        _logits = new float[ticket.Architecture.Outputs];
        _window = new float[ticket.Similarity.WindowRows * ticket.Architecture.Inputs];
    }

    /// <summary>The ticket.</summary>
    public Ticket Ticket { get; }

    /// <summary>Candles whose feature rows it reads at once, at least 1.</summary>
    public int Steps => Ticket.Architecture.Window;

    /// <summary>Returns the calibrated probability that the price rises over the horizon, 0..1.</summary>
    /// <param name="features">Unscaled feature row of the ticket's schema; where its network reads a window, those of so many candles, <c>[window, features]</c>, oldest first.</param>
    /// <exception cref="ArgumentException">The rows have another length, or a value is not finite.</exception>
    /// <exception cref="InvalidOperationException">The answer is not finite.</exception>
    public double ProbabilityUp(ReadOnlySpan<float> features)
    {
        Ticket.Scaler.ApplyEach(features, _scaled);
        try
        {
            _network.Predict(_scaled, _logits);
        }
        catch (ArgumentException exception)
        {
            // The scaled row is finite and of the right length, so only the logits can be what was refused.
            throw new InvalidOperationException($"Invariant: ticket {Ticket.Id.Short} must answer finite logits: {exception.Message}", exception);
        }

        var probability = Ticket.Calibration.ProbabilityOf(_logits[0], _logits[Up]);
        return double.IsFinite(probability)
            ? probability
            : throw new InvalidOperationException(
                $"Invariant: ticket {Ticket.Id.Short} must answer a finite probability, was {probability} of logits {_logits[0]}, {_logits[1]}");
    }

    /// <summary>Returns the similarity of the unscaled rows, newest last, <c>[rows, features]</c> row-major, of which the last
    /// <see cref="SimilarityReference.WindowRows"/> count; with fewer rows than that an answer would be a guess, so then <c>null</c>.</summary>
    /// <exception cref="ArgumentException">The length is no whole number of rows, or a value is not finite.</exception>
    public double? SimilarityOf(ReadOnlySpan<float> rows)
    {
        var features = Ticket.Architecture.Inputs;
        if (rows.Length % features != 0)
        {
            throw new ArgumentException($"expected whole rows of {features} features, was {rows.Length} values", nameof(rows));
        }

        if (rows.Length < _window.Length)
        {
            return null;
        }

        var last = rows[^_window.Length..];
        for (var i = 0; i < _window.Length; i += features)
        {
            Ticket.Scaler.Apply(last.Slice(i, features), _window.AsSpan(i, features));
        }

        return Ticket.Similarity.SimilarityOf(_window);
    }
}
