using TicketBot.Market.Regimes;
using TicketBot.Tickets;

namespace TicketBot.Research;

/// <summary>What a stored ticket said on the rows of its regime after everything it was fitted on, up to when it was judged, and what it would have earned. Shown, no gate looks at it.</summary>
/// <param name="Calibration">Whether it is right as often as it says.</param>
/// <param name="Trades">Trades at its confidence.</param>
/// <param name="HitRate">Share of them with a gross return above zero; zero without any.</param>
/// <param name="NetPerTradeBp">Mean net return per trade in basis points; zero without any.</param>
/// <param name="ProbabilisticSharpe">Probability that the true Sharpe ratio per trade lies above zero, or <c>null</c> where trades are too few.</param>
/// <param name="DeflatedSharpe">The same above the best that <paramref name="Trials"/> trials without skill would show.</param>
/// <param name="Trials">Networks that its call trained.</param>
public sealed record OutOfSampleQuality(
    TicketCalibration Calibration, int Trades, double HitRate, double NetPerTradeBp, double? ProbabilisticSharpe, double? DeflatedSharpe, int Trials)
{
    /// <summary>Returns it, or <c>null</c> where its regime has no such row.</summary>
    /// <param name="ticket">The ticket, with the settings it was made with.</param>
    /// <param name="regimes">Its regime set.</param>
    /// <param name="input">The candles; later ones than the ticket was judged on are not read.</param>
    /// <exception cref="ResearchRefusedException">The candles of the reference symbol are missing.</exception>
    /// <exception cref="System.Text.Json.JsonException">The ticket's settings cannot be read.</exception>
    public static OutOfSampleQuality? Of(Ticket ticket, RegimeSet regimes, SearchInput input)
    {
        var (research, market, trading) = FactorySettings.Parse(ticket.Lineage.Settings);
        var evidence = ReEvaluation.EvidenceOf(input with { AsOf = ticket.Lineage.TestedUntil }, regimes, ticket, research, market, trading);
        if (TicketCalibration.Of(evidence) is not { } calibration)
        {
            return null;
        }

        var trades = evidence.Trades();
        double[] returns = trades.Returns();
        return new OutOfSampleQuality(
            calibration, trades.Count, trades.Accuracy, trades.NetPerTradeBp, Statistics.ProbabilisticSharpe.Of(returns),
            Statistics.DeflatedSharpe.Of(returns, ticket.Lineage.Trials), ticket.Lineage.Trials);
    }
}
