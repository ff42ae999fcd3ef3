using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TicketBot.Bybit.Rest;

/// <summary>Signs requests and the private stream with HMAC-SHA256 in lower-case hexadecimal. Safe for use by several threads.</summary>
/// <remarks>Source: https://bybit-exchange.github.io/docs/v5/guide#authentication.</remarks>
public sealed class Signer
{
    private readonly byte[] _key;
    private readonly byte[] _secret;

    /// <summary>Makes a signer for one key.</summary>
    public Signer(BybitCredentials credentials)
    {
        ApiKey = credentials.Key;
        _key = Encoding.UTF8.GetBytes(credentials.Key);
        _secret = credentials.Secret;
    }

    internal string ApiKey { get; }

    /// <summary>Returns the signature of timestamp + key + window + <paramref name="payload"/>: of a GET the query exactly as sent
    /// without its question mark, of a POST the body's bytes exactly as sent.</summary>
    /// <param name="timestampMs">Venue time, Unix milliseconds.</param>
    /// <param name="recvWindowMs">Milliseconds of validity.</param>
    /// <param name="payload">Query or body.</param>
    public string Sign(long timestampMs, int recvWindowMs, ReadOnlySpan<byte> payload)
    {
        var rented = ArrayPool<byte>.Shared.Rent(40 + _key.Length + payload.Length);
        try
        {
            timestampMs.TryFormat(rented, out var length, default, CultureInfo.InvariantCulture);
            _key.CopyTo(rented, length);
            length += _key.Length;
            recvWindowMs.TryFormat(rented.AsSpan(length), out var written, default, CultureInfo.InvariantCulture);
            length += written;
            payload.CopyTo(rented.AsSpan(length));
            return Hex(rented.AsSpan(0, length + payload.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Returns the signature that opens the private stream until <paramref name="expiresMs"/> (venue time, Unix milliseconds).</summary>
    public string SignStream(long expiresMs) =>
        Hex(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"GET/realtime{expiresMs}")));

    private string Hex(ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, text, hash);
        return Convert.ToHexStringLower(hash);
    }
}
