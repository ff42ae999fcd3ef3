using TicketBot.Bybit;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Checks;

/// <summary>Checks that the four addresses answer and that this machine's clock agrees with the venue's.</summary>
public static class AddressCheck
{
    private const long LargestClockErrorMs = 300;

    /// <summary>Adds the findings; returns whether the venue can be asked further.</summary>
    public static async Task<bool> RunAsync(
        BybitExchange exchange, BybitOptions options, TimeProvider time, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var addresses = exchange.Addresses;
        var reached = false;
        try
        {
            await exchange.MeasureClockAsync(cancellationToken);
            reached = true;
            findings.Add(new Finding("REST address", true, $"{addresses.Rest} answers in {exchange.Clock.RoundTripMs} ms"));
            var off = exchange.Clock.OffsetMs;
            findings.Add(new Finding("clock", Math.Abs(off) <= LargestClockErrorMs,
                Math.Abs(off) <= LargestClockErrorMs
                    ? $"the venue's clock differs by {off} ms (measured over {exchange.Clock.RoundTripMs} ms); allowed are {LargestClockErrorMs} ms, and requests are signed with the venue's time"
                    : $"the venue's clock differs by {off} ms; allowed are {LargestClockErrorMs} ms. Set this machine's clock by NTP (timedatectl set-ntp true)"));
        }
        catch (ExchangeException fault)
        {
            findings.Add(new Finding("REST address", false, $"{fault.Message}. Check Bybit:Environment, Bybit:RestAddress, the network, and that this country is allowed", FindingCause.World));
        }

        var limit = TimeSpan.FromMilliseconds(options.RequestTimeoutMs);
        foreach (var (name, option, address) in new[]
        {
            ("public stream", nameof(options.PublicStreamAddress), addresses.PublicStream), ("private stream", nameof(options.PrivateStreamAddress), addresses.PrivateStream),
        })
        {
            findings.Add(await AddressProbe.AskAsync(address, limit, time, cancellationToken) is { } fault
                ? new Finding($"{name} address", false, $"{address}: {fault}. Check Bybit:{option} and the network", FindingCause.World)
                : new Finding($"{name} address", true, $"{address} answers"));
        }

        // Orders go over REST: this one costs nothing when it is not there.
        findings.Add(addresses.TradeStream is not { } trade ? new Finding("order stream address", true, $"{exchange.Environment} has none; orders go over REST")
            : await AddressProbe.AskAsync(trade, limit, time, cancellationToken) is { } silent
                ? new Finding("order stream address", true, $"{trade}: {silent}; nothing depends on it, orders go over REST", FindingCause.Warning)
                : new Finding("order stream address", true, $"{trade} answers (unused: orders go over REST)"));
        return reached;
    }
}
