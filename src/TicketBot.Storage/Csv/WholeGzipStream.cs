using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace TicketBot.Storage.Csv;

/// <summary>Unpacks one gzip file and throws <see cref="InvalidDataException"/> at its end unless the length written in its trailer (RFC 1952,
/// ISIZE) was delivered, so that a file cut at any byte is noticed.</summary>
internal sealed class WholeGzipStream : Stream
{
    private readonly Stream _file;
    private readonly GZipStream _unpacked;
    private readonly uint _expected;
    private uint _delivered;

    /// <summary>Unpacks <paramref name="file"/>, a seekable stream at its beginning.</summary>
    public WholeGzipStream(Stream file)
    {
        _file = file;
        Span<byte> trailer = stackalloc byte[4];
        if (file.Length >= 18)
        {
            file.Position = file.Length - 4;
            file.ReadExactly(trailer);
            file.Position = 0;
        }

        _expected = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        _unpacked = new GZipStream(file, CompressionMode.Decompress);
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var read = _unpacked.Read(buffer);
        _delivered = unchecked(_delivered + (uint)read);
        return read != 0 || buffer.Length == 0 || _delivered == _expected
            ? read
            : throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture, $"the trailer promises {_expected} bytes modulo 2^32, {_delivered} were unpacked"));
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpacked.Dispose();
            _file.Dispose();
        }

        base.Dispose(disposing);
    }
}
