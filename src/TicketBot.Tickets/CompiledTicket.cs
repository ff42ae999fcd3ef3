namespace TicketBot.Tickets;

/// <summary>A ticket made ready to predict: packed sparse weights, scaler, temperature, similarity. Not safe for use by several
/// threads; predicting allocates nothing after warm-up but the answer.</summary>
public sealed class CompiledTicket
{
    /// <summary>Compiles a ticket.</summary>
    public CompiledTicket(Ticket ticket) => throw new NotImplementedException();

    /// <summary>The ticket.</summary>
    public Ticket Ticket => throw new NotImplementedException();

    /// <summary>Returns the calibrated probability that the price rises over the horizon, 0..1.</summary>
    /// <param name="features">Unscaled feature row of the ticket's schema.</param>
    /// <exception cref="InvalidOperationException">The answer is not finite.</exception>
    public double ProbabilityUp(ReadOnlySpan<float> features) => throw new NotImplementedException();

    /// <summary>Returns the similarity of the unscaled rows, newest last, <c>[rows, features]</c> row-major; 1 when fewer rows than the
    /// reference's window are given would be a guess, so then <c>null</c>.</summary>
    public double? SimilarityOf(ReadOnlySpan<float> rows) => throw new NotImplementedException();
}
