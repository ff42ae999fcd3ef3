using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using TicketBot.Research.ArchitectureSearch;
using TicketBot.Research.Transfer;

namespace TicketBot.Research;

/// <summary>Options of the Research room (section <c>Research</c>): how tickets are made and judged.</summary>
public sealed class ResearchOptions : IValidatableObject
{
    /// <summary>Newest closed candles a search looks at, 2,000 to 1,000,000. Default 20,000.</summary>
    [Range(2_000, 1_000_000)]
    public int HistoryCandles { get; set; } = 20_000;

    /// <summary>Candles between decision and label, and the life of a position, 1 to 96. Default 1.</summary>
    [Range(1, 96)]
    public int Horizon { get; set; } = 1;

    /// <summary>Gene list of the network the tickets are drawn from. Default <c>dense:32,dense:16</c>.</summary>
    [Required]
    public string Architecture { get; set; } = "dense:32,dense:16";

    /// <summary>Candles whose feature rows a network reads at once, 1 to 64; more than one are for convolution, recurrent and attention genes. Default 1.</summary>
    [Range(1, 64)]
    public int Window { get; set; } = 1;

    /// <summary>Seed of all chance in research. Default 1.</summary>
    public ulong Seed { get; set; } = 1;

    /// <summary>Threads that train side by side, 1 to 64; the result does not depend on it. Default 2.</summary>
    [Range(1, 64)]
    public int Threads { get; set; } = 2;

    /// <summary>Share of the rows that weights, scaler and regimes are fitted on, 0.2 to 0.8. Default 0.55.</summary>
    [Range(0.2, 0.8)]
    public double TrainShare { get; set; } = 0.55;

    /// <summary>Share of the rows that serve choices (early stop, density, temperature), 0.05 to 0.4. Default 0.15.</summary>
    [Range(0.05, 0.4)]
    public double ValidationShare { get; set; } = 0.15;

    /// <summary>Folds whose out-of-sample rows judge a ticket, 1 to 10: the newest, and the same recipe as of the times at which each next fold's test rows begin. Default 2.</summary>
    [Range(1, 10)]
    public int Folds { get; set; } = 2;

    /// <summary>Rows that must remain for training after the purge, 200 to 1,000,000. Default 1,000.</summary>
    [Range(200, 1_000_000)]
    public int MinTrainRows { get; set; } = 1_000;

    /// <summary>Longest training in epochs, 1 to 1,000. Default 60.</summary>
    [Range(1, 1_000)]
    public int Epochs { get; set; } = 60;

    /// <summary>Rows of a mini-batch, 1 to 8,192. Default 512.</summary>
    [Range(1, 8_192)]
    public int BatchSize { get; set; } = 512;

    /// <summary>Step size of Adam, 0.00001 to 1. Default 0.01.</summary>
    [Range(0.00001, 1)]
    public double LearningRate { get; set; } = 0.01;

    /// <summary>Decoupled weight decay per unit of learning rate, 0 to 10. Default 1: rows are many and nearly all noise.</summary>
    [Range(0, 10)]
    public double WeightDecay { get; set; } = 1;

    /// <summary>Checks of the validation loss without a new minimum before training stops, 1 to 1,000. Default 20.</summary>
    [Range(1, 1_000)]
    public int Patience { get; set; } = 20;

    /// <summary>Share of the longest training after which the weights are kept as theta_k, 0 to 0.5. Default 0.02.</summary>
    [Range(0, 0.5)]
    public double RewindShare { get; set; } = 0.02;

    /// <summary>Largest mask distance, divided by that of two random masks, at which a mask counts as unmoved, 0 to 1. Default 0.25.</summary>
    [Range(0, 1)]
    public double EmergenceDistance { get; set; } = 0.25;

    /// <summary>Consecutive unmoved checks after which the early-bird mask is drawn, 1 to 20. Default 3.</summary>
    [Range(1, 20)]
    public int EmergenceChecks { get; set; } = 3;

    /// <summary>Densities tried from the left, a comma list of falling numbers in 0..1. Default <c>0.2,0.14,0.1,0.07,0.05,0.035,0.025,0.018,0.013,0.009</c>.</summary>
    [Required]
    public string Densities { get; set; } = "0.2,0.14,0.1,0.07,0.05,0.035,0.025,0.018,0.013,0.009";

    /// <summary>Random masks the control averages over, 1 to 20. Default 3.</summary>
    [Range(1, 20)]
    public int RandomMaskDraws { get; set; } = 3;

    /// <summary>Repetitions from other seeds that compare a candidate with its controls, 6 to 50; 12 of them are enough where they already show it. Default 30.</summary>
    [Range(6, 50)]
    public int ControlSeeds { get; set; } = 30;

    /// <summary>Whether a sparse network that does not beat its controls may trade when it passes every other gate. Default false.</summary>
    public bool AllowSparseNetworks { get; set; }

    /// <summary>Weight that a row of another regime keeps in a regime's training, 0 to 1: a row weighs this plus the rest times the
    /// filtered regime probability. Default 0.25.</summary>
    [Range(0, 1)]
    public double PooledShare { get; set; } = 0.25;

    /// <summary>Training rows (summed regime probability) below which a regime uses the pooled ticket, 50 to 100,000. Default 800.</summary>
    [Range(50, 100_000)]
    public int MinRegimeRows { get; set; } = 800;

    /// <summary>Chance of a false admission that the gates of one call share, 0.0001 to 0.5. Default 0.05.</summary>
    [Range(0.0001, 0.5)]
    public double Alpha { get; set; } = 0.05;

    /// <summary>Least number of out-of-sample trades, 1 to 100,000. Default 100.</summary>
    [Range(1, 100_000)]
    public int MinTrades { get; set; } = 100;

    /// <summary>Least number of fills in the replay, 1 to 100,000. Default 50.</summary>
    [Range(1, 100_000)]
    public int MinReplayFills { get; set; } = 50;

    /// <summary>Bootstrap draws, 200 to 1,000,000; more are taken where a corrected level needs them. Default 2,000.</summary>
    [Range(200, 1_000_000)]
    public int BootstrapDraws { get; set; } = 2_000;

    /// <summary>Mean block length of the bootstrap in candles, 1 to 10,000. Default 24.</summary>
    [Range(1, 10_000)]
    public int BootstrapBlock { get; set; } = 24;

    /// <summary>Draws with shuffled labels that the stability of a mask is held against, 20 to 10,000; with fewer p could not fall below 0.05. Default 40.</summary>
    [Range(20, 10_000)]
    public int StabilityDraws { get; set; } = 40;

    /// <summary>Days after the last tested candle for which a ticket may open positions, 1 to 3,650. Default 45.</summary>
    [Range(1, 3_650)]
    public int TicketLifeDays { get; set; } = 45;

    /// <summary>Epochs of a fine-tuning at an unchanged mask, 1 to 1,000. Default 6.</summary>
    [Range(1, 1_000)]
    public int FineTuneEpochs { get; set; } = 6;

    /// <summary>Newest training rows that a fine-tuning adapts to, 100 to 1,000,000; older ones are rehearsed. Default 2,000.</summary>
    [Range(100, 1_000_000)]
    public int FineTuneWindow { get; set; } = 2_000;

    /// <summary>Share of the older training rows that a fine-tuning learns again beside the new ones, regime by regime, 0.01 to 1. Default 0.1.</summary>
    [Range(0.01, 1)]
    public double RehearsalShare { get; set; } = 0.1;

    /// <summary>Starting balance of the replay gate in settlement coin, 10 to 1,000,000,000. Default 1,000,000: large, so that lot sizes decide nothing
    /// whatever the contract's price.</summary>
    [Range(typeof(decimal), "10", "1000000000", ParseLimitsInInvariantCulture = true)]
    public decimal BacktestBalance { get; set; } = 1_000_000m;

    /// <summary>Equity of the account whose orders the gates price, in settlement coin, 10 to 1,000,000,000: each order has the size of its position cap. Default 10,000.</summary>
    [Range(typeof(decimal), "10", "1000000000", ParseLimitsInInvariantCulture = true)]
    public decimal JudgedEquity { get; set; } = 10_000m;

    /// <summary>Share of the replay's orders that impact is charged for, so that its balance stands for <see cref="JudgedEquity"/>.</summary>
    [JsonIgnore]
    public decimal ReplayImpactShare => JudgedEquity / BacktestBalance;

    /// <summary>Costs of markets other than Bybit's; no part of a ticket's settings, which hold the costs it was judged at.</summary>
    [Required, ValidateObjectMembers, JsonIgnore]
    public VenueCostOptions VenueCosts { get; set; } = new();

    /// <summary>Figures shown beside what was measured; no part of a ticket's settings, for nothing depends on them.</summary>
    [Required, ValidateObjectMembers, JsonIgnore]
    public TargetOptions Targets { get; set; } = new();

    /// <summary>How architectures are searched; no part of a ticket's settings, which hold the architecture that was found.</summary>
    [Required, ValidateObjectMembers, JsonIgnore]
    public ArchitectureSearchOptions ArchitectureSearch { get; set; } = new();

    /// <summary>Limits of transfer learning; no part of a ticket's settings, for no ticket depends on them.</summary>
    [Required, ValidateObjectMembers, JsonIgnore]
    public TransferOptions Transfer { get; set; } = new();

    /// <summary>Returns the same options for networks of another kind.</summary>
    /// <param name="architecture">Gene list.</param>
    /// <param name="window">Candles whose feature rows it reads at once.</param>
    public ResearchOptions With(string architecture, int window)
    {
        var copy = (ResearchOptions)MemberwiseClone();
        (copy.Architecture, copy.Window) = (architecture, window);
        return copy;
    }

    /// <summary>Returns <see cref="Densities"/> as numbers.</summary>
    /// <exception cref="FormatException">The text is not a comma list of falling numbers above 0 and at most 1.</exception>
    public IReadOnlyList<double> DensityList()
    {
        var list = new List<double>();
        foreach (var part in Densities.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var density) || density is not (> 0 and <= 1)
                || (list.Count > 0 && density >= list[^1]))
            {
                throw new FormatException($"densities are a comma list of falling numbers above 0 and at most 1, was '{Densities}' at '{part}'");
            }

            list.Add(density);
        }

        return list.Count > 0 ? list : throw new FormatException("at least one density is needed, for example '0.2,0.1,0.05'");
    }

    /// <summary>Returns the same options with another least number of training rows.</summary>
    internal ResearchOptions WithMinTrainRows(int rows)
    {
        var copy = (ResearchOptions)MemberwiseClone();
        copy.MinTrainRows = rows;
        return copy;
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (TrainShare + ValidationShare > 0.9)
        {
            yield return new ValidationResult(
                $"Research:TrainShare and Research:ValidationShare must leave at least 0.1 for the test rows, were {TrainShare} and {ValidationShare}");
        }

        string? fault = null;
        try
        {
            DensityList();
        }
        catch (FormatException e)
        {
            fault = e.Message;
        }

        if (fault is not null)
        {
            yield return new ValidationResult($"Research:Densities: {fault}");
        }
    }
}
