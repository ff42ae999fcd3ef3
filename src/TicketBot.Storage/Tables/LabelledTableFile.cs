using System.Globalization;
using System.Text;
using CsvHelper;
using TicketBot.Market.Tables;
using TicketBot.Storage.Csv;

namespace TicketBot.Storage.Tables;

/// <summary>Labelled tables as CSV, plain or gzip by content: a header, numeric feature columns, a class column with whole numbers from 0, and optionally a column
/// that says <c>train</c>, <c>validation</c> or <c>test</c>.</summary>
public sealed class LabelledTableFile
{
    private static readonly CsvReaderOptions Options = new()
    {
        HasHeader = false,
        Separator = ',',
        Mode = CsvMode.Rfc4180,
        SkipEmptyLines = false,
        TrackLineNumbers = true,
        FieldCountMismatch = CsvFieldCountHandling.Allow,
    };

    private readonly string _path;
    private readonly CsvReader _reader;
    private readonly string[] _header;
    private readonly int _label;
    private readonly int _split;
    private readonly int? _knownClasses;

    private LabelledTableFile(string path, CsvReader reader, string label, string? split, int? knownClasses)
    {
        (_path, _reader, _knownClasses) = (path, reader, knownClasses);
        if (!Advance())
        {
            throw Whole("the file is empty", "give a CSV file with a header");
        }

        _header = [.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetString(i).Trim().TrimStart('\uFEFF'))];
        if (_header.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new TableFileException(path, 1, "", twice.Key, "every column needs a name of its own", "rename one of the columns");
        }

        _label = knownClasses is not null && !_header.Contains(label, StringComparer.Ordinal) ? -1 : ColumnOf(label, "--label");
        _split = split is null ? -1 : ColumnOf(split, "--split");
        if (_label == _split && _label >= 0)
        {
            throw new TableFileException(path, 1, label, null, "one column cannot hold both the class and the split", "name two columns");
        }

        if (_header.Length < 1 + (_label < 0 ? 0 : 1) + (split is null ? 0 : 1))
        {
            throw new TableFileException(path, 1, "", string.Join(',', _header), "expected at least one feature column beside the class", "add feature columns");
        }
    }

    /// <summary>Reads a table.</summary>
    /// <param name="path">The file.</param>
    /// <param name="label">Name of the class column.</param>
    /// <param name="split">Name of the split column, or <c>null</c>.</param>
    /// <param name="window">Steps of a row, at least 1: the feature columns are that many steps, oldest first.</param>
    /// <param name="knownClasses">Number of classes that another table has, for a table that may lack some of them, or the class of some rows (an empty cell), or the class column;
    /// it then needs no validation rows either. <c>null</c> expects a whole table.</param>
    /// <exception cref="TableFileException">The file cannot be read or is no such table; the message names the place, the value and the remedy.</exception>
    public static LabelledTable Read(string path, string label, string? split = null, int window = 1, int? knownClasses = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
            var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
            file.Position = 0;
            using var unpacked = isGzip ? new WholeGzipStream(file) : null;
            using var reader = CsvReader.Create((Stream?)unpacked ?? file, Options, leaveOpen: true);
            return new LabelledTableFile(path, reader, label, split, knownClasses).ReadRows(window);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TableFileException(path, 0, "", null, "the file does not exist", "check the path", fault);
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException || (fault is IOException and not TableFileException))
        {
            throw new TableFileException(path, 0, "", null, "the file cannot be read", fault.Message, fault);
        }
    }

    /// <summary>Writes a table as plain CSV whose class column is <c>label</c> and whose split column, if the table has blocks, is <c>split</c>; the file appears
    /// whole or not at all, and reading it gives the same bits.</summary>
    public static void Write(string path, LabelledTable table)
    {
        var block = new string[table.Rows];
        foreach (var kind in table.HasBlocks ? Enum.GetValues<TableBlock>() : [])
        {
            foreach (var row in table.RowsOf(kind))
            {
                block[row] = WordOf(kind);
            }
        }

        using (var writer = new StreamWriter(path + ".new", append: false, new UTF8Encoding(false)))
        {
            writer.NewLine = "\n";
            writer.WriteLine(string.Join(',', [.. table.Columns, "label", .. table.HasBlocks ? ["split"] : Array.Empty<string>()]));
            for (var row = 0; row < table.Rows; row++)
            {
                foreach (var value in table.Row(row))
                {
                    writer.Write(value.ToString("R", CultureInfo.InvariantCulture));
                    writer.Write(',');
                }

                writer.WriteLine(table.Labels[row].ToString(CultureInfo.InvariantCulture) + (table.HasBlocks ? "," + block[row] : ""));
            }
        }

        File.Move(path + ".new", path, overwrite: true);
    }

    private static string WordOf(TableBlock block) => block switch
    {
        TableBlock.Train => "train",
        TableBlock.Validation => "validation",
        TableBlock.Test => "test",
        _ => throw new ArgumentOutOfRangeException(nameof(block), block, "unknown block"),
    };

    private LabelledTable ReadRows(int window)
    {
        int[] features = [.. Enumerable.Range(0, _header.Length).Where(column => column != _label && column != _split)];
        if (features.Length % window != 0)
        {
            throw new TableFileException(
                _path, 1, "", null, $"{features.Length} feature columns are no whole number of features for each of {window} steps",
                "give --window a number that divides the columns, or remove the columns that are no features");
        }

        var (values, labels, blocks) = (new List<float>(), new List<int>(), new List<TableBlock>());
        var firstLine = new SortedDictionary<int, int>();
        while (ReadRow())
        {
            foreach (var column in features)
            {
                values.Add(Feature(column));
            }

            labels.Add(_label < 0 || (_knownClasses is not null && string.IsNullOrWhiteSpace(_reader.GetString(_label))) ? LabelledTable.Unlabelled : Class());
            firstLine.TryAdd(labels[^1], Line);
            if (_split >= 0)
            {
                blocks.Add(Block());
            }
        }

        RequireClasses(firstLine);
        var table = new LabelledTable(
            [.. features.Select(column => _header[column])], [.. values], [.. labels], _split < 0 ? null : [.. blocks], window, _knownClasses);
        foreach (var block in Enum.GetValues<TableBlock>())
        {
            if (table.RowsOf(block).Length == 0 && (_knownClasses is null || block != TableBlock.Validation))
            {
                throw Whole(
                    $"no row of {table.Rows} serves as {WordOf(block)}",
                    _split < 0 ? $"give more rows, or name a split column with --split{(window > 1 ? $"; {window} rows are left out between blocks" : "")}"
                        : $"mark rows with '{WordOf(block)}' in column {_header[_split]}");
            }
        }

        return table;
    }

    private bool ReadRow()
    {
        if (!Advance())
        {
            return false;
        }

        if (_reader.FieldCount <= 1 && _header.Length > 1 && Raw.Trim().Length == 0)
        {
            var blank = Line;
            return Advance() ? throw new TableFileException(_path, blank, "", null, "the line is blank", "remove it: it may stand for a lost row") : false;
        }

        return _reader.FieldCount == _header.Length
            ? true
            : throw new TableFileException(
                _path, Line, "", Raw, $"expected {_header.Length} columns as in the header, this line has {_reader.FieldCount}",
                "repair the line, or write the file again: the end of a file is often cut");
    }

    private float Feature(int column)
    {
        if (!double.TryParse(_reader.GetSpan(column), NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            throw Fault(column, "expected a number", "write numbers with a decimal point; number the values of a column of words, or remove it");
        }

        return float.IsFinite((float)value) ? (float)value : throw Fault(column, "expected a finite number", "leave out the row, or fill the gap");
    }

    private int Class()
    {
        if (!double.TryParse(_reader.GetSpan(_label), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || value != Math.Floor(value) || Math.Abs(value) > 1e6)
        {
            throw Fault(_label, "expected a class, a whole number from 0", "number the classes 0, 1, 2, ...");
        }

        return value >= 0 ? (int)value : throw Fault(_label, "expected a class from 0", "number the classes 0, 1, 2, ...");
    }

    private TableBlock Block() => _reader.GetString(_split).Trim() switch
    {
        "train" => TableBlock.Train,
        "validation" => TableBlock.Validation,
        "test" => TableBlock.Test,
        _ => throw Fault(_split, "expected train, validation or test", "write one of the three words"),
    };

    private void RequireClasses(SortedDictionary<int, int> firstLine)
    {
        if (firstLine.Count == 0)
        {
            throw Whole("the file has a header but no rows", "give a file with rows");
        }

        if (_knownClasses is not null)
        {
            return;
        }

        var expected = 0;
        foreach (var (found, line) in firstLine)
        {
            if (found != expected)
            {
                throw new TableFileException(
                    _path, line, _header[_label], found.ToString(CultureInfo.InvariantCulture), $"the classes leave a gap: no row has class {expected}",
                    "number the classes 0, 1, 2, ... without a gap");
            }

            expected++;
        }

        if (expected < 2)
        {
            throw new TableFileException(_path, 0, _header[_label], "0", "expected at least two classes, every row has one and the same", "give rows of other classes, or name another column");
        }
    }

    private int ColumnOf(string name, string option) => Array.IndexOf(_header, name) is >= 0 and var column
        ? column
        : throw new TableFileException(
            _path, 1, "", name, $"{option} names no column of the header", $"the columns are {string.Join(", ", _header.Take(12))}{(_header.Length > 12 ? $" ... {_header[^1]}" : "")}");

    private TableFileException Fault(int column, string fault, string remedy) => new(_path, Line, _header[column], _reader.GetString(column), fault, remedy);

    private TableFileException Whole(string fault, string remedy) => new(_path, 0, "", null, fault, remedy);

    private int Line => checked((int)_reader.LineNumber);

    private string Raw => Encoding.UTF8.GetString(_reader.RawRecord);

    private bool Advance()
    {
        try
        {
            return _reader.Read();
        }
        catch (InvalidDataException fault)
        {
            throw new TableFileException(_path, Line, "", null, "the gzip data is damaged or cut short after this line", "copy or download the file again: " + fault.Message, fault);
        }
        catch (CsvFormatException fault)
        {
            throw new TableFileException(_path, Line, "", null, "the line is no CSV", "repair it: " + fault.Message, fault);
        }
    }
}
