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

    /// <summary>Judges tickets in shadow.</summary>
    public const string Challenge = "challenge";

    /// <summary>Searches architectures and draws tickets from the one it chooses.</summary>
    public const string ArchitectureSearch = "architectureSearch";

    /// <summary>Decides the newest days of the journal again and compares.</summary>
    public const string Agreement = "agreement";

    /// <summary>Measures how alike the markets of the store are.</summary>
    public const string Similarity = "similarity";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [History, Reidentify, Finetune, Reevaluate, Challenge, ArchitectureSearch, Agreement, Similarity];

    /// <summary>Whether a job works on the whole account rather than on one contract after the other.</summary>
    public static bool IsOfAccount(string name) => name is Agreement or Similarity;

    /// <summary>Whether a job runs in a child process.</summary>
    public static bool HasChild(string name) => IsResearch(name) || IsOfAccount(name);

    /// <summary>Whether a job is research: it makes or judges tickets.</summary>
    public static bool IsResearch(string name) => name is Reidentify or Finetune or Reevaluate or Challenge or ArchitectureSearch;

    /// <summary>Whether a market that runs faster than the clock starts a job by its own time; one that works for many minutes would be due again before it is done.</summary>
    public static bool FollowsMarketTime(string name) => name is not ArchitectureSearch;

    /// <summary>Returns the cron expression of a job.</summary>
    /// <exception cref="ArgumentException">There is no such job.</exception>
    public static string CronOf(string name, JobOptions options) => name switch
    {
        History => options.HistoryCron,
        Reidentify => options.ReidentifyCron,
        Finetune => options.FinetuneCron,
        Reevaluate => options.ReevaluateCron,
        Challenge => options.ChallengeCron,
        ArchitectureSearch => options.ArchitectureSearchCron,
        Agreement => options.AgreementCron,
        Similarity => options.SimilarityCron,
        _ => throw new ArgumentException($"a job is one of {string.Join(' ', All)}, was '{name}'", nameof(name)),
    };
}
