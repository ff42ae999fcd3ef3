namespace TicketBot.Market.Tables;

/// <summary>Rows of numeric features with a class each, as they stood in a file. Immutable while its arrays are left alone.</summary>
public sealed class LabelledTable
{
    /// <summary>Stands for the class of a row whose class is not known.</summary>
    public const int Unlabelled = -1;

    private readonly float[] _values;
    private readonly int[] _labels;
    private readonly TableBlock[]? _blocks;

    /// <summary>Takes rows; the arrays are kept, not copied.</summary>
    /// <param name="columns">Names of the feature columns in order, at least one; with a window step by step, the oldest first.</param>
    /// <param name="values"><c>[rows, columns]</c>, row-major, finite.</param>
    /// <param name="labels">Class per row, from 0; every class below the highest has a row, and there are at least two.</param>
    /// <param name="blocks">What each row serves, or <c>null</c> when the table does not say.</param>
    /// <param name="window">Steps of a row, at least 1; divides the number of columns.</param>
    /// <param name="knownClasses">Number of classes that is known from another table, at least 2: then classes may have no row here, and a row may be <see cref="Unlabelled"/>.
    /// <c>null</c> takes it from the labels.</param>
    /// <exception cref="ArgumentException">The parts do not fit together, or a value is not what it should be.</exception>
    public LabelledTable(IReadOnlyList<string> columns, float[] values, int[] labels, TableBlock[]? blocks = null, int window = 1, int? knownClasses = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        if (columns.Count == 0 || columns.Count % window != 0)
        {
            throw new ArgumentException($"the number of feature columns must be a multiple of the window of {window} steps, was {columns.Count}", nameof(columns));
        }

        if (labels.Length == 0 || values.Length != (long)labels.Length * columns.Count)
        {
            throw new ArgumentException($"expected {columns.Count} values for each of {labels.Length} rows (at least 1), found {values.Length}", nameof(values));
        }

        if (blocks is not null && blocks.Length != labels.Length)
        {
            throw new ArgumentException($"expected a block for each of {labels.Length} rows, found {blocks.Length}", nameof(blocks));
        }

        if (Array.FindIndex(values, v => !float.IsFinite(v)) is >= 0 and var at)
        {
            throw new ArgumentException($"values must be finite, row {at / columns.Count}, column {columns[at % columns.Count]} was {values[at]}", nameof(values));
        }

        var lowest = knownClasses is null ? 0 : Unlabelled;
        if (Array.Exists(labels, label => label < lowest))
        {
            throw new ArgumentException($"classes are numbered from 0, found {labels.Min()}", nameof(labels));
        }

        var classes = knownClasses is { } known ? Math.Max(known, labels.Max() + 1) : labels.Distinct().Count();
        if (classes < 2 || (knownClasses is null && labels.Max() != classes - 1))
        {
            throw new ArgumentException($"classes are numbered 0, 1, 2, ... without a gap, at least two, found {classes} up to {labels.Max()}", nameof(labels));
        }

        (Columns, _values, _labels, _blocks, Window, Classes) = (columns, values, labels, blocks, window, classes);
    }

    /// <summary>Names of the feature columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Number of rows.</summary>
    public int Rows => _labels.Length;

    /// <summary>Number of classes, at least 2.</summary>
    public int Classes { get; }

    /// <summary>Steps of a row; 1 without a window.</summary>
    public int Window { get; }

    /// <summary>Features of a step.</summary>
    public int Features => Columns.Count / Window;

    /// <summary>Names of the features: those of the newest step's columns.</summary>
    public IEnumerable<string> FeatureNames => Columns.Skip(Columns.Count - Features);

    /// <summary>Values <c>[rows, columns]</c>, row-major.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Class per row, or <see cref="Unlabelled"/>.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>Whether the table says what each row serves.</summary>
    public bool HasBlocks => _blocks is not null;

    /// <summary>Returns the values of one row, <c>[columns]</c>.</summary>
    public ReadOnlySpan<float> Row(int row) => _values.AsSpan(row * Columns.Count, Columns.Count);

    /// <summary>Returns the rows of a block, ascending. Without a split in the table these are, in file order, the first 60 %, the next 20 % and the rest;
    /// with a window, as many rows as it has steps are left out before each later block.</summary>
    public int[] RowsOf(TableBlock block)
    {
        if (_blocks is { } blocks)
        {
            return [.. Enumerable.Range(0, Rows).Where(row => blocks[row] == block)];
        }

        var purge = Window == 1 ? 0 : Window;
        var (train, validation) = ((int)(Rows * 3L / 5), (int)(Rows * 4L / 5));
        var (from, until) = block switch
        {
            TableBlock.Train => (0, train - purge),
            TableBlock.Validation => (train, validation - purge),
            TableBlock.Test => (validation, Rows),
            _ => throw new ArgumentOutOfRangeException(nameof(block), block, "unknown block"),
        };
        return [.. Enumerable.Range(from, Math.Max(0, until - from))];
    }
}
