namespace TicketBot.Trading.Exchange;

/// <summary>What the trader reads out of a refusal: its text begins with the venue's code.</summary>
/// <remarks>Source: https://bybit-exchange.github.io/docs/v5/error.</remarks>
public static class RefusalCodes
{
    // 10001 is also the code of any wrong parameter; what was sent was on the grid, so what is wrong with a stop is its side.
    private static readonly string[] StopThrough = ["10001", "110092", "110093"];

    /// <summary>Whether a stop was refused because the market is beyond its trigger already.</summary>
    /// <param name="text">Code and words of the venue.</param>
    public static bool IsStopThrough(string text) =>
        text.IndexOf(' ', StringComparison.Ordinal) is var end && StopThrough.Contains(end < 0 ? text : text[..end]);
}
