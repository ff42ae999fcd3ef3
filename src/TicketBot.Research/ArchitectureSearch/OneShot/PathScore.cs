namespace TicketBot.Research.ArchitectureSearch.OneShot;

/// <summary>Validation loss of a path with the weights it inherits.</summary>
/// <param name="Path">Operation per position.</param>
/// <param name="Loss">In nats.</param>
internal sealed record PathScore(int[] Path, double Loss)
{
    /// <summary>Returns scores as bytes.</summary>
    public static byte[] Write(IEnumerable<PathScore> scores)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        foreach (var score in scores)
        {
            foreach (var operation in score.Path)
            {
                writer.Write((byte)operation);
            }

            writer.Write(score.Loss);
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Reads such bytes.</summary>
    /// <exception cref="FormatException">Their length is not that of whole scores.</exception>
    public static IReadOnlyList<PathScore> Read(byte[] bytes, int positions)
    {
        var length = positions + sizeof(double);
        if (bytes.Length % length != 0)
        {
            throw new FormatException($"expected stored scores of {length} bytes each, found {bytes.Length} bytes; delete the run store to make them again");
        }

        return [.. Enumerable.Range(0, bytes.Length / length).Select(number => new PathScore(
            [.. bytes.Skip(number * length).Take(positions).Select(operation => (int)operation)], BitConverter.ToDouble(bytes, (number * length) + positions)))];
    }
}
