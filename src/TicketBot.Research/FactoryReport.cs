using TicketBot.Domain;
using TicketBot.Research.Labels;
using TicketBot.Tickets;

namespace TicketBot.Research;

/// <summary>One ticket in a report.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Regime">The regime it is for.</param>
/// <param name="Density">Surviving share of prunable weights, 0..1.</param>
/// <param name="IsPooled">Whether it is the pooled ticket standing in for a regime with too few rows.</param>
/// <param name="TrainWeight">Summed weight of its training rows.</param>
/// <param name="EmergedAt">Share of the longest training done when the mask was drawn, 0..1.</param>
/// <param name="ValidationLoss">Log-loss on validation rows after temperature scaling.</param>
/// <param name="Temperature">Its temperature.</param>
/// <param name="TestAccuracy">Share of its regime's test rows whose direction it names, at any confidence.</param>
/// <param name="RandomMaskAccuracy">The same of the random-mask controls, on average.</param>
/// <param name="Trades">Its out-of-sample trades.</param>
/// <param name="NetPerTradeBp">Mean net return per trade in basis points.</param>
/// <param name="Gates">What the gates said.</param>
public sealed record TicketReport(
    TicketId Id, string Regime, double Density, bool IsPooled, double TrainWeight, double EmergedAt, double ValidationLoss, double Temperature,
    double TestAccuracy, double RandomMaskAccuracy, int Trades, double NetPerTradeBp, GateReport Gates)
{
    /// <summary>Whether it is right as often as it says on those rows, or <c>null</c> where there is none.</summary>
    public TicketCalibration? Calibration { get; init; }

    /// <summary>Probability that the true Sharpe ratio of its out-of-sample trades lies above zero, or <c>null</c> where they are too few.</summary>
    public double? ProbabilisticSharpe { get; init; }

    /// <summary>The same above the best that as many trials without skill would show.</summary>
    public double? DeflatedSharpe { get; init; }
}

/// <summary>A rule without fitted weights (or a control) on the test rows.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Accuracy">Share of its trades with a gross return above zero.</param>
/// <param name="GrossBpPerTrade">Mean gross return in basis points.</param>
/// <param name="NetBpPerTrade">Mean net return in basis points.</param>
/// <param name="Count">Trades.</param>
public sealed record BaselineReport(string Name, double Accuracy, double GrossBpPerTrade, double NetBpPerTrade, int Count);

/// <summary>All tickets of a call as one strategy on the test rows.</summary>
/// <param name="Accuracy">Share of trades with a gross return above zero.</param>
/// <param name="NetExpectancyBp">Mean net return per trade in basis points.</param>
/// <param name="NetExpectancyLowBp">Its one-sided bootstrap lower bound at the call's level.</param>
/// <param name="NetExpectancyHighBp">Its one-sided upper bound.</param>
/// <param name="Count">Trades.</param>
/// <param name="DeflatedSharpe">Probability that the Sharpe ratio beats the best of as many trials without skill, or <c>null</c> when too few trades.</param>
public sealed record CombinedReport(
    double Accuracy, double NetExpectancyBp, double NetExpectancyLowBp, double NetExpectancyHighBp, int Count, double? DeflatedSharpe)
{
    /// <summary>Probability that the Sharpe ratio lies above zero, whatever was tried, or <c>null</c> when too few trades.</summary>
    public double? ProbabilisticSharpe { get; init; }

    /// <summary>Mean gross return per trade in basis points.</summary>
    public double GrossBpPerTrade { get; init; }
}

/// <summary>A density that was tried, as seen on validation rows.</summary>
/// <param name="Density">Surviving share asked for.</param>
/// <param name="TicketLoss">Log-loss of the pooled ticket.</param>
/// <param name="RandomLoss">Mean log-loss of the random masks.</param>
/// <param name="RedrawnLoss">Mean log-loss of the ticket's mask on freshly drawn weights.</param>
/// <param name="Chosen">Whether it was settled on.</param>
public sealed record DensityReport(double Density, double TicketLoss, double RandomLoss, double RedrawnLoss, bool Chosen);

/// <summary>What a search did and found, whole.</summary>
public sealed record FactoryReport
{
    /// <summary>The contract.</summary>
    public required Symbol Symbol { get; init; }

    /// <summary>The candle length.</summary>
    public required Interval Interval { get; init; }

    /// <summary>Candles read.</summary>
    public required int Candles { get; init; }

    /// <summary>Feature rows with a label.</summary>
    public required int Rows { get; init; }

    /// <summary>Training rows after the purge.</summary>
    public required int TrainRows { get; init; }

    /// <summary>Validation rows after the purge.</summary>
    public required int ValidationRows { get; init; }

    /// <summary>Out-of-sample rows of all folds.</summary>
    public required int TestRows { get; init; }

    /// <summary>How often each class (0 not up, 1 up) occurs among the rows, in all and by regime: what an accuracy must be compared with.</summary>
    public IReadOnlyList<ClassBalance> Classes { get; init; } = [];

    /// <summary>Folds whose out-of-sample rows judge: the newest, and the same recipe as of earlier times.</summary>
    public int Folds { get; init; } = 1;

    /// <summary>Networks trained and judged in this call, dense, pooled, regime tickets and random masks together.</summary>
    public required int Trials { get; init; }

    /// <summary>The family the gates corrected for: configurations ever judged on test rows that overlap these, at least this call's tickets.</summary>
    public required int Family { get; init; }

    /// <summary>Log-loss of the dense network on validation rows.</summary>
    public required double DenseValidationLoss { get; init; }

    /// <summary>Share of test rows whose direction the dense network names.</summary>
    public required double DenseTestAccuracy { get; init; }

    /// <summary>The densities tried.</summary>
    public required IReadOnlyList<DensityReport> Densities { get; init; }

    /// <summary>One per ticket.</summary>
    public required IReadOnlyList<TicketReport> Tickets { get; init; }

    /// <summary>Rules and controls.</summary>
    public required IReadOnlyList<BaselineReport> Baselines { get; init; }

    /// <summary>All tickets together.</summary>
    public required CombinedReport Combined { get; init; }

    /// <summary>Hit rate at which trades of the usual size only pay their costs, 0..1.</summary>
    public required double BreakEvenHitRate { get; init; }

    /// <summary>Size of the orders it was judged at, in quote coin.</summary>
    public double JudgedNotional { get; init; }

    /// <summary>What opening and closing cost on average over the test rows, impact included, in basis points.</summary>
    public double RoundTripBp { get; init; }

    /// <summary>What the choice among the networks of the call is worth.</summary>
    public required SelectionReport Selection { get; init; }

    /// <summary>Stages found finished in the run store.</summary>
    public int StagesReused { get; init; }

    /// <summary>Wall seconds the call took.</summary>
    public double Seconds { get; init; }

    /// <summary>Whether at least one ticket passed every gate.</summary>
    public bool IsEligible => Tickets.Any(t => t.Gates.Passed);

    /// <summary><c>eligible</c> or <c>notEligible</c>.</summary>
    public string Verdict => IsEligible ? "eligible" : "notEligible";
}
