using Microsoft.Extensions.Options;
using TicketBot.Domain;

namespace TicketBot.Trading;

/// <summary>Checks the ranges of the Trading options.</summary>
[OptionsValidator]
public sealed partial class TradingOptionsValidator : IValidateOptions<TradingOptions>;

/// <summary>Checks the ranges of the cost options.</summary>
[OptionsValidator]
public sealed partial class CostOptionsValidator : IValidateOptions<CostOptions>;

/// <summary>Checks what holds across the Trading options; all faults are reported at once.</summary>
public sealed class TradingOptionsRules : IValidateOptions<TradingOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, TradingOptions options)
    {
        List<string> faults = [];
        foreach (var symbol in options.Symbols.Where(s => !Symbol.IsValid(s)))
        {
            faults.Add($"Trading:Symbols: '{symbol}' is not a symbol; expected upper-case letters and digits such as BTCUSDT");
        }

        if (options.Symbols.Distinct(StringComparer.Ordinal).Count() != options.Symbols.Count)
        {
            faults.Add("Trading:Symbols: a symbol stands twice; name each once");
        }

        if (!Interval.TryParse(options.Interval, out _))
        {
            faults.Add($"Trading:Interval: '{options.Interval}' is not an interval; expected one of {string.Join(' ', Interval.All)}");
        }

        if (options.MaxGrossFraction < options.MaxPositionFraction)
        {
            faults.Add($"Trading:MaxGrossFraction is {options.MaxGrossFraction}, below MaxPositionFraction {options.MaxPositionFraction}; raise it or lower the other");
        }

        if (!options.AllowLong && !options.AllowShort)
        {
            faults.Add("Trading:AllowLong and AllowShort are both off; nothing could ever be traded");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
