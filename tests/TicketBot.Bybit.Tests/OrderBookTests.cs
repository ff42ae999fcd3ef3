using System.Globalization;
using System.Text;
using System.Text.Json;
using TicketBot.Bybit.Streams;

namespace TicketBot.Bybit.Tests;

// Invariants: after any sequence of snapshots and deltas the book equals a naive model; a gap, a crossing or an unreadable message empties
// it until the next snapshot; whatever arrives, nothing but JsonException is thrown.
public sealed class OrderBookTests
{
    private readonly OrderBook _book = new();

    [Fact]
    public void Any_sequence_of_messages_gives_the_book_of_a_naive_model()
    {
        var random = new SplitMix(4711);
        var (bids, asks) = (new SortedDictionary<int, int>(Comparer<int>.Create((a, b) => b.CompareTo(a))), new SortedDictionary<int, int>());
        var update = 0L;
        for (var round = 0; round < 4_000; round++)
        {
            var isSnapshot = round == 0 || random.Below(200) == 0;
            if (isSnapshot)
            {
                bids.Clear();
                asks.Clear();
                update = random.Below(3) == 0 ? 1 : 100 + random.Below(1000);
            }
            else
            {
                update++;
            }

            var (newBids, newAsks) = (Changes(bids, 1, 100), Changes(asks, 101, 200));
            Assert.Equal(BookChange.Applied, Say(isSnapshot, update, newBids, newAsks));
            Assert.Equal(bids.Select(one => (one.Key / 10.0, (double)one.Value)), _book.Bids.ToArray());
            Assert.Equal(asks.Select(one => (one.Key / 10.0, (double)one.Value)), _book.Asks.ToArray());
        }

        List<(int Price, int Size)> Changes(SortedDictionary<int, int> side, int low, int high)
        {
            var changes = new List<(int, int)>();
            for (var i = random.Below(6); i > 0; i--)
            {
                var (price, size) = (low + random.Below(high - low), random.Below(3) * random.Below(50));
                changes.Add((price, size));
                _ = size == 0 ? side.Remove(price) : (side[price] = size) > 0;
            }

            return changes;
        }
    }

    [Fact]
    public void A_missing_message_empties_the_book_until_the_next_snapshot()
    {
        Say(true, 10, [(1, 5)], [(101, 5)]);
        Assert.Equal(BookChange.Ignored, Say(false, 10, [(2, 5)], []));
        Assert.Equal(BookChange.Gap, Say(false, 12, [(2, 5)], []));
        Assert.False(_book.IsWhole);
        Assert.Equal((0, null), (_book.Bids.Length, _book.SpreadBp));
        Assert.Equal(BookChange.Ignored, Say(false, 13, [(2, 5)], []));
        Assert.Equal(BookChange.Applied, Say(true, 40, [(1, 5)], [(101, 5)]));
        Assert.Equal(BookChange.Applied, Say(false, 41, [(2, 5)], []));
    }

    [Fact]
    public void Update_number_one_replaces_the_book_whatever_its_type()
    {
        Say(true, 10, [(1, 5)], [(101, 5)]);
        Assert.Equal(BookChange.Applied, Say(false, 1, [(7, 3)], [(150, 3)]));
        Assert.Equal([(0.7, 3.0)], _book.Bids.ToArray());
    }

    [Fact]
    public void A_crossed_book_is_not_believed()
    {
        Say(true, 10, [(1, 5)], [(101, 5)]);
        Assert.Equal(BookChange.Gap, Say(false, 11, [(102, 5)], []));
        Assert.False(_book.IsWhole);
    }

    [Fact]
    public void Spread_and_imbalance_are_those_of_the_best_levels()
    {
        Say(true, 10, [(999, 6), (998, 100)], [(1001, 2)]);
        Assert.Equal(20, _book.SpreadBp!.Value, 9);
        Assert.Equal(0.5, _book.ImbalanceOf(1));
        Assert.Equal((106 - 2) / 108.0, _book.ImbalanceOf(10)!.Value, 9);
    }

    [Theory]
    [InlineData("""{"u":11,"b":[["1"]],"a":[]}""")]
    [InlineData("""{"u":11,"b":[["1","-1"]],"a":[]}""")]
    [InlineData("""{"u":11,"b":[["0","1"]],"a":[]}""")]
    [InlineData("""{"u":11,"b":[["1e999","1"]],"a":[]}""")]
    [InlineData("""{"u":11,"b":[["NaN","1"]],"a":[]}""")]
    [InlineData("""{"u":11,"b":{"x":1},"a":[]}""")]
    [InlineData("""{"u":11,"b":[["1","1","1"]],"a":[]}""")]
    [InlineData("""{"u":"11","b":[],"a":[]}""")]
    [InlineData("""{"b":[],"a":[]}""")]
    [InlineData("""[]""")]
    public void A_message_that_cannot_be_read_empties_the_book(string message)
    {
        Say(true, 10, [(1, 5)], [(101, 5)]);
        Assert.ThrowsAny<JsonException>(() => _book.Apply(false, Encoding.UTF8.GetBytes(message)));
        Assert.False(_book.IsWhole);
    }

    private BookChange Say(bool isSnapshot, long update, List<(int Price, int Size)> bids, List<(int Price, int Size)> asks)
    {
        static string Rows(List<(int Price, int Size)> side) => string.Join(
            ',', side.Select(one => string.Create(CultureInfo.InvariantCulture, $"[\"{one.Price / 10.0}\",\"{one.Size}\"]")));
        return _book.Apply(isSnapshot, Encoding.UTF8.GetBytes($$"""{"s":"BTCUSDT","b":[{{Rows(bids)}}],"a":[{{Rows(asks)}}],"u":{{update}},"seq":7}"""));
    }
}
