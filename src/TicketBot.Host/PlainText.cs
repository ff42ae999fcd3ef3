using System.Globalization;

namespace TicketBot.Host;

/// <summary>Numbers as plain text.</summary>
public static class PlainText
{
    /// <summary>Returns an amount without trailing zeros: 0.50 and 0.5 are the same amount.</summary>
    public static string Of(decimal value) => (value / 1.000000000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);
}
