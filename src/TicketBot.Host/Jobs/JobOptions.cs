using System.ComponentModel.DataAnnotations;

namespace TicketBot.Host.Jobs;

/// <summary>When jobs run (Quartz cron expressions in UTC: second minute hour day month weekday) and what a research child may use.</summary>
public sealed class JobOptions
{
    /// <summary>Whether jobs run at all; off, no ticket is made or promoted, but one that is refuted retires all the same. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>When candles are fetched again over REST and gaps closed. Default daily at 00:10.</summary>
    [Required]
    public string HistoryCron { get; set; } = "0 10 0 * * ?";

    /// <summary>When tickets are identified anew (also on confirmed drift). Default on the first of each month at 01:00.</summary>
    [Required]
    public string ReidentifyCron { get; set; } = "0 0 1 1 * ?";

    /// <summary>When live tickets are fine-tuned on the newest candles. Default on Sundays at 02:00.</summary>
    [Required]
    public string FinetuneCron { get; set; } = "0 0 2 ? * SUN";

    /// <summary>When live tickets are judged again by the gates. Default on Wednesdays at 02:00.</summary>
    [Required]
    public string ReevaluateCron { get; set; } = "0 0 2 ? * WED";

    /// <summary>When tickets in shadow are judged: retired, promoted over the champion, or left. Default daily at 03:00.</summary>
    [Required]
    public string ChallengeCron { get; set; } = "0 0 3 * * ?";

    /// <summary>When architectures are searched and tickets drawn from the chosen one; not by the time of a market that runs faster than the clock. Default on the 15th of each month at 01:00.</summary>
    [Required]
    public string ArchitectureSearchCron { get; set; } = "0 0 1 15 * ?";

    /// <summary>When the newest days of the journal are decided again and compared with what was decided live, bit for bit. Default daily at 03:30.</summary>
    [Required]
    public string AgreementCron { get; set; } = "0 30 3 * * ?";

    /// <summary>When the distances between the markets of the store are measured. Default on Mondays at 04:00.</summary>
    [Required]
    public string SimilarityCron { get; set; } = "0 0 4 ? * MON";

    /// <summary>Days of the journal that are decided again at least, 1 to 3,650; from the start of the trader before them. Default 2.</summary>
    [Range(1, 3_650)]
    public int AgreementDays { get; set; } = 2;

    /// <summary>Minutes after which a research child is killed, 1 to 10,080. Default 30.</summary>
    [Range(1, 10_080)]
    public int TimeLimitMinutes { get; set; } = 30;

    /// <summary>Memory of a research child in MiB: limit of its managed heap, and of its resident set with half as much on top, 128 to 65,536. Default 768.</summary>
    [Range(128, 65_536)]
    public int MemoryLimitMiB { get; set; } = 768;

    /// <summary>How far a research child stands back from the processor (its niceness), 0 to 19. Default 10.</summary>
    [Range(0, 19)]
    public int Niceness { get; set; } = 10;

    /// <summary>Returns the cron expression of each job by its option name.</summary>
    public IReadOnlyList<(string Option, string Cron)> Crons() =>
    [
        (nameof(HistoryCron), HistoryCron), (nameof(ReidentifyCron), ReidentifyCron),
        (nameof(FinetuneCron), FinetuneCron), (nameof(ReevaluateCron), ReevaluateCron), (nameof(ChallengeCron), ChallengeCron),
        (nameof(ArchitectureSearchCron), ArchitectureSearchCron), (nameof(AgreementCron), AgreementCron), (nameof(SimilarityCron), SimilarityCron),
    ];
}
