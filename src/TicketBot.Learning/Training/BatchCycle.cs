namespace TicketBot.Learning.Training;

/// <summary>Full batches of row numbers without end: epochs, each shuffled by its own stream, follow each other within a batch where one ends.</summary>
internal sealed class BatchCycle
{
    private readonly Rng _stream;
    private readonly int[] _order;
    private ulong _epoch;
    private int _at;

    public BatchCycle(Rng stream, int rows)
    {
        _stream = stream;
        _order = new int[rows];
        Begin();
    }

    /// <summary>Fills a batch with the next rows, each plus an offset.</summary>
    public void Next(Span<int> batch, int offset)
    {
        foreach (ref int row in batch)
        {
            if (_at == _order.Length)
            {
                _epoch++;
                Begin();
            }

            row = _order[_at++] + offset;
        }
    }

    private void Begin()
    {
        for (int i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        Rng rng = _stream.Split(_epoch);
        rng.Shuffle(_order.AsSpan());
        _at = 0;
    }
}
