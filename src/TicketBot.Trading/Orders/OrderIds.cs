using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TicketBot.Domain;

namespace TicketBot.Trading.Orders;

/// <summary>Makes our order ids: the same purpose always has the same id, so that a repeat is refused by the venue as a duplicate.</summary>
public static class OrderIds
{
    /// <summary>Returns <c>tb</c> and 32 hex digits of SHA-256 over folder identity, symbol, cause time, kind and attempt.</summary>
    public static ClientOrderId For(string folderIdentity, Symbol symbol, Instant causedAt, IntentKind kind, int attempt)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{folderIdentity}|{symbol}|{causedAt.UnixMilliseconds}|{kind}|{attempt}");
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return new ClientOrderId("tb" + Convert.ToHexStringLower(hash[..16]));
    }
}
