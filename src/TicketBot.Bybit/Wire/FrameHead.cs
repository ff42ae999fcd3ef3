using System.Buffers.Text;
using System.Text.Json;

namespace TicketBot.Bybit.Wire;

/// <summary>The envelope of a stream's data message, read without allocating; the data itself stays as bytes. A message without topic is an
/// acknowledgement or a pong.</summary>
/// <remarks>Fields come in no fixed order (https://bybit-exchange.github.io/docs/v5/ws/connect), so the whole message is passed over once.</remarks>
internal ref struct FrameHead
{
    /// <summary>Topic; empty if none.</summary>
    public ReadOnlySpan<byte> Topic;

    /// <summary><c>snapshot</c> or <c>delta</c>; empty if none.</summary>
    public ReadOnlySpan<byte> Type;

    /// <summary>Id of a private message; empty if none.</summary>
    public ReadOnlySpan<byte> Id;

    /// <summary>The bytes of <c>data</c>; empty if none.</summary>
    public ReadOnlySpan<byte> Data;

    /// <summary>Time of a public message in milliseconds, that of the matching engine where it is given, or <c>null</c>.</summary>
    public long? Time;

    /// <summary>Time of a private message in milliseconds, or <c>null</c>.</summary>
    public long? CreationTime;

    /// <summary>Reads a frame.</summary>
    /// <exception cref="JsonException">It is no JSON object.</exception>
    public static FrameHead Read(ReadOnlySpan<byte> frame)
    {
        var head = default(FrameHead);
        long? sent = null, matched = null;
        var reader = new Utf8JsonReader(frame);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("expected an object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("topic"u8))
            {
                head.Topic = Text(ref reader);
            }
            else if (reader.ValueTextEquals("type"u8))
            {
                head.Type = Text(ref reader);
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                head.Id = Text(ref reader);
            }
            else if (reader.ValueTextEquals("ts"u8))
            {
                sent = Number(ref reader);
            }
            else if (reader.ValueTextEquals("cts"u8))
            {
                matched = Number(ref reader);
            }
            else if (reader.ValueTextEquals("creationTime"u8))
            {
                head.CreationTime = Number(ref reader);
            }
            else if (reader.ValueTextEquals("data"u8))
            {
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                head.Data = frame[start..(int)reader.BytesConsumed];
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        reader.Read(); // Anything behind the object is a fault.
        head.Time = matched ?? sent;
        return head;
    }

    private static ReadOnlySpan<byte> Text(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return default;
        }

        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan;
        }

        var copy = new byte[reader.ValueSpan.Length];
        return copy.AsSpan(0, reader.CopyString(copy));
    }

    private static long? Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        switch (reader.TokenType)
        {
            case JsonTokenType.Number:
                return reader.TryGetInt64(out var number) ? number : null;
            case JsonTokenType.String:
                return Utf8Parser.TryParse(reader.ValueSpan, out long text, out var used) && used == reader.ValueSpan.Length ? text : null;
            default:
                reader.Skip();
                return null;
        }
    }
}
