using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TicketBot.Simulator.Faults;

namespace TicketBot.Simulator.Wire;

/// <summary>Takes new sockets: which path speaks what, how long one may say nothing, and the faults that refuse one.</summary>
internal sealed class SocketDoor(VenueSession session, ILogger logger, CancellationToken stopping)
{
    private const int UsualIdleSeconds = 600;
    private long _connections;

    /// <summary>Sockets accepted so far.</summary>
    internal long Accepted => Interlocked.Read(ref _connections);

    internal async Task ServeAsync(HttpContext context)
    {
        var path = WireText.Path(context.Request.Path.Value);
        Func<VenueSession, SocketPeer, CancellationToken, Task>? serve = path switch
        {
            "/v5/public/linear" or "/v5/public/spot" or "/v5/public/inverse" or "/v5/public/option" => PublicStream.ServeAsync,
            "/v5/private" => PrivateStream.ServeAsync,
            "/v5/trade" => TradeStream.ServeAsync,
            "/simulator/control" => ControlStream.ServeAsync,
            _ => null,
        };
        if (serve is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (path.StartsWith("/v5/", StringComparison.Ordinal)
            && (session.Faults.Active(FaultKind.Outage) is not null
                || session.Faults.Meet(new FaultMoment(FaultOccasion.Connect, $"connect {path}") { Path = path }).Count > 0))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        if (IdleSeconds(context.Request.Query["max_active_time"].ToString()) is not { } idle)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        // The control channel says what it has to say once a step, however long that takes.
        var patience = path == "/simulator/control" ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(idle);
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var peer = new SocketPeer(socket, path, Interlocked.Increment(ref _connections), patience, session.Clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        await serve(session, peer, ending.Token);
        Log.SocketClosed(logger, peer.ConnectionId, path);
    }

    /// <summary>Reads <c>max_active_time</c>: seconds (<c>30s</c> to <c>600s</c>) or minutes (<c>1m</c> to <c>10m</c>); <c>null</c> for another text.</summary>
    internal static int? IdleSeconds(string text)
    {
        if (text.Length == 0)
        {
            return UsualIdleSeconds;
        }

        var unit = text[^1] switch { 's' => 1, 'm' => 60, _ => 0 };
        return unit > 0 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count <= UsualIdleSeconds && count * unit is >= 30 and <= UsualIdleSeconds
            ? count * unit
            : null;
    }
}
