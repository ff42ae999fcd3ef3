using System.Globalization;
using TicketBot.Trading.Risk;
using TicketBot.Trading.Signals;

namespace TicketBot.Host.Verbs;

/// <summary>Writes decisions as CSV: one row per candle.</summary>
public static class DecisionCsv
{
    /// <summary>Writes the file, whole or not at all.</summary>
    public static void Write(string path, IReadOnlyList<Decision> decisions)
    {
        using (var csv = new StreamWriter(path + ".new"))
        {
            csv.WriteLine("time,symbol,feature_hash,regime,ticket,confidence,signal,risk_verdict,order");
            foreach (var d in decisions)
            {
                csv.WriteLine(string.Join(
                    ',', d.Time, d.Series.Symbol, d.FeatureHash.Text, d.Regime, d.Ticket?.Value ?? "",
                    d.Confidence?.ToString("R", CultureInfo.InvariantCulture) ?? "", d.Signal?.ToString() ?? "",
                    d.Denial == DenialCode.None ? "approved" : d.Denial.ToString(), d.Order?.Value ?? ""));
            }
        }

        File.Move(path + ".new", path, overwrite: true);
    }
}
