using System.ComponentModel.DataAnnotations;

namespace TicketBot.Research.Transfer;

/// <summary>Limits of transfer learning (section <c>Research:Transfer</c>).</summary>
public sealed class TransferOptions
{
    /// <summary>Similarity of source and target below which no transfer is trusted without labels of the target, 0 to 1. Default 0.7.</summary>
    [Range(0, 1)]
    public double MinSimilarity { get; set; } = 0.7;

    /// <summary>Accuracy of the source's network on rows of the source below which no transfer is trusted without labels of the target, 0 to 1. Default 0.6.</summary>
    [Range(0, 1)]
    public double MinSourceAccuracy { get; set; } = 0.6;

    /// <summary>Labelled rows of the target that fine-tuning needs, 1 to 1,000,000. Default 100.</summary>
    [Range(1, 1_000_000)]
    public int MinFineTuningRows { get; set; } = 100;

    /// <summary>Rows of the target, labelled or not, that domain adaptation needs, 2 to 1,000,000. Default 200.</summary>
    [Range(2, 1_000_000)]
    public int MinAdaptationRows { get; set; } = 200;

    /// <summary>Labelled rows of the target that a ticket trained from scratch needs, 1 to 1,000,000. Default 1,000; scratch remains the control and a fallback with fewer.</summary>
    [Range(1, 1_000_000)]
    public int MinScratchRows { get; set; } = 1_000;

    /// <summary>Chance of keeping a transfer that is no better than training from scratch, 0.0001 to 0.5. Default 0.05.</summary>
    [Range(0.0001, 0.5)]
    public double Alpha { get; set; } = 0.05;
}
