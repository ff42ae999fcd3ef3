using Quartz;
using TicketBot.Domain;
using TicketBot.Market;
using TicketBot.Trading;

namespace TicketBot.Host.Configuration;

/// <summary>The rules that hold between options, beyond the range of each.</summary>
public static class CrossRules
{
    /// <summary>Returns every broken rule as one sentence with the values and the remedy.</summary>
    public static IReadOnlyList<string> Faults(Settings settings)
    {
        var faults = new List<string>();
        var trading = settings.Get<TradingOptions>();
        if (settings.Get<MarketOptions>().ReferenceSymbol is { } reference && !Symbol.IsValid(reference))
        {
            faults.Add($"Market:ReferenceSymbol: '{reference}' is not a symbol; expected upper-case letters and digits such as BTCUSDT");
        }

        if (trading.MaxDailyDrawdown <= trading.MaxPositionFraction * trading.StopLossFraction)
        {
            faults.Add(
                $"Trading:MaxDailyDrawdown ({trading.MaxDailyDrawdown}) must exceed the loss of one stopped position, "
                + $"MaxPositionFraction x StopLossFraction = {trading.MaxPositionFraction * trading.StopLossFraction}");
        }

        var jobs = settings.Get<HostOptions>().Jobs;
        foreach (var (name, cron) in jobs.Crons())
        {
            if (!CronExpression.TryParse(cron, out _))
            {
                faults.Add($"Host:Jobs:{name} must be a cron expression of six or seven fields such as '0 0 1 1 * ?', was '{cron}'");
            }
        }

        return faults;
    }
}
