using System.Buffers;
using System.Text.Json;
using TicketBot.Bybit.Wire;

namespace TicketBot.Bybit.Streams;

/// <summary>Sends one operation at a time on a stream and waits for its acknowledgement, of whichever family.</summary>
internal sealed class Requests
{
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private TaskCompletionSource<StreamFrame>? _pending;
    private string _operation = "";

    public Requests(TimeSpan timeout, TimeProvider time) => (_timeout, _time) = (timeout, time);

    /// <summary>Sends an operation with its arguments (texts or whole numbers) and returns the acknowledgement.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public async Task<StreamFrame> SendAsync(SocketSession session, string operation, IReadOnlyList<object> arguments, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("req_id", operation);
            json.WriteString("op", operation);
            json.WriteStartArray("args");
            foreach (var argument in arguments)
            {
                if (argument is long number)
                {
                    json.WriteNumberValue(number);
                }
                else
                {
                    json.WriteStringValue((string)argument);
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        var pending = new TaskCompletionSource<StreamFrame>(TaskCreationOptions.RunContinuationsAsynchronously);
        _operation = operation;
        Volatile.Write(ref _pending, pending);
        await session.SendAsync(buffer.WrittenMemory, cancellationToken);
        return await pending.Task.WaitAsync(_timeout, _time, cancellationToken);
    }

    /// <summary>Takes a frame without topic; pongs of both forms and strangers are passed over.</summary>
    public void Take(StreamFrame frame)
    {
        if (frame.Op == _operation)
        {
            Interlocked.Exchange(ref _pending, null)?.TrySetResult(frame);
        }
    }

    /// <summary>Whether an acknowledgement says yes: <c>success</c> where there is one, else a <c>retCode</c> of zero.</summary>
    public static bool Succeeded(StreamFrame frame) => frame.Success ?? frame.RetCode == 0;

    /// <summary>The words of an acknowledgement.</summary>
    public static string TextOf(StreamFrame frame) =>
        $"{(frame.RetCode is { } code ? $"{code} " : "")}{frame.ReturnMessage ?? frame.RetMsg ?? "no reason given"}";
}
