using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace TicketBot.Scenarios.Running;

/// <summary>The simulator of a running daemon, asked from outside.</summary>
internal static class Venue
{
    /// <summary>Returns a port that is free now.</summary>
    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Returns the account as the simulator keeps it.</summary>
    public static async Task<JsonElement> StateAsync(int port)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-BAPI-API-KEY", "simulator");
        using var document = JsonDocument.Parse(await http.GetStringAsync($"http://127.0.0.1:{port}/simulator/state"));
        var root = document.RootElement.Clone();
        return root.TryGetProperty("result", out var result) ? result : root;
    }
}
