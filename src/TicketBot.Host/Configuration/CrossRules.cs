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
        foreach (var symbol in trading.Symbols.Append(settings.Get<MarketOptions>().ReferenceSymbol ?? "X").Where(s => !Symbol.IsValid(s)))
        {
            faults.Add($"a symbol has 1 to 32 upper-case letters, digits, '-' or '_', was '{symbol}' (Trading:Symbols, Market:ReferenceSymbol)");
        }

        foreach (var symbol in trading.Symbols.GroupBy(s => s).Where(g => g.Count() > 1))
        {
            faults.Add($"Trading:Symbols names {symbol.Key} {symbol.Count()} times; name it once");
        }

        if (!Interval.TryParse(trading.Interval, out _))
        {
            faults.Add($"Trading:Interval must be one of {string.Join(' ', Interval.All)}, was '{trading.Interval}'");
        }

        if (trading.MaxPositionFraction > trading.MaxGrossFraction)
        {
            faults.Add($"Trading:MaxPositionFraction ({trading.MaxPositionFraction}) must not exceed Trading:MaxGrossFraction ({trading.MaxGrossFraction})");
        }

        if (!trading.AllowLong && !trading.AllowShort)
        {
            faults.Add("Trading:AllowLong and Trading:AllowShort are both false: nothing could ever be traded; allow one");
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
