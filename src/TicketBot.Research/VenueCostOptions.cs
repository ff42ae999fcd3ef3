using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using TicketBot.Trading;

namespace TicketBot.Research;

/// <summary>Costs of venues whose candles can be judged but that this bot cannot trade at (section <c>Research:VenueCosts</c>).</summary>
public sealed class VenueCostOptions
{
    /// <summary>Costs of equities, for files of a venue named <c>...-equity</c>.</summary>
    /// <remarks>Interactive Brokers' fixed tariff of 0.005 USD a share is 1 bp at 50 USD a share, its least fee of 1 USD an order left out; half the spread of liquid large companies is about 1 bp;
    /// what lending costs a short position is left out.</remarks>
    [Required, ValidateObjectMembers]
    public CostOptions Equity { get; set; } = new() { TakerFeeBp = 1m, MakerFeeBp = 1m, SlippageBp = 1m, FundingBp = 0m, ImpactCoefficient = 1 };

    /// <summary>Costs of forex, for files of a venue named <c>fx</c> or <c>fx-...</c>.</summary>
    /// <remarks>Interactive Brokers takes 0.2 bp of the traded value, its least fee of 2 USD an order left out; half the spread of a major pair is about 0.5 bp; what holding a pair overnight
    /// earns or costs is left out. Size costs nothing: the volume of such files counts quotes, not money.</remarks>
    [Required, ValidateObjectMembers]
    public CostOptions Forex { get; set; } = new() { TakerFeeBp = 0.2m, MakerFeeBp = 0.2m, SlippageBp = 0.5m, FundingBp = 0m, ImpactCoefficient = 0 };
}

/// <summary>Checks <see cref="VenueCostOptions"/> and reports all faults at once.</summary>
[OptionsValidator]
public sealed partial class VenueCostOptionsValidator : IValidateOptions<VenueCostOptions>;
