using System.Buffers.Binary;
using System.IO.Compression;
using TicketBot.Learning;
using TicketBot.Market.Tables;

namespace TicketBot.Benchmarks.Lottery;

/// <summary>The 10,000 test images of MNIST as a labelled table: 784 pixels divided by 255, ten classes, 7,000 rows to train, 500 to validate, 2,500 to test in an
/// order drawn once.</summary>
internal static class MnistTable
{
    private const int Train = 7_000;
    private const int Validation = 500;

    /// <summary>Reads the two idx files (gzip) of a folder.</summary>
    public static LabelledTable Read(string folder)
    {
        var images = Unpack(Path.Combine(folder, "mnist-t10k-images-idx3-ubyte.gz"), 0x803);
        var labels = Unpack(Path.Combine(folder, "mnist-t10k-labels-idx1-ubyte.gz"), 0x801);
        var count = BinaryPrimitives.ReadInt32BigEndian(images.AsSpan(4));
        var pixels = BinaryPrimitives.ReadInt32BigEndian(images.AsSpan(8)) * BinaryPrimitives.ReadInt32BigEndian(images.AsSpan(12));
        var values = Array.ConvertAll(images[16..], pixel => pixel / 255f);
        var blocks = new TableBlock[count];
        int[] order = [.. Enumerable.Range(0, count)];
        new Rng(0).Shuffle(order.AsSpan());
        for (var i = 0; i < count; i++)
        {
            blocks[order[i]] = i < Train ? TableBlock.Train : i < Train + Validation ? TableBlock.Validation : TableBlock.Test;
        }

        return new LabelledTable([.. Enumerable.Range(0, pixels).Select(i => $"p{i}")], values, Array.ConvertAll(labels[8..], label => (int)label), blocks);
    }

    private static byte[] Unpack(string path, int magic)
    {
        using var packed = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var content = new MemoryStream();
        packed.CopyTo(content);
        var bytes = content.ToArray();
        return BinaryPrimitives.ReadInt32BigEndian(bytes) == magic
            ? bytes
            : throw new InvalidDataException($"{path}: an idx file of this kind begins with {magic:x8}, found {Convert.ToHexStringLower(bytes.AsSpan(0, 4))}");
    }
}
