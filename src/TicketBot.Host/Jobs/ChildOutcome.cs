namespace TicketBot.Host.Jobs;

/// <summary>How a child process ended. A closed family.</summary>
public abstract record ChildOutcome
{
    private ChildOutcome()
    {
    }

    /// <summary>Whether it did its work.</summary>
    public bool Succeeded => this is Exited { Code: 0 };

    /// <summary>It ended by itself.</summary>
    /// <param name="Code">Exit code; 0 is success.</param>
    /// <param name="LastWords">The last lines it wrote.</param>
    public sealed record Exited(int Code, string LastWords) : ChildOutcome
    {
        /// <inheritdoc/>
        public override string ToString() => Code == 0 ? "done" : $"ended with code {Code}: {LastWords}";
    }

    /// <summary>It ran longer than allowed and was killed.</summary>
    /// <param name="Limit">The time allowed.</param>
    public sealed record Overran(TimeSpan Limit) : ChildOutcome
    {
        /// <inheritdoc/>
        public override string ToString() => $"killed after its time limit of {Limit.TotalMinutes:0.##} min (Host:Jobs:TimeLimitMinutes)";
    }

    /// <summary>It held more memory than allowed and was killed.</summary>
    /// <param name="MiB">Resident memory seen.</param>
    /// <param name="LimitMiB">Memory allowed.</param>
    public sealed record AteMemory(long MiB, long LimitMiB) : ChildOutcome
    {
        /// <inheritdoc/>
        public override string ToString() => $"killed at {MiB} MiB, allowed were {LimitMiB} MiB (Host:Jobs:MemoryLimitMiB)";
    }

    /// <summary>It could not be started.</summary>
    /// <param name="Text">What the system said.</param>
    public sealed record NotStarted(string Text) : ChildOutcome
    {
        /// <inheritdoc/>
        public override string ToString() => $"could not be started: {Text}";
    }
}
