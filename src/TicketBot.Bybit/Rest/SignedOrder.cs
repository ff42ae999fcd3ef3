using System.Buffers;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Rest;

/// <summary>The bytes of one order as they go over the wire, with the signature over exactly these bytes.</summary>
/// <param name="Body">UTF-8 JSON.</param>
/// <param name="TimestampMs">Venue time that was signed.</param>
/// <param name="Signature">Lower-case hexadecimal HMAC-SHA256.</param>
public readonly record struct SignedOrder(ReadOnlyMemory<byte> Body, long TimestampMs, string Signature)
{
    /// <summary>Builds and signs an order into <paramref name="buffer"/>, which is cleared first and owns the body's bytes.</summary>
    public static SignedOrder Build(
        OrderRequest order, Signer signer, Instant venueTime, int recvWindowMs, ArrayBufferWriter<byte> buffer)
    {
        buffer.ResetWrittenCount();
        RequestBodies.WriteCreate(buffer, order);
        return new SignedOrder(
            buffer.WrittenMemory, venueTime.UnixMilliseconds, signer.Sign(venueTime.UnixMilliseconds, recvWindowMs, buffer.WrittenSpan));
    }
}
