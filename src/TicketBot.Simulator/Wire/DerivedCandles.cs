using System.Collections;
using TicketBot.Domain;
using TicketBot.Simulator.Markets;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Wire;

/// <summary>Candles of every interval a client may ask for: those of the market itself, longer ones built from shorter, and shorter ones cut
/// from the path on which the price moves inside a candle. Called under the session's lock.</summary>
/// <remarks>What is cut is a function of seed, candle and tick length, so that it is the same while it is told, afterwards and after a restart.</remarks>
internal sealed class DerivedCandles(VenueSession session)
{
    private const long LongestCutMs = 3_600_000; // The path of a longer candle has too many points to be made on demand.
    private const int MostKept = 4_000;
    private readonly Dictionary<(SeriesKey Series, Instant Open), Candle[]> _parts = [];

    /// <summary>Whether a series can be told.</summary>
    internal bool Has(SeriesKey series) => session.Candles.Has(series) || Longer(series) is not null || Cut(series) is not null;

    /// <summary>Returns the closed candles of a series, ascending; <c>null</c> when it cannot be told.</summary>
    internal IReadOnlyList<Candle>? Closed(SeriesKey series)
    {
        var now = session.Venue.Time;
        if (session.Candles.Has(series))
        {
            return session.Candles.Of(series);
        }

        return Longer(series) is { } source ? [.. Built(session.Candles.Of(source), series.Interval).Where(c => series.Interval.CloseOf(c.OpenTime) <= now)]
            : Cut(series) is { } whole ? new CutList(this, series, session.Candles.Of(whole), UnderWay(series, now).Where(c => series.Interval.CloseOf(c.OpenTime) <= now).ToList())
            : null;
    }

    /// <summary>Returns the candle under way of a series that can be told.</summary>
    internal Candle OpenOf(SeriesKey series)
    {
        var now = session.Venue.Time;
        if (session.Candles.Has(series))
        {
            return session.Venue.OpenCandleOf(series);
        }

        var from = series.Interval.OpenOf(now);
        if (Longer(series) is { } source)
        {
            var parts = session.Candles.Of(source);
            return Built([.. parts.Skip(session.Candles.FirstFrom(source, from)), session.Venue.OpenCandleOf(source)], series.Interval).Last();
        }

        var last = (double)session.Venue.LastPrice(series.Symbol);
        return UnderWay(series, now) is [.., var open] && open.OpenTime == from ? open : new Candle(from, last, last, last, last, 0, 0);
    }

    private List<Candle> UnderWay(SeriesKey series, Instant now) =>
        session.Venue.ContractOf(series.Symbol).PathAt(now)?.Parts(series.Interval.NominalMilliseconds, now) ?? [];

    // The shortest series of the market that divides a longer one.
    private SeriesKey? Longer(SeriesKey wanted)
    {
        foreach (var series in session.Market.Series)
        {
            if (series.Symbol == wanted.Symbol && series.Interval.NominalMilliseconds < wanted.Interval.NominalMilliseconds
                && wanted.Interval.NominalMilliseconds % series.Interval.NominalMilliseconds == 0)
            {
                return series;
            }
        }

        return null;
    }

    // The series that moves the price, when a shorter one divides it.
    private SeriesKey? Cut(SeriesKey wanted)
    {
        if (session.Venue.FindContract(wanted.Symbol)?.Series is not { } whole)
        {
            return null;
        }

        var length = whole.Interval.NominalMilliseconds;
        return wanted.Interval.NominalMilliseconds < length && length % wanted.Interval.NominalMilliseconds == 0 && length <= LongestCutMs ? whole : null;
    }

    private long WholeMs(SeriesKey series) => session.Venue.ContractOf(series.Symbol).Series.Interval.NominalMilliseconds;

    private Candle[] PartsOf(SeriesKey series, in Candle whole)
    {
        if (_parts.TryGetValue((series, whole.OpenTime), out var known))
        {
            return known;
        }

        if (_parts.Count >= MostKept)
        {
            _parts.Clear();
        }

        var contract = session.Venue.ContractOf(series.Symbol);
        var length = contract.Series.Interval.NominalMilliseconds;
        var tickMs = session.Venue.TickMs > 0 ? session.Venue.TickMs : (int)(length / 1_000);
        var close = contract.Series.Interval.CloseOf(whole.OpenTime);
        var path = PricePath.Of(session.Venue.Settings.Seed, contract.Instrument, whole, close, tickMs);
        Candle[] parts = [.. path.Parts(series.Interval.NominalMilliseconds, close)];
        _parts.Add((series, whole.OpenTime), parts);
        return parts;
    }

    private static IEnumerable<Candle> Built(IReadOnlyList<Candle> parts, Interval interval)
    {
        foreach (var group in parts.GroupBy(p => interval.OpenOf(p.OpenTime)))
        {
            var all = group.ToList();
            yield return new Candle(
                group.Key, all[0].Open, all.Max(c => c.High), all.Min(c => c.Low), all[^1].Close,
                Math.Round(all.Sum(c => c.Volume), 6), Math.Round(all.Sum(c => c.Turnover), 4));
        }
    }

    // Equally many parts of every whole candle, made when they are read, and behind them those of the one under way.
    private sealed class CutList(DerivedCandles owner, SeriesKey series, IReadOnlyList<Candle> wholes, List<Candle> tail) : IReadOnlyList<Candle>
    {
        private readonly int _each = (int)(owner.WholeMs(series) / series.Interval.NominalMilliseconds);

        public int Count => (wholes.Count * _each) + tail.Count;

        public Candle this[int index] => index < wholes.Count * _each
            ? owner.PartsOf(series, wholes[index / _each])[index % _each]
            : tail[index - (wholes.Count * _each)];

        public IEnumerator<Candle> GetEnumerator()
        {
            for (var i = 0; i < Count; i++)
            {
                yield return this[i];
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
