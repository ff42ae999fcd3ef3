namespace TicketBot.Host.Jobs;

/// <summary>How one run of a job ended, as journalled under the kind <c>job</c>.</summary>
/// <param name="Name">The job.</param>
/// <param name="Symbol">The contract it worked on; empty for all.</param>
/// <param name="Succeeded">Whether it did its work.</param>
/// <param name="Outcome">Plain words.</param>
/// <param name="Seconds">Wall seconds it took.</param>
public sealed record JobResult(string Name, string Symbol, bool Succeeded, string Outcome, double Seconds)
{
    /// <summary>The journal's kind of such entries.</summary>
    public const string Kind = "job";
}
