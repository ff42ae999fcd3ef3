using System.Text.Json.Serialization;
using TicketBot.Domain;
using TicketBot.Research.Admission;
using TicketBot.Tickets;

namespace TicketBot.Host.Dashboard;

/// <summary>A ticket as the page and the <c>tickets</c> verb show it: everything but its weights.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Symbol">The contract.</param>
/// <param name="Interval">The candle length.</param>
/// <param name="Regime">The regime it is for.</param>
/// <param name="RegimeSetId">The regime set it belongs to.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="Since">Market time of the last change of state.</param>
/// <param name="Reason">Why it changed last.</param>
/// <param name="Task">What it predicts.</param>
/// <param name="HorizonCandles">Candles between decision and exit.</param>
/// <param name="Density">Surviving share of prunable weights, 0..1.</param>
/// <param name="Temperature">Calibration temperature.</param>
/// <param name="Label"><c>winning ticket</c> or <c>sparse network</c>.</param>
/// <param name="Method">How the mask was found.</param>
/// <param name="TrainedUntil">Close time of the last candle that fitted it.</param>
/// <param name="TestedUntil">Close time of the last candle the gates judged on.</param>
/// <param name="ExpiresAt">Market time from which it opens nothing.</param>
/// <param name="Passed">Whether every gate passed.</param>
/// <param name="Gates">What the gates said.</param>
public sealed record TicketView(
    TicketId Id, Symbol Symbol, Interval Interval, string Regime, string RegimeSetId, TicketState State, Instant Since, string Reason, PredictionTask Task,
    int HorizonCandles, double Density, double Temperature, string Label, string Method, Instant TrainedUntil, Instant TestedUntil, Instant ExpiresAt,
    bool Passed, IReadOnlyList<GateJudgement> Gates)
{
    /// <summary>Where the local API serves its report; <c>null</c>, and not written, where none was made.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Report { get; init; }

    /// <summary>How its record stands while it trades in the daemon; <c>null</c>, and not written, where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TrackRecordView? Record { get; init; }

    /// <summary>Returns the view of a registry entry.</summary>
    public static TicketView Of(RegistryEntry entry)
    {
        var t = entry.Ticket;
        return new TicketView(
            t.Id, t.Symbol, t.Interval, t.Regime, t.RegimeSetId.Value, entry.State, entry.Since, entry.Reason, t.Task, t.HorizonCandles,
            t.Density, t.Temperature, t.Label, t.Lineage.Method, t.Lineage.TrainedUntil, t.Lineage.TestedUntil, t.ExpiresAt,
            t.Gates.Passed, t.Gates.Judgements);
    }
}
