using System.ComponentModel.DataAnnotations;

namespace TicketBot.Research;

/// <summary>Figures that reports show beside what was measured (section <c>Research:Targets</c>). They are wishes: no gate reads them, no ticket is admitted or
/// refused by them.</summary>
public sealed class TargetOptions
{
    /// <summary>Sharpe ratio a year that reports show as the target, -10 to 100; judges nothing. Default 1.5.</summary>
    [Range(-10.0, 100.0)]
    public double Sharpe { get; set; } = 1.5;

    /// <summary>Sortino ratio a year that reports show as the target, -10 to 100; judges nothing. Default 2.</summary>
    [Range(-10.0, 100.0)]
    public double Sortino { get; set; } = 2;

    /// <summary>Largest drawdown as a fraction that reports show as the target, 0.001 to 1; judges nothing. Default 0.15.</summary>
    [Range(0.001, 1.0)]
    public double MaxDrawdown { get; set; } = 0.15;

    /// <summary>Share of trades with profit that reports show as the target, 0 to 1; judges nothing. Default 0.52.</summary>
    [Range(0.0, 1.0)]
    public double WinRate { get; set; } = 0.52;

    /// <summary>Profit factor that reports show as the target, 0 to 100; judges nothing. Default 1.3.</summary>
    [Range(0.0, 100.0)]
    public double ProfitFactor { get; set; } = 1.3;

    /// <summary>Calmar ratio that reports show as the target, -10 to 100; judges nothing. Default 1.</summary>
    [Range(-10.0, 100.0)]
    public double Calmar { get; set; } = 1;

    /// <summary>Share of signals whose direction was right that reports show as the target, 0 to 1; judges nothing. Default 0.55.</summary>
    [Range(0.0, 1.0)]
    public double Accuracy { get; set; } = 0.55;

    /// <summary>Gain in accuracy of a transfer over training from scratch that reports show as the target, 0 to 1; judges nothing. Default 0.05.</summary>
    [Range(0.0, 1.0)]
    public double TransferGain { get; set; } = 0.05;

    /// <summary>Largest A-distance between two markets that reports show as the target, 0 to 2; judges nothing. Default 1.5.</summary>
    [Range(0.0, 2.0)]
    public double ADistance { get; set; } = 1.5;

    /// <summary>Largest maximum mean discrepancy between two markets that reports show as the target, 0 to 2; judges nothing. Default 0.1.</summary>
    [Range(0.0, 2.0)]
    public double Mmd { get; set; } = 0.1;

    /// <summary>Most epochs of an adaptation that reports show as the target, 1 to 10,000; judges nothing. Default 50.</summary>
    [Range(1, 10_000)]
    public int Epochs { get; set; } = 50;
}
