using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Market.Regimes;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;
using TicketBot.Trading.Risk;
using TicketBot.Trading.Signals;

namespace TicketBot.Trading.Tests.Journal;

public sealed class FactJsonTests
{
    private static readonly Symbol Bitcoin = new("BTCUSDT");
    private static readonly SeriesKey Series = new(Bitcoin, Interval.FifteenMinutes);
    private static readonly ClientOrderId Id = new("tb0123");
    private static readonly Instant Now = new(1_700_000_100_000);

    private static readonly Execution Fill = new()
    {
        Id = new ExecutionId("e1"),
        Symbol = Bitcoin,
        Kind = ExecutionKind.Trade,
        OrderId = new VenueOrderId("v1"),
        ClientOrderId = Id,
        Side = Side.Sell,
        Price = new Price(37_123.4m),
        Quantity = new Quantity(0.003m),
        Fee = new Money(0.061253610m),
        Time = Now,
    };

    private static readonly OrderReport Report = new()
    {
        VenueId = new VenueOrderId("v1"),
        ClientOrderId = Id,
        Symbol = Bitcoin,
        Side = Side.Buy,
        Status = OrderStatus.PartiallyFilled,
        Quantity = new Quantity(0.01m),
        FilledQuantity = Quantity.Zero,
        Trigger = new Price(36_000m),
        Time = Now,
    };

    public static TheoryData<string> Kinds => [.. FactJson.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_survives_a_round_trip_to_the_last_digit(string kind)
    {
        var fact = Examples().Single(f => FactJson.ToEntry(f, Now, 7).Kind == kind);

        var entry = FactJson.ToEntry(fact, Now, 7);
        var read = FactJson.FromEntry(new JournalRecord(1, entry));

        Assert.NotNull(read);
        Assert.Equal(fact.GetType(), read.GetType());
        Assert.Equal(entry.Payload, FactJson.ToEntry(read, Now, 7).Payload);
    }

    [Fact]
    public void A_candle_keeps_its_bits_and_its_missing_observations()
    {
        var candle = new Candle(Now, 0.1 + 0.2, 1.0 / 3 + 1, 1e-9, 0.30000000000000004, 12345.6789, 0, new Observations(1.5, null, -0.25, null));

        var entry = FactJson.ToEntry(new Fact.CandleClosed(Series, candle), Now, null);

        Assert.Equal(candle, ((Fact.CandleClosed)FactJson.FromEntry(new JournalRecord(1, entry))!).Candle);
    }

    [Fact]
    public void An_entry_of_another_kind_is_no_fact() =>
        Assert.Null(FactJson.FromEntry(new JournalRecord(1, new JournalEntry(Now, "job", "", "{}", null))));

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"series\":{\"symbol\":\"btc\",\"interval\":\"15m\"},\"candle\":[1,2,3,4,5,6,7]}")]
    [InlineData("{\"series\":{\"symbol\":\"BTCUSDT\",\"interval\":\"15m\"},\"candle\":[1,2,3]}")]
    public void A_damaged_entry_is_named(string payload)
    {
        var record = new JournalRecord(42, new JournalEntry(Now, "event.candle", "BTCUSDT", payload, null));

        var e = Assert.Throws<InvalidDataException>(() => FactJson.FromEntry(record));

        Assert.Contains("journal entry 42", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Money_is_written_as_text_so_that_no_reader_rounds_it()
    {
        using var json = JsonDocument.Parse(FactJson.ToEntry(new Fact.Executed(Fill), Now, null).Payload);

        Assert.Equal("0.061253610", json.RootElement.GetProperty("execution").GetProperty("fee").GetString());
    }

    private static IEnumerable<Fact> Examples()
    {
        var instrument = new Instrument
        {
            Symbol = Bitcoin,
            TickSize = 0.1m,
            QuantityStep = 0.001m,
            MinQuantity = 0.001m,
            MaxMarketQuantity = 1m,
            MaxQuantity = 2m,
            MinNotional = 5m,
        };
        var position = new PositionReport(Bitcoin, -0.5m, 37_000.1m, null, Now);
        var request = new OrderRequest { Id = Id, Symbol = Bitcoin, Side = Side.Buy, Type = OrderType.Market, Quantity = new Quantity(0.1m), StopLoss = new Price(1.5m), CausedAt = Now };
        yield return new Fact.Started(Now, [instrument], [new WarmupRange(Series, Now, Now, 100.5)]);
        yield return new Fact.CandleClosed(Series, new Candle(Now, 1, 2, 0.5, 1.5, 10, 15));
        yield return new Fact.OrderChanged(Report);
        yield return new Fact.Executed(Fill);
        yield return new Fact.PositionChanged(position);
        yield return new Fact.TimePassed(Now);
        yield return new Fact.StreamInterrupted("private", "cut");
        yield return new Fact.StreamRestored("private");
        yield return new Fact.Reconciled(new ExchangeSnapshot(new WalletReport(new Money(1.1m), new Money(2.2m), Now), [position], [Report], [Fill], Now));
        yield return new Fact.Answered(Id, AnswerOutcome.Unknown, "", "timeout");
        yield return new Fact.CancelAnswered(Id, AnswerOutcome.Refused, "110001 unknown");
        yield return new Fact.StopAnswered(Bitcoin, new Price(3m), AnswerOutcome.Accepted, "");
        yield return new Fact.LookedUp(Id, Report);
        yield return new Fact.LookUpFailed(Id, "no route");
        yield return new Fact.Activated(Series, new RegimeSetId("ab"), new Dictionary<string, TicketId> { ["calm-bull"] = new("cd") });
        yield return new Fact.SizeLimited(Series, new RegimeSetId("ab"), 1.0 / 3, "drift");
        yield return new Fact.Commanded(OperatorCommand.Resume, "looked", Bitcoin);
        yield return new Fact.Withheld(Id, "disk full");
        yield return new Fact.SymbolHalted(Bitcoin, HaltCode.Leverage, "10");
        yield return new Fact.SymbolResumed(Bitcoin, HaltCode.Leverage, "1 again");
        yield return new Fact.Decided(new Decision { Series = Series, Time = Now, Ticket = new TicketId("cd"), ProbabilityUp = 1.0 / 3, Signal = Side.Sell, Denial = DenialCode.PositionOpen });
        yield return new Fact.Intended(new OrderIntent(request, IntentKind.Entry, ExitReason.None, new TicketId("cd"), Now, 0));
        yield return new Fact.StopRequested(Bitcoin, new Price(3m));
        yield return new Fact.StateChanged(TradingState.Halted, "loss", Now);
        yield return new Fact.Adopted(position, 0.25m);
        yield return new Fact.CashChanged(new Money(-12.5m), false);
        yield return new Fact.ProvedAbsent(Id);
    }
}
