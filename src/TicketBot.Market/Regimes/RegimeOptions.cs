using System.ComponentModel.DataAnnotations;

namespace TicketBot.Market.Regimes;

/// <summary>How regimes are fitted and filtered.</summary>
public sealed class RegimeOptions
{
    /// <summary>States of the hidden Markov model, 2 to 6. Default 3.</summary>
    [Range(2, 6)]
    public int States { get; set; } = 3;

    /// <summary>Candles the filter looks at, 64 to 2,000. Default 256.</summary>
    [Range(64, 2_000)]
    public int Window { get; set; } = 256;

    /// <summary>How far the filtered probability of another state must lie above that of the present one before the regime
    /// changes, 0 to 0.9. Default 0.2.</summary>
    [Range(0, 0.9)]
    public double Hysteresis { get; set; } = 0.2;

    /// <summary>Rows before the first fit over history, 200 to 100,000. Default 1,000.</summary>
    [Range(200, 100_000)]
    public int FirstFitRows { get; set; } = 1_000;

    /// <summary>Rows between refits over history, 50 to 100,000. Default 500.</summary>
    [Range(50, 100_000)]
    public int RefitRows { get; set; } = 500;
}
