namespace TicketBot.Host.Checks;

/// <summary>Why a finding is as it is.</summary>
public enum FindingCause
{
    /// <summary>What was checked holds, or does not.</summary>
    Verdict,

    /// <summary>It holds, but the operator should know something.</summary>
    Warning,

    /// <summary>The configuration is wrong or lacks something.</summary>
    Configuration,

    /// <summary>The outside world did not answer.</summary>
    World,
}

/// <summary>One finding of a check.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Passed">Whether it holds.</param>
/// <param name="Text">What was expected and found, with the remedy when it does not hold.</param>
/// <param name="Cause">Why it is so.</param>
public sealed record Finding(string Name, bool Passed, string Text, FindingCause Cause = FindingCause.Verdict);
