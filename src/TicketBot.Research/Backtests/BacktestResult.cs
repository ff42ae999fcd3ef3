using TicketBot.Domain;
using TicketBot.Trading;
using TicketBot.Trading.Signals;

namespace TicketBot.Research.Backtests;

/// <summary>What a backtest did.</summary>
public sealed record BacktestResult
{
    /// <summary>Market time before the first step.</summary>
    public required Instant From { get; init; }

    /// <summary>One per traded series and closed candle, in their order.</summary>
    public required IReadOnlyList<Decision> Decisions { get; init; }

    /// <summary>Closed positions in the order of their end.</summary>
    public required IReadOnlyList<BacktestTrade> Trades { get; init; }

    /// <summary>Every execution in its order, funding included.</summary>
    public required IReadOnlyList<Execution> Executions { get; init; }

    /// <summary>Equity at each step.</summary>
    public required IReadOnlyList<(Instant Time, decimal Equity)> Equity { get; init; }

    /// <summary>Candles played.</summary>
    public required int Candles { get; init; }

    /// <summary>Balance at the start.</summary>
    public required decimal InitialBalance { get; init; }

    /// <summary>Wallet balance at the end by the trader's own account.</summary>
    public required decimal Wallet { get; init; }

    /// <summary>Wallet balance at the end by the venue's account; equal to <see cref="Wallet"/> to the last digit.</summary>
    public required decimal VenueWallet { get; init; }

    /// <summary>The trader's picture at the end.</summary>
    public required TradingStatus Status { get; init; }

    /// <summary>Closed positions that earned after all costs, 0..1; zero without trades.</summary>
    public double WinRate => Trades.Count == 0 ? 0 : (double)Trades.Count(t => t.Net > Money.Zero) / Trades.Count;

    /// <summary>Largest fall of the equity from an earlier peak as a fraction of it, 0..1.</summary>
    public double MaxDrawdown
    {
        get
        {
            decimal peak = InitialBalance, worst = 0;
            foreach (var (_, equity) in Equity)
            {
                peak = Math.Max(peak, equity);
                worst = peak > 0 ? Math.Max(worst, (peak - equity) / peak) : worst;
            }

            return (double)worst;
        }
    }
}
