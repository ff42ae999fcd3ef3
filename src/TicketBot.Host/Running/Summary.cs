using System.Globalization;

namespace TicketBot.Host.Running;

/// <summary>What a run says when it has ended.</summary>
public static class Summary
{
    /// <summary>Writes counts, account and the reconciliation of simulator and journal.</summary>
    public static void Write(TextWriter output, Worker worker)
    {
        var last = worker.Last;
        if (last.State == Trading.TradingState.Starting)
        {
            output.WriteLine("stopped before trading began");
            return;
        }

        var counts = last.Counts;
        output.WriteLine($"stopped at market time {last.MarketTime}: {last.State}{(last.StateReason.Length > 0 ? $" ({last.StateReason})" : "")}");
        output.WriteLine(
            $"candles {counts.Candles}, decisions {counts.Decisions}, signals {counts.Signals}, denials {counts.Denials}, orders {counts.Orders}, "
            + $"fills {counts.Fills}, funding payments {counts.FundingPayments}, halts {counts.Halts}");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"equity {last.Equity.Value:F2}, wallet {PlainText.Of(last.WalletBalance.Value)}, realised {PlainText.Of(last.Realised.Value)}, fees {PlainText.Of(last.Fees.Value)}, funding {PlainText.Of(last.Funding.Value)}"));
        if (worker.Reconciled is not { } figures)
        {
            return;
        }

        foreach (var figure in figures)
        {
            output.WriteLine($"{(figure.Agrees ? "agree   " : "DISAGREE")} {figure.What}: simulator {figure.Venue}, journal {figure.Journal}");
        }
    }
}
