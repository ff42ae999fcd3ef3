using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TicketBot.Research.Stages;

/// <summary>The SHA-256 of the canonical text of a stage's inputs: one line per part, numbers in their shortest exact invariant form.</summary>
public static class StageHash
{
    /// <summary>Returns the hash (hex, lower case) of the parts in their order.</summary>
    public static string Of(params ReadOnlySpan<object> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(part is IFormattable number ? number.ToString(null, CultureInfo.InvariantCulture) : part.ToString()).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Returns a seed drawn from the hash of the parts: every piece of work has its own stream of chance, whatever runs beside it.</summary>
    public static ulong Seed(params ReadOnlySpan<object> parts) => Convert.ToUInt64(Of(parts)[..16], 16);
}
