using System.Globalization;
using TicketBot.Domain;
using TicketBot.Research.Statistics;
using TicketBot.Tickets;

namespace TicketBot.Research.Admission;

/// <summary>Keeps what a live ticket said and what came of it, signal by signal, and holds it to it: when it is not right as often as it says, <see cref="IsRefuted"/> is true and
/// stays so.</summary>
/// <remarks>A signal counts whether a position was opened or not. One that comes before the outcome of the last counted one is known is passed over: overlapping outcomes would count one
/// move several times. The level is half of <see cref="SequentialCalibrationTest.LifeAlpha"/>: the other half is that of the weekly judgement on candles. The record is a pure function of the
/// signals and closes it is given. Not safe for use by several threads.</remarks>
public sealed class TrackRecord
{
    private readonly SequentialCalibrationTest _test;
    private readonly Queue<(Instant Stated, Side Side, double Confidence)> _open = [];
    private Instant _free = new(long.MinValue);

    /// <summary>Begins the record of a ticket that goes live.</summary>
    /// <param name="ticket">The ticket.</param>
    /// <param name="since">Market time it went live: signals stated by then do not count.</param>
    /// <param name="outOfSample">What it said on purged rows, oldest first; counts until there are 300 live signals.</param>
    public TrackRecord(Ticket ticket, Instant since, IReadOnlyList<CalibratedSignal> outOfSample)
    {
        (Ticket, Since) = (ticket, since);
        _test = new SequentialCalibrationTest([.. outOfSample], SequentialCalibrationTest.LifeAlpha / 2);
    }

    /// <summary>The ticket.</summary>
    public Ticket Ticket { get; }

    /// <summary>Market time it went live.</summary>
    public Instant Since { get; }

    /// <summary>Whether it was shown not to be right as often as it says.</summary>
    public bool IsRefuted => _test.IsAlarmed;

    /// <summary>The oldest signal whose outcome was not given yet: the close it was stated at and the close that decides; <c>null</c> when there is none.</summary>
    public (Instant Stated, Instant Due)? Oldest => _open.TryPeek(out var first) ? (first.Stated, DueOf(first.Stated)) : null;

    /// <summary>Takes a signal, in the order of time; returns whether it counts.</summary>
    /// <param name="close">Close time of the candle it was stated at.</param>
    /// <param name="side">Its side.</param>
    /// <param name="confidence">Its stated probability, 0..1.</param>
    public bool State(Instant close, Side side, double confidence)
    {
        if (close <= Since || close < _free)
        {
            return false;
        }

        _free = DueOf(close);
        _open.Enqueue((close, side, confidence));
        return true;
    }

    /// <summary>Gives the outcome of <see cref="Oldest"/>: the close prices when it was stated and when it fell due. A price that stands still is no rise, as in the labels.</summary>
    /// <exception cref="InvalidOperationException">No signal waits for an outcome.</exception>
    public void Resolve(double then, double now)
    {
        var (_, side, confidence) = _open.Dequeue();
        _test.Observe(confidence, (side == Side.Buy) == (now > then));
    }

    /// <summary>Gives up <see cref="Oldest"/>: no candle says what came of it.</summary>
    /// <exception cref="InvalidOperationException">No signal waits for an outcome.</exception>
    public void Drop() => _open.Dequeue();

    /// <summary>Returns how the record stands.</summary>
    public TrackRecordView View() => new(
        Ticket.Id, Since, _test.OutOfSample, _test.Live, _test.HitRate, _test.MeanConfidence, Math.Exp(Math.Min(690, _test.LogWealth)), 1 / _test.Alpha, IsRefuted);

    private Instant DueOf(Instant close) => Ticket.Interval.Shift(close, Ticket.HorizonCandles);
}

/// <summary>How the record of a live ticket stands.</summary>
/// <param name="Ticket">The ticket.</param>
/// <param name="Since">Market time it went live.</param>
/// <param name="OutOfSample">Signals on purged rows that it began with.</param>
/// <param name="Signals">Live signals whose outcome is known.</param>
/// <param name="HitRate">Share of them that were right; zero without any.</param>
/// <param name="Stated">Mean confidence they stated; zero without any.</param>
/// <param name="Wealth">What a bet of 1 against its confidence has become.</param>
/// <param name="Bound">Wealth at which it is refuted.</param>
/// <param name="IsRefuted">Whether that was ever reached.</param>
public sealed record TrackRecordView(
    TicketId Ticket, Instant Since, int OutOfSample, int Signals, double HitRate, double Stated, double Wealth, double Bound, bool IsRefuted)
{
    /// <summary>Returns the record in plain words.</summary>
    public override string ToString()
    {
        var live = Signals == 0 ? Text($"no live signal since {Since}") : Text($"{Signals} live signals since {Since} right in {HitRate:P1} where {Stated:P1} were stated");
        return Text($"{live} ({OutOfSample} out-of-sample ones before them); a bet against its confidence {(IsRefuted ? "has reached" : "has not reached")} {Bound:0} times its stake");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
