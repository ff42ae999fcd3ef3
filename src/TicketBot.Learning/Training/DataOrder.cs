namespace TicketBot.Learning.Training;

/// <summary>The order in which rows are read: every epoch has its own shuffle, a function of the stream and the epoch alone, so that
/// training can resume at any step and read the same rows.</summary>
internal sealed class DataOrder
{
    private readonly Rng _stream;
    private readonly int _batchSize;
    private readonly int[] _order;
    private int _shuffledEpoch = -1;

    public DataOrder(Rng stream, int rows, int batchSize)
    {
        _stream = stream;
        _batchSize = batchSize;
        _order = new int[rows];
    }

    /// <summary>The rows that the update after <paramref name="step"/> reads.</summary>
    public ReadOnlySpan<int> RowsOf(Step step)
    {
        if (_shuffledEpoch != step.Epoch)
        {
            for (int i = 0; i < _order.Length; i++)
            {
                _order[i] = i;
            }

            Rng rng = _stream.Split((ulong)step.Epoch);
            rng.Shuffle(_order.AsSpan());
            _shuffledEpoch = step.Epoch;
        }

        int first = step.Batch * _batchSize;
        return _order.AsSpan(first, Math.Min(_batchSize, _order.Length - first));
    }

    public Step After(Step step) => (step.Batch + 1) * (long)_batchSize < _order.Length
        ? new Step(step.Number + 1, step.Epoch, step.Batch + 1)
        : new Step(step.Number + 1, step.Epoch + 1, 0);
}
