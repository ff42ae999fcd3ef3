namespace TicketBot.Simulator.Tests;

/// <summary>Waiting for what another thread will bring about.</summary>
internal static class Patience
{
    internal static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
        }
    }
}
