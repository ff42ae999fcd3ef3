using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace TicketBot.Learning.Training;

/// <summary>Writes and reads a <see cref="TrainingState"/>: a magic word with version, the values in little-endian order, and the SHA-256 of all that.</summary>
public static class TrainingStateFile
{
    private const ulong Magic = 0x3130_5441_5453_4B54; // "TKSTAT01"

    /// <summary>Writes the state to a stream.</summary>
    public static void Write(TrainingState state, Stream stream)
    {
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content);
        writer.Write(Magic);
        WriteStep(writer, state.Step);
        foreach (ulong word in state.DataOrder.Words())
        {
            writer.Write(word);
        }

        writer.Write(state.Optimizer.Beta1Power);
        writer.Write(state.Optimizer.Beta2Power);
        writer.Write(state.BatchLoss ?? double.NaN);
        WriteArrays(writer, state.Weights);
        WriteArrays(writer, state.Optimizer.FirstMoments);
        WriteArrays(writer, state.Optimizer.SecondMoments);
        WriteArrays(writer, state.BestWeights ?? []);
        writer.Write(state.Validations.Count);
        foreach (ValidationPoint point in state.Validations)
        {
            WriteStep(writer, point.Step);
            writer.Write(point.Loss);
        }

        writer.Flush();
        ReadOnlySpan<byte> bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
        stream.Write(bytes);
        stream.Write(SHA256.HashData(bytes));
    }

    /// <summary>Reads a state from a stream to its end.</summary>
    /// <exception cref="InvalidDataException">It is no such state, of another version, cut short or damaged.</exception>
    public static TrainingState Read(Stream stream)
    {
        using var all = new MemoryStream();
        stream.CopyTo(all);
        byte[] bytes = all.ToArray();
        if (bytes.Length < sizeof(ulong) + SHA256.HashSizeInBytes || BitConverter.ToUInt64(bytes) != Magic)
        {
            throw new InvalidDataException($"expected a training state of this version, found {bytes.Length} bytes that do not begin like one; start the training again");
        }

        if (!SHA256.HashData(bytes.AsSpan(..^SHA256.HashSizeInBytes)).AsSpan().SequenceEqual(bytes.AsSpan(^SHA256.HashSizeInBytes..)))
        {
            throw new InvalidDataException($"expected a whole training state, found {bytes.Length} bytes whose checksum does not fit (cut short or damaged); start the training again");
        }

        using var reader = new BinaryReader(new MemoryStream(bytes, sizeof(ulong), bytes.Length - sizeof(ulong) - SHA256.HashSizeInBytes));
        Step step = ReadStep(reader);
        Rng order = Rng.FromWords([reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64()]);
        double beta1Power = reader.ReadDouble();
        double beta2Power = reader.ReadDouble();
        double batchLoss = reader.ReadDouble();
        float[][] weights = ReadArrays(reader);
        float[][] first = ReadArrays(reader);
        float[][] second = ReadArrays(reader);
        float[][] best = ReadArrays(reader);
        var validations = new ValidationPoint[reader.ReadInt32()];
        for (int i = 0; i < validations.Length; i++)
        {
            validations[i] = new ValidationPoint(ReadStep(reader), reader.ReadDouble());
        }

        return new TrainingState
        {
            Step = step,
            Weights = weights,
            Optimizer = new OptimizerSnapshot(first, second, beta1Power, beta2Power),
            DataOrder = order,
            BatchLoss = double.IsNaN(batchLoss) ? null : batchLoss,
            Validations = validations,
            BestWeights = best.Length == 0 ? null : best,
        };
    }

    private static void WriteStep(BinaryWriter writer, Step step)
    {
        writer.Write(step.Number);
        writer.Write(step.Epoch);
        writer.Write(step.Batch);
    }

    private static Step ReadStep(BinaryReader reader) => new(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());

    private static void WriteArrays(BinaryWriter writer, IReadOnlyList<float[]> arrays)
    {
        writer.Write(arrays.Count);
        foreach (float[] values in arrays)
        {
            writer.Write(values.Length);
            writer.Write(MemoryMarshal.AsBytes<float>(values));
        }
    }

    private static float[][] ReadArrays(BinaryReader reader)
    {
        float[][] arrays = new float[reader.ReadInt32()][];
        for (int i = 0; i < arrays.Length; i++)
        {
            arrays[i] = new float[reader.ReadInt32()];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(arrays[i].AsSpan()));
        }

        return arrays;
    }
}
