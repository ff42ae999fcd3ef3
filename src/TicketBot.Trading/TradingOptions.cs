using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace TicketBot.Trading;

/// <summary>Options of the Trading room (section <c>Trading</c>).</summary>
public sealed class TradingOptions
{
    /// <summary>Contracts to trade. Default BTCUSDT.</summary>
    [Required, MinLength(1)]
    public IList<string> Symbols { get; set; } = [];

    /// <summary>Candle length decisions are taken on. Default 15m.</summary>
    [Required]
    public string Interval { get; set; } = "15m";

    /// <summary>Least calibrated confidence of a signal, 0.5 to 1. Default 0.65.</summary>
    [Range(0.5, 1)]
    public double ConfidenceThreshold { get; set; } = 0.65;

    /// <summary>Largest notional of one position as a fraction of equity, above 0 to 1. Default 0.02.</summary>
    [Range(0.0001, 1)]
    public decimal MaxPositionFraction { get; set; } = 0.02m;

    /// <summary>Largest notional of all positions as a fraction of equity, above 0 to 1. Default 0.20.</summary>
    [Range(0.0001, 1)]
    public decimal MaxGrossFraction { get; set; } = 0.20m;

    /// <summary>Distance of the stop from the entry as a fraction of the price, 0.001 to 0.5. Default 0.015.</summary>
    [Range(0.001, 0.5)]
    public decimal StopLossFraction { get; set; } = 0.015m;

    /// <summary>Whether stops trigger by mark price instead of last price. Default false.</summary>
    public bool StopByMarkPrice { get; set; }

    /// <summary>Loss from the UTC day's equity peak that halts trading, as a fraction, 0.001 to 1. Default 0.03.</summary>
    [Range(0.001, 1)]
    public decimal MaxDailyDrawdown { get; set; } = 0.03m;

    /// <summary>Whether long positions are allowed. Default true.</summary>
    public bool AllowLong { get; set; } = true;

    /// <summary>Whether short positions are allowed. Default true.</summary>
    public bool AllowShort { get; set; } = true;

    /// <summary>Whether a regime without a ticket of its own is traded by the network of all regimes, where that one is in force for another regime. Its gates
    /// judged it on other rows. Default false: such a regime stays flat.</summary>
    public bool AllWeather { get; set; }

    /// <summary>Least similarity to the ticket's training market at which a position is opened, 0 to 1; size is scaled by the similarity. Default 0.25.</summary>
    [Range(0, 1)]
    public double MinSimilarity { get; set; } = 0.25;

    /// <summary>Milliseconds after a fill within which the venue must have reported the stop; then it is set again, and after
    /// 2.5 times as long the position is closed. 500 to 60,000. Default 2,000.</summary>
    [Range(500, 60_000)]
    public int StopConfirmationMs { get; set; } = 2_000;

    /// <summary>Milliseconds a decision waits for the reference symbol's candle, 0 to 60,000. Default 5,000.</summary>
    [Range(0, 60_000)]
    public int ReferenceWaitMs { get; set; } = 5_000;

    /// <summary>Milliseconds between two look-ups that must both miss before an order is taken as never sent, 0 to 60,000. Default 3,000.</summary>
    [Range(0, 60_000)]
    public int AbsenceProofMs { get; set; } = 3_000;

    /// <summary>Milliseconds of wall time between two readings of the whole account that are compared with the journal's account, 1,000 to 3,600,000; every two
    /// seconds while the private stream is interrupted. Default 15,000.</summary>
    [Range(1_000, 3_600_000)]
    public int ReconcileMs { get; set; } = 15_000;

    /// <summary>Candles kept in memory per series, 500 to 100,000. Default 2,000.</summary>
    [Range(500, 100_000)]
    public int CandlesInMemory { get; set; } = 2_000;

    /// <summary>Decisions a ticket stays in shadow before it may go live on Testnet, Demo and Live, and before it is first held against a champion anywhere, 0 to 100,000. Default 200.</summary>
    [Range(0, 100_000)]
    public int ShadowDecisions { get; set; } = 200;

    /// <summary>The cost model.</summary>
    [Required, ValidateObjectMembers]
    public CostOptions Costs { get; set; } = new();
}
