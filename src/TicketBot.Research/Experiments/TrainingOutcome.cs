namespace TicketBot.Research.Experiments;

/// <summary>What one training of an experiment gave: the output of a stage. Immutable.</summary>
internal sealed record TrainingOutcome
{
    private const uint Magic = 0x31_58_42_54; // "TBX1"

    /// <summary>Step of the lowest validation loss, counted from the drawn weights.</summary>
    public required int EarlyStopStep { get; init; }

    /// <summary>Share of test rows right with the weights of that step.</summary>
    public required double AccuracyAtEarlyStop { get; init; }

    /// <summary>Share of test rows right with the last weights.</summary>
    public required double FinalAccuracy { get; init; }

    /// <summary>Lowest validation loss in nats.</summary>
    public required double MinValidationLoss { get; init; }

    /// <summary>Multiply-adds of weights that the training ran.</summary>
    public required long MultiplyAdds { get; init; }

    /// <summary>Step at which the mask of the last density stopped moving; <c>null</c> when it did not, or was not watched.</summary>
    public int? EmergedAt { get; init; }

    /// <summary>Weights of the lowest validation loss; empty where nothing goes on from them.</summary>
    public IReadOnlyList<float[]> BestWeights { get; init; } = [];

    /// <summary>Last weights, those that are pruned; empty where nothing goes on from them.</summary>
    public IReadOnlyList<float[]> LastWeights { get; init; } = [];

    /// <summary>Weights at the rewind step, theta_k; empty but for dense training.</summary>
    public IReadOnlyList<float[]> RewindWeights { get; init; } = [];

    /// <summary>Weights at the step of emergence; empty when no mask emerged.</summary>
    public IReadOnlyList<float[]> EmergedWeights { get; init; } = [];

    /// <summary>Mask of the best weights where weights changed places during training, <c>null</c> for a parameter that is never pruned; else empty.</summary>
    public IReadOnlyList<bool[]?> MovedMask { get; init; } = [];

    /// <summary>Returns the binary form; arrays are written without their zeros.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Magic);
        writer.Write(EarlyStopStep);
        writer.Write(AccuracyAtEarlyStop);
        writer.Write(FinalAccuracy);
        writer.Write(MinValidationLoss);
        writer.Write(MultiplyAdds);
        writer.Write(EmergedAt ?? -1);
        foreach (var arrays in new[] { BestWeights, LastWeights, RewindWeights, EmergedWeights })
        {
            writer.Write(arrays.Count);
            foreach (var values in arrays)
            {
                Write(writer, values);
            }
        }

        writer.Write(MovedMask.Count);
        foreach (var mask in MovedMask)
        {
            Write(writer, Array.ConvertAll(mask ?? [], bit => bit ? 1f : 0f));
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Reads the binary form.</summary>
    /// <exception cref="FormatException">The bytes are something else.</exception>
    public static TrainingOutcome FromBytes(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        if (bytes.Length < 44 || reader.ReadUInt32() != Magic)
        {
            throw new FormatException($"a stored training begins with TBX1, these {bytes.Length} bytes do not; delete the run store to make it again");
        }

        var (step, early, last, loss, work, emerged) =
            (reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadInt64(), reader.ReadInt32());
        var arrays = new float[4][][];
        for (var i = 0; i < arrays.Length; i++)
        {
            arrays[i] = new float[reader.ReadInt32()][];
            for (var j = 0; j < arrays[i].Length; j++)
            {
                arrays[i][j] = Read(reader);
            }
        }

        var moved = new bool[]?[reader.ReadInt32()];
        for (var i = 0; i < moved.Length; i++)
        {
            moved[i] = Read(reader) is { Length: > 0 } bits ? Array.ConvertAll(bits, bit => bit > 0) : null;
        }

        return new TrainingOutcome
        {
            EarlyStopStep = step, AccuracyAtEarlyStop = early, FinalAccuracy = last, MinValidationLoss = loss, MultiplyAdds = work,
            EmergedAt = emerged < 0 ? null : emerged, BestWeights = arrays[0], LastWeights = arrays[1], RewindWeights = arrays[2], EmergedWeights = arrays[3],
            MovedMask = moved,
        };
    }

    // Whether each value has any bit set, eight to a byte, then the values that have.
    private static void Write(BinaryWriter writer, float[] values)
    {
        writer.Write(values.Length);
        var bits = new byte[(values.Length + 7) / 8];
        for (var i = 0; i < values.Length; i++)
        {
            bits[i / 8] |= (byte)(BitConverter.SingleToUInt32Bits(values[i]) != 0 ? 1 << (i % 8) : 0);
        }

        writer.Write(bits);
        foreach (var value in values)
        {
            if (BitConverter.SingleToUInt32Bits(value) != 0)
            {
                writer.Write(value);
            }
        }
    }

    private static float[] Read(BinaryReader reader)
    {
        var values = new float[reader.ReadInt32()];
        var bits = reader.ReadBytes((values.Length + 7) / 8);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (bits[i / 8] >> (i % 8) & 1) != 0 ? reader.ReadSingle() : 0f;
        }

        return values;
    }
}
