using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TicketBot.Domain;

namespace TicketBot.Host.Running;

/// <summary>One number for all fills of a run, so that two runs can be compared without reading either.</summary>
public static class FillsHash
{
    /// <summary>Returns the SHA-256 (hex) over symbol, side, quantity, price and market time of every fill, in order of time and symbol;
    /// executions that are no fills, and ids, which differ between runs, play no part.</summary>
    public static string Of(IEnumerable<Execution> executions)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var fills = executions.Where(e => e.Kind == ExecutionKind.Trade).OrderBy(e => e.Time).ThenBy(e => e.Symbol.Value, StringComparer.Ordinal);
        foreach (var e in fills)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"{e.Symbol} {e.Side} {Plain(e.Quantity.Value)} {Plain(e.Price.Value)} {e.Time.UnixMilliseconds}\n")));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // 1.50 and 1.5 are one amount.
    private static string Plain(decimal value) => value.ToString("G29", CultureInfo.InvariantCulture);
}
