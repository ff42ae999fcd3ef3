using System.Globalization;
using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Market.Features;
using TicketBot.Market.Regimes;
using TicketBot.Research.Drift;
using TicketBot.Tickets;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Running;

/// <summary>Drift of a series' features was confirmed, or is over.</summary>
/// <param name="Series">The series.</param>
/// <param name="Regimes">The regime set in force.</param>
/// <param name="IsConfirmed">Whether it was confirmed.</param>
/// <param name="Reason">Plain words with the numbers.</param>
public sealed record FeatureDrift(SeriesKey Series, RegimeSetId Regimes, bool IsConfirmed, string Reason)
{
    /// <summary>Largest share of the size that entries have while drift is confirmed. The similarity may ask for less; the smaller of the two counts.</summary>
    public const double SizeFactor = 0.5;
}

/// <summary>Holds the newest features of each series against those its tickets were trained on. Training rows are had again from stored candles, the state of the rule from the candles
/// since the tickets went live and from the size limit that the journal keeps: a restart comes to the same. Not safe for use by several threads.</summary>
/// <param name="candles">Stored candles.</param>
/// <param name="registry">Tickets in force.</param>
/// <param name="time">Wall time between two looks, which a fast market would otherwise fill.</param>
/// <param name="log">Log.</param>
public sealed class FeatureDriftWatch(ICandleStore candles, ITicketRegistry registry, TimeProvider time, ILogger<FeatureDriftWatch> log)
{
    private const int MostReadings = 2 * DriftRule.Readings;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private readonly Dictionary<SeriesKey, Watched?> _watched = [];
    private long _revision = -1;
    private long? _looked;

    /// <summary>Looks at the candles that closed since the last look; returns what changed.</summary>
    /// <exception cref="IOException">A store cannot be read; the next look goes on where this one stopped.</exception>
    public async Task<IReadOnlyList<FeatureDrift>> LookAsync(TradingStatus status, CancellationToken cancellationToken)
    {
        if (_looked is { } at && time.GetElapsedTime(at) < Pause)
        {
            return [];
        }

        _looked = time.GetTimestamp();
        var revision = await registry.RevisionAsync(cancellationToken);
        List<FeatureDrift> changes = [];
        foreach (var series in status.Series)
        {
            if (revision != _revision || _watched.GetValueOrDefault(series.Series)?.Ticket.RegimeSetId.Value != series.RegimeSetId)
            {
                await BeginAsync(series, cancellationToken);
            }

            if (_watched.GetValueOrDefault(series.Series) is { } watched)
            {
                changes.AddRange(await ReadAsync(series.Series, watched, series.LastClose, cancellationToken));
            }
        }

        _revision = revision;
        return changes;
    }

    // The oldest live ticket of the set stands for all of them: they share features, scaler and training rows.
    private async Task BeginAsync(SeriesStatus series, CancellationToken cancellationToken)
    {
        var (symbol, interval) = (series.Series.Symbol, series.Series.Interval);
        var entry = (await registry.ListAsync(symbol, interval, TicketState.Live, cancellationToken))
            .Where(e => e.Ticket.RegimeSetId.Value == series.RegimeSetId).OrderBy(e => e.Since).ThenBy(e => e.Ticket.Id.Value, StringComparer.Ordinal).FirstOrDefault();
        if (entry is null || (_watched.TryGetValue(series.Series, out var known) && known?.Ticket.Id == entry.Ticket.Id && known.Since == entry.Since))
        {
            _watched[series.Series] = entry is null ? null : _watched[series.Series];
            return;
        }

        var ticket = entry.Ticket;
        var (from, until) = (ticket.Lineage.TrainedFrom, ticket.Lineage.TrainedUntil);
        var rows = await RowsAsync(ticket, interval.Shift(interval.OpenOf(from), -ticket.Schema.Window), from, until, cancellationToken);
        var reference = rows.Values.Length == 0 ? null : DriftReference.Fit(rows.Values, ticket.Schema.Names.Count);
        if (reference is null)
        {
            Log.NoDriftReference(log, series.Series.ToString(), rows.Closes.Count);
        }

        _watched[series.Series] = reference is null ? null : new Watched(ticket, entry.Since, reference, new DriftRule(series.SizeLimit < 1));
    }

    private async Task<IReadOnlyList<FeatureDrift>> ReadAsync(SeriesKey series, Watched watched, Instant lastClose, CancellationToken cancellationToken)
    {
        var (ticket, interval) = (watched.Ticket, series.Interval);
        var step = interval.NominalMilliseconds * DriftRule.CandlesBetween;
        var last = lastClose.UnixMilliseconds / step * step;
        var first = Math.Max((watched.Last ?? (watched.Since.UnixMilliseconds / step * step)) + step, last - ((MostReadings - 1) * step));
        if (first > last)
        {
            return [];
        }

        var from = interval.Shift(interval.OpenOf(new Instant(first)), -(DriftReference.WindowRows + ticket.Schema.Window));
        var rows = await RowsAsync(ticket, from, from, new Instant(last), cancellationToken);
        if (rows.Closes.Count == 0 || rows.Closes[^1] != last)
        {
            return []; // The candle is not stored yet.
        }

        List<FeatureDrift> changes = [];
        var features = ticket.Schema.Names.Count;
        for (var close = first; close <= last; close += step)
        {
            var end = rows.Closes.BinarySearch(close) + 1;
            if (end < DriftReference.WindowRows)
            {
                continue; // No row of that close, or too few before it: no reading.
            }

            var reading = watched.Reference.Read(rows.Values.AsSpan((end - DriftReference.WindowRows) * features, DriftReference.WindowRows * features));
            if (watched.Rule.Look(reading))
            {
                changes.Add(new FeatureDrift(series, ticket.RegimeSetId, watched.Rule.IsConfirmed, Told(watched, reading)));
            }
        }

        watched.Last = last;
        return changes;
    }

    private static string Told(Watched watched, DriftReading reading) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(watched.Rule.IsConfirmed ? "the features drifted from" : "the features are again like")} the training rows over {DriftReference.WindowRows} candles: {watched.Ticket.Schema.Names[reading.Worst]} has a population stability index of "
        + $"{reading.Stability[reading.Worst]:0.00}, the proxy A-distance is {reading.Distance:0.00} (training windows at most {watched.Reference.DistanceLimit:0.00}), {reading.Outside:P1} of the rows lie outside the area of applicability (at most {watched.Reference.OutsideLimit:P1})");

    // Scaled rows of the candles that opened from one time to before another, with their closes ascending.
    private async Task<(double[] Values, List<long> Closes)> RowsAsync(Ticket ticket, Instant readFrom, Instant from, Instant until, CancellationToken cancellationToken)
    {
        var own = CandleSeries.Of(ticket.Symbol, ticket.Interval, await candles.ReadAsync(ticket.Symbol, ticket.Interval, readFrom, until, cancellationToken));
        var reference = ticket.Schema.Reference is { } other
            ? CandleSeries.Of(other, ticket.Interval, await candles.ReadAsync(other, ticket.Interval, readFrom, until, cancellationToken))
            : null;
        var table = FeatureTable.Build(ticket.Schema, own, reference);
        List<double> values = [];
        List<long> closes = [];
        var scaled = new float[ticket.Schema.Names.Count];
        for (var row = 0; row < table.Rows; row++)
        {
            var open = new Instant(own.OpenTimes[table.CandleOfRow[row]]);
            if (open >= from)
            {
                ticket.Scaler.Apply(table.Row(row), scaled);
                values.AddRange(scaled.Select(v => (double)v));
                closes.Add(ticket.Interval.CloseOf(open).UnixMilliseconds);
            }
        }

        return ([.. values], closes);
    }

    private sealed class Watched(Ticket ticket, Instant since, DriftReference reference, DriftRule rule)
    {
        public Ticket Ticket => ticket;

        public Instant Since => since;

        public DriftReference Reference => reference;

        public DriftRule Rule => rule;

        public long? Last { get; set; }
    }
}
