using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace TicketBot.Market;

/// <summary>Options of the Market room (section <c>Market</c>).</summary>
public sealed class MarketOptions
{
    /// <summary>Symbol that cross-asset features refer to, 1 to 32 upper-case letters, digits, '-' or '_'; <c>null</c> for none.
    /// Default none.</summary>
    [MinLength(1)]
    [RegularExpression("^[A-Z0-9_-]{1,32}$", ErrorMessage = "{0} must be 1 to 32 upper-case letters, digits, '-' or '_', or null for none.")]
    public string? ReferenceSymbol { get; set; }

    /// <summary>Whether spread, book imbalance and signed flow are features. Default false.</summary>
    public bool UseObservations { get; set; }

    /// <summary>Regime options.</summary>
    [Required]
    [ValidateObjectMembers]
    public Regimes.RegimeOptions Regimes { get; set; } = new();
}
