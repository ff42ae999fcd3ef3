using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TicketBot.Domain;

namespace TicketBot.Trading.Orders;

/// <summary>Makes our order ids: the same purpose always has the same id, so that a repeat is refused by the venue as a duplicate.</summary>
public static class OrderIds
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");
    private const string Prefix = "tb";
    private const int Length = 34;

    /// <summary>Whether an id has the form of ours: such an order may have been sent without its journal entry reaching the disk.</summary>
    public static bool IsOurs(ClientOrderId id) =>
        !id.IsDefault && id.Value.Length == Length && id.Value.StartsWith(Prefix, StringComparison.Ordinal) && id.Value.AsSpan(Prefix.Length).IndexOfAnyExcept(HexDigits) < 0;

    /// <summary>Returns <c>tb</c> and 32 hex digits of SHA-256 over folder identity, symbol, cause time, kind and attempt.</summary>
    public static ClientOrderId For(string folderIdentity, Symbol symbol, Instant causedAt, IntentKind kind, int attempt)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{folderIdentity}|{symbol}|{causedAt.UnixMilliseconds}|{kind}|{attempt}");
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return new ClientOrderId(Prefix + Convert.ToHexStringLower(hash[..16]));
    }
}
