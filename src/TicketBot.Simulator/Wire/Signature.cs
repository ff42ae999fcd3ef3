using System.Security.Cryptography;
using System.Text;

namespace TicketBot.Simulator.Wire;

/// <summary>Checks HMAC-SHA256 signatures over the raw bytes of a request (https://bybit-exchange.github.io/docs/v5/guide#authentication).</summary>
internal static class Signature
{
    /// <summary>Whether a hex signature, in either case, is that of the text under the secret.</summary>
    internal static bool IsValid(string secret, ReadOnlySpan<byte> text, string signature)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), text, expected);
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return signature.Length == 2 * given.Length
            && Convert.FromHexString(signature, given, out _, out var written) == System.Buffers.OperationStatus.Done
            && written == given.Length
            && CryptographicOperations.FixedTimeEquals(expected, given);
    }
}
