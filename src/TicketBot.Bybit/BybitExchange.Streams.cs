using System.Threading.Channels;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit;

public sealed partial class BybitExchange
{
    /// <inheritdoc/>
    public async ValueTask<Instant> GetMarketTimeAsync(CancellationToken cancellationToken)
    {
        if (_clock.IsOlderThan(_options.ClockRefreshMs)) await _rest.MeasureClockAsync(cancellationToken);
        return _clock.Now;
    }
    /// <inheritdoc/>
    public ValueTask ConnectAsync(IReadOnlyList<SeriesKey> series, ChannelWriter<ExchangeEvent> events, CancellationToken cancellationToken) => throw new NotImplementedException();
    /// <inheritdoc/>
    public ValueTask ReportSentAsync(Instant marketTime, CancellationToken cancellationToken) => throw new NotImplementedException();
    /// <inheritdoc/>
    public ValueTask DisposeAsync() { _rest.Dispose(); return ValueTask.CompletedTask; }
}
