using System.Globalization;
using System.IO.Compression;
using System.Text;
using CsvHelper;

namespace TicketBot.Storage.Csv;

/// <summary>Reads the rows of one CSV file, plain or gzip by its content, and turns every fault into a <see cref="CandleFileException"/>;
/// writes such files under a temporary name first.</summary>
internal sealed class CsvRows : IDisposable
{
    // No quoting: the columns are numbers, so a stray quote fails as a number, with its line and column.
    private static readonly CsvReaderOptions Options = new()
    {
        HasHeader = false,
        Separator = ',',
        Mode = CsvMode.NoEscape,
        SkipEmptyLines = false,
        TrackLineNumbers = true,
        FieldCountMismatch = CsvFieldCountHandling.Allow,
    };

    private readonly string _path;
    private readonly CsvReader _reader;
    private IReadOnlyList<string> _columns = [];

    private CsvRows(string path, Stream stream) => (_path, _reader) = (path, CsvReader.Create(stream, Options, leaveOpen: false));

    /// <summary>Line of the present row, from 1.</summary>
    public int Line => checked((int)_reader.LineNumber);

    /// <summary>Columns of a row.</summary>
    public int Columns => _columns.Count;

    /// <summary>Text of column <paramref name="column"/> of the present row.</summary>
    public string this[int column] => _reader.GetString(column);

    /// <summary>Opens a file and reads its header, which must be one of <paramref name="headers"/>.</summary>
    public static CsvRows Open(string path, params IReadOnlyList<string>[] headers)
    {
        Stream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
            var gzip = stream.ReadByte() == 0x1F && stream.ReadByte() == 0x8B;
            stream.Position = 0;
            var rows = new CsvRows(path, gzip ? new WholeGzipStream(stream) : stream);
            rows.ReadHeader(headers);
            return rows;
        }
        catch (Exception exception)
        {
            stream?.Dispose();
            if (exception is CandleFileException)
            {
                throw;
            }

            if (exception is FileNotFoundException or DirectoryNotFoundException)
            {
                throw new CandleFileException(path, 0, "", "", "the file does not exist", "Check the path", exception);
            }

            if (exception is IOException or UnauthorizedAccessException)
            {
                throw new CandleFileException(path, 0, "", "", "the file cannot be read", "Check its rights: " + exception.Message, exception);
            }

            throw;
        }
    }

    /// <summary>Goes to the next row; false at the end. The row has as many columns as the header.</summary>
    public bool Read()
    {
        if (!Advance())
        {
            return false;
        }

        if (_reader.FieldCount != _columns.Count)
        {
            if (_reader.FieldCount <= 1 && string.IsNullOrWhiteSpace(Raw))
            {
                var blank = Line;
                if (!Advance())
                {
                    return false; // Blank lines at the end are harmless.
                }

                throw new CandleFileException(_path, blank, "", "", "the line is blank", "Remove it: it may stand for a lost row");
            }

            throw new CandleFileException(
                _path, Line, "", Raw,
                string.Create(CultureInfo.InvariantCulture, $"expected {_columns.Count} columns ({string.Join(',', _columns)}), found {_reader.FieldCount}"),
                "Repair the line, or write the file again: the end of a file is often cut");
        }

        return true;
    }

    /// <summary>Returns column <paramref name="column"/> as whole milliseconds since the Unix epoch.</summary>
    public long Milliseconds(int column) =>
        long.TryParse(_reader.GetSpan(column), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        && value is >= 0 and < 253_402_300_800_000 // Year 10000: more is seconds or microseconds taken for milliseconds.
            ? value
            : throw Fault(column, "expected whole milliseconds since 1970-01-01 UTC", "Write times as Unix milliseconds, UTC");

    /// <summary>Returns column <paramref name="column"/> as a finite number.</summary>
    public double Number(int column) =>
        double.TryParse(_reader.GetSpan(column), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw Fault(column, "expected a finite number", "Write numbers with a decimal point and without thousands separators");

    /// <summary>Returns column <paramref name="column"/> as a finite number, or <c>null</c> when it is empty.</summary>
    public double? OptionalNumber(int column) => _reader.IsEmpty(column) ? null : Number(column);

    /// <summary>Returns the exception of a fault in the present row.</summary>
    public CandleFileException Fault(int column, string fault, string remedy) =>
        new(_path, Line, _columns[column], this[column], fault, remedy);

    /// <summary>Throws unless <paramref name="time"/> follows <paramref name="last"/>.</summary>
    public void CheckAscending(long time, long? last)
    {
        if (time == last)
        {
            throw Fault(0, "the time stands twice", "Remove one of the two lines");
        }

        if (time < last)
        {
            throw Fault(
                0, string.Create(CultureInfo.InvariantCulture, $"times must ascend, the line before has {last}"), "Sort the file by its first column");
        }
    }

    /// <summary>Returns the exception of a file with a header and no rows.</summary>
    public static CandleFileException Empty(string path) =>
        new(path, 0, "", "", "the file has a header but no rows", "Give a file with at least one row");

    /// <summary>Writes a file (gzip when its name ends in <c>.gz</c>) under a temporary name, flushes it and renames it.</summary>
    public static void WriteFile(string path, IReadOnlyList<string> header, Action<CsvWriter> writeRows)
    {
        var temporary = path + ".tmp";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
        {
            using (var packed = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
                ? new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true)
                : null)
            using (var csv = CsvWriter.Create((Stream?)packed ?? file, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true))
            {
                foreach (var name in header)
                {
                    csv.WriteField(name);
                }

                csv.EndRecord();
                writeRows(csv);
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private string Raw => Encoding.UTF8.GetString(_reader.RawRecord);

    private void ReadHeader(IReadOnlyList<string>[] headers)
    {
        var expected = string.Join(" or ", headers.Select(header => string.Join(',', header)));
        if (!Advance())
        {
            throw new CandleFileException(_path, 0, "", "", "the file is empty", $"Give a file with the header {expected}");
        }

        var found = Enumerable.Range(0, _reader.FieldCount).Select(_reader.GetString).ToArray();
        _columns = headers.FirstOrDefault(header => header.SequenceEqual(found)) ?? throw new CandleFileException(
            _path, 1, "", string.Join(',', found), $"expected the header {expected}", "Write that header as the first line");
    }

    private bool Advance()
    {
        try
        {
            return _reader.Read();
        }
        catch (InvalidDataException exception)
        {
            throw new CandleFileException(
                _path, Line, "", "", "the gzip data is damaged or cut short after this line", "Copy or download the file again: " + exception.Message, exception);
        }
        catch (CsvFormatException exception)
        {
            throw new CandleFileException(_path, Line, "", "", "the line is no CSV", "Repair the line: " + exception.Message, exception);
        }
    }
}
