using System.Text;

namespace TicketBot.Simulator.Wire;

/// <summary>Messages that are none: what a client must survive.</summary>
internal static class StreamGarbage
{
    /// <summary>Returns the next of six forms, in turn.</summary>
    internal static byte[] Of(int number, string topic) => Encoding.UTF8.GetBytes((number % 6) switch
    {
        0 => $$"""{"topic":"{{topic}}","data":[{"start":17000""",
        1 => $$"""{"topic":"{{topic}}","data":[{"start":"x","confirm":"yes","open":{},"orderStatus":7}],"ts":"?","type":"snapshot"}""",
        2 => $$"""{"topic":"{{topic}}","data":"none"}""",
        3 => "[]",
        4 => $$"""{"topic":"{{topic}}","id":null,"creationTime":1e400,"data":[null,{"confirm":true,"start":-1,"end":0,"open":"NaN","high":"-1","low":"1e999","close":"","volume":"-5","turnover":"Infinity"}]}""",
        _ => "<html>502 Bad Gateway</html>",
    });
}
