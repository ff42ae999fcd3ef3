namespace TicketBot.Research.Experiments;

/// <summary>Which ways to a mask this engine can take.</summary>
internal static class MaskMethods
{
    /// <summary>Refuses a method that is not to be had.</summary>
    /// <exception cref="ResearchRefusedException">It is one of those.</exception>
    public static void RequireAvailable(ExperimentMethod method)
    {
        if (method is ExperimentMethod.Snip or ExperimentMethod.SynFlow or ExperimentMethod.RigL)
        {
            throw new ResearchRefusedException($"--method: {method.ToString().ToLowerInvariant()} is not to be had in this version; use imp, oneshot or earlybird");
        }
    }
}
