namespace TicketBot.Host.Jobs;

/// <summary>The jobs of the daemon.</summary>
public static class JobNames
{
    /// <summary>Fetches candles again over REST and closes gaps.</summary>
    public const string History = "history";

    /// <summary>Identifies tickets anew.</summary>
    public const string Reidentify = "reidentify";

    /// <summary>Fine-tunes live tickets on the newest candles.</summary>
    public const string Finetune = "finetune";

    /// <summary>Judges live tickets again.</summary>
    public const string Reevaluate = "reevaluate";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [History, Reidentify, Finetune, Reevaluate];

    /// <summary>Whether a job is research and so runs in a child process.</summary>
    public static bool IsResearch(string name) => name is Reidentify or Finetune or Reevaluate;

    /// <summary>Returns the cron expression of a job.</summary>
    /// <exception cref="ArgumentException">There is no such job.</exception>
    public static string CronOf(string name, JobOptions options) => name switch
    {
        History => options.HistoryCron,
        Reidentify => options.ReidentifyCron,
        Finetune => options.FinetuneCron,
        Reevaluate => options.ReevaluateCron,
        _ => throw new ArgumentException($"a job is one of {string.Join(' ', All)}, was '{name}'", nameof(name)),
    };
}
