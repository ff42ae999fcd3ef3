namespace TicketBot.Research.ArchitectureSearch.Estimation;

/// <summary>What one training of a candidate gave: the output of a stage. Immutable.</summary>
/// <param name="ValidationLoss">Lowest validation log-loss in nats; positive infinity if training diverged.</param>
/// <param name="ValidationAccuracy">Share of validation rows right then.</param>
/// <param name="BestStep">Update of that moment.</param>
/// <param name="TrainingMultiplyAdds">Products of weights that training ran.</param>
/// <param name="TestAccuracy">Share of test rows right; 0 where they were not read.</param>
/// <param name="ConfirmedLosses">Log-loss in nats per validation row of the newer half, which stopped no training; empty where the halves were not told apart.</param>
/// <param name="TestLosses">Log-loss per test row in nats; empty where they were not read.</param>
internal sealed record TrialResult(
    double ValidationLoss, double ValidationAccuracy, int BestStep, long TrainingMultiplyAdds, double TestAccuracy, IReadOnlyList<double> ConfirmedLosses, IReadOnlyList<double> TestLosses)
{
    private const uint Magic = 0x32_41_42_54; // "TBA2"

    /// <summary>Returns what stands for a training that diverged.</summary>
    public static TrialResult Diverged(long multiplyAdds) => new(double.PositiveInfinity, 0, 0, multiplyAdds, 0, [], []);

    /// <summary>Returns the binary form.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Magic);
        writer.Write(ValidationLoss);
        writer.Write(ValidationAccuracy);
        writer.Write(BestStep);
        writer.Write(TrainingMultiplyAdds);
        writer.Write(TestAccuracy);
        foreach (var losses in (ReadOnlySpan<IReadOnlyList<double>>)[ConfirmedLosses, TestLosses])
        {
            writer.Write(losses.Count);
            foreach (var loss in losses)
            {
                writer.Write(loss);
            }
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Reads the binary form.</summary>
    /// <exception cref="FormatException">The bytes are something else.</exception>
    public static TrialResult FromBytes(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        if (bytes.Length < 48 || reader.ReadUInt32() != Magic)
        {
            throw new FormatException($"a stored trial begins with TBA2, these {bytes.Length} bytes do not; delete the run store to make it again");
        }

        var (loss, accuracy, step, work, test) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadDouble());
        var confirmed = Losses(reader);
        return new TrialResult(loss, accuracy, step, work, test, confirmed, Losses(reader));
    }

    private static double[] Losses(BinaryReader reader)
    {
        var losses = new double[reader.ReadInt32()];
        for (var i = 0; i < losses.Length; i++)
        {
            losses[i] = reader.ReadDouble();
        }

        return losses;
    }
}
