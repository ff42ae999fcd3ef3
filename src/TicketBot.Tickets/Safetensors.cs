using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace TicketBot.Tickets;

/// <summary>A safetensors container: named little-endian tensors and text metadata (format 0.x, https://huggingface.co/docs/safetensors).
/// The same content gives the same bytes: tensors keep their order, the header is padded to a multiple of eight.</summary>
internal sealed class Safetensors
{
    private const int LargestHeader = 100_000_000; // The limit of the format's own reader.
    private readonly List<Tensor> _tensors = [];
    private readonly Dictionary<string, Tensor> _byName = [];

    /// <summary>Text by name, written in ordinal order of the names.</summary>
    public SortedDictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    private sealed record Tensor(string Name, string Type, int[] Shape, byte[] Bytes);

    /// <summary>Adds a tensor of type F32.</summary>
    public void Add(string name, int[] shape, IReadOnlyList<float> values)
    {
        var bytes = new byte[values.Count * sizeof(float)];
        for (var i = 0; i < values.Count; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        Add(new Tensor(name, "F32", shape, bytes));
    }

    /// <summary>Adds a tensor of type F64.</summary>
    public void Add(string name, int[] shape, IReadOnlyList<double> values)
    {
        var bytes = new byte[values.Count * sizeof(double)];
        for (var i = 0; i < values.Count; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), values[i]);
        }

        Add(new Tensor(name, "F64", shape, bytes));
    }

    /// <summary>Adds a tensor of type BOOL, one byte per entry.</summary>
    public void Add(string name, int[] shape, bool[] values) => Add(new Tensor(name, "BOOL", shape, [.. values.Select(v => (byte)(v ? 1 : 0))]));

    /// <summary>Whether a tensor of that name exists.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>Returns a tensor of type F32.</summary>
    /// <exception cref="FormatException">It is absent or of another type.</exception>
    public float[] Floats(string name)
    {
        var bytes = BytesOf(name, "F32");
        return [.. Enumerable.Range(0, bytes.Length / sizeof(float)).Select(i => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float))))];
    }

    /// <summary>Returns a tensor of type F64.</summary>
    /// <exception cref="FormatException">It is absent or of another type.</exception>
    public double[] Doubles(string name)
    {
        var bytes = BytesOf(name, "F64");
        return [.. Enumerable.Range(0, bytes.Length / sizeof(double)).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(i * sizeof(double))))];
    }

    /// <summary>Returns a tensor of type BOOL.</summary>
    /// <exception cref="FormatException">It is absent or of another type.</exception>
    public bool[] Bools(string name) => [.. BytesOf(name, "BOOL").Select(b => b != 0)];

    /// <summary>Returns the container's bytes.</summary>
    public byte[] ToBytes()
    {
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach (var (name, text) in Metadata)
            {
                json.WriteString(name, text);
            }

            json.WriteEndObject();
            var offset = 0L;
            foreach (var tensor in _tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type);
                json.WriteStartArray("shape");
                foreach (var size in tensor.Shape)
                {
                    json.WriteNumberValue(size);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.Bytes.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (header.Length % 8 != 0)
        {
            header.WriteByte((byte)' ');
        }

        using var bytes = new MemoryStream();
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        bytes.Write(length);
        header.WriteTo(bytes);
        foreach (var tensor in _tensors)
        {
            bytes.Write(tensor.Bytes);
        }

        return bytes.ToArray();
    }

    /// <summary>Reads a container.</summary>
    /// <exception cref="FormatException">The bytes are none.</exception>
    public static Safetensors Parse(byte[] bytes)
    {
        var length = bytes.Length >= 8 ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : -1;
        if (length is < 2 or > LargestHeader || length > bytes.Length - 8)
        {
            throw new FormatException($"a safetensors file begins with the length of its header, the file has {bytes.Length} bytes and claims a header of {length}");
        }

        var result = new Safetensors();
        var data = bytes.AsMemory(8 + (int)length);
        var end = 0L;
        try
        {
            using var header = JsonDocument.Parse(Encoding.UTF8.GetString(bytes, 8, (int)length));
            foreach (var entry in header.RootElement.EnumerateObject())
            {
                if (entry.Name == "__metadata__")
                {
                    foreach (var text in entry.Value.EnumerateObject())
                    {
                        result.Metadata.Add(text.Name, text.Value.GetString() ?? throw new FormatException($"metadata {text.Name} is null"));
                    }

                    continue;
                }

                var offsets = entry.Value.GetProperty("data_offsets");
                var (from, until) = (offsets[0].GetInt64(), offsets[1].GetInt64());
                int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
                if (from != end || until < from || until > data.Length)
                {
                    throw new FormatException($"tensor {entry.Name} lies at {from}..{until}, expected it to begin at {end} and end by {data.Length}");
                }

                end = until;
                result.Add(new Tensor(
                    entry.Name, entry.Value.GetProperty("dtype").GetString() ?? "", shape, data[(int)from..(int)until].ToArray()));
            }
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            throw new FormatException("the header is no safetensors header: " + exception.Message, exception);
        }

        return end == data.Length ? result : throw new FormatException($"tensors end at {end}, the data at {data.Length}");
    }

    private void Add(Tensor tensor)
    {
        var size = tensor.Type switch
        {
            "F32" => sizeof(float),
            "F64" => sizeof(double),
            "BOOL" => 1,
            _ => throw new FormatException($"tensor {tensor.Name} must be F32, F64 or BOOL, was {tensor.Type}"),
        };
        if (tensor.Bytes.Length != size * tensor.Shape.Aggregate(1L, (product, n) => product * n))
        {
            throw new FormatException($"tensor {tensor.Name} of shape [{string.Join(',', tensor.Shape)}] cannot have {tensor.Bytes.Length} bytes of {tensor.Type}");
        }

        _byName.Add(tensor.Name, tensor);
        _tensors.Add(tensor);
    }

    private byte[] BytesOf(string name, string type) =>
        !_byName.TryGetValue(name, out var tensor) ? throw new FormatException($"tensor {name} is missing")
        : tensor.Type != type ? throw new FormatException($"tensor {name} must be {type}, was {tensor.Type}")
        : tensor.Bytes;
}
