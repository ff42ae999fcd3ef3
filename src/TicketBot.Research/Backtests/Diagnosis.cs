namespace TicketBot.Research.Backtests;

/// <summary>One thing that was looked for in a backtest because it fools operators.</summary>
/// <param name="Name">Name in documents.</param>
/// <param name="Value">What was measured, or <c>null</c> when these data do not have it.</param>
/// <param name="Threshold">Where it becomes a finding.</param>
/// <param name="Found">Whether it is one; <c>null</c> when too little is there to tell.</param>
/// <param name="Words">What was seen, in words with the numbers.</param>
/// <param name="Remedy">What to do about it; empty when it was not found.</param>
public sealed record Diagnosis(string Name, double? Value, double Threshold, bool? Found, string Words, string Remedy)
{
    /// <summary><c>found</c>, <c>clear</c> or <c>cannot tell</c>.</summary>
    public string Verdict => Found switch { true => "found", false => "clear", null => "cannot tell" };

    /// <summary>Returns one that was measured.</summary>
    internal static Diagnosis Of(string name, double value, double threshold, bool found, FormattableString words, string remedy) =>
        new(name, value, threshold, found, FormattableString.Invariant(words), found ? remedy : "");

    /// <summary>Returns one that these data cannot tell.</summary>
    internal static Diagnosis Untold(string name, double threshold, FormattableString why) => new(name, null, threshold, null, FormattableString.Invariant(why), "");
}
