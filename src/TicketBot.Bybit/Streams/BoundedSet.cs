namespace TicketBot.Bybit.Streams;

/// <summary>Remembers the newest texts up to a number; the oldest are forgotten. Not safe for use by several threads.</summary>
internal sealed class BoundedSet
{
    private readonly int _capacity;
    private readonly HashSet<string> _set = [];
    private readonly Queue<string> _order = new();

    public BoundedSet(int capacity) => _capacity = capacity;

    /// <summary>Adds a text; returns whether it was new.</summary>
    public bool Add(string text)
    {
        if (!_set.Add(text))
        {
            return false;
        }

        _order.Enqueue(text);
        if (_order.Count > _capacity)
        {
            _set.Remove(_order.Dequeue());
        }

        return true;
    }
}
