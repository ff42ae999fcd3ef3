using TicketBot.Domain;
using TicketBot.Simulator.Markets;
using TicketBot.Testing;

namespace TicketBot.Simulator.Tests.Wire;

/// <summary>The pace of ticks: at speed 1 the market is the clock, at speed X a tick takes its length over X.</summary>
public class PaceTests
{
    private static readonly Instant Start = new(1_700_006_400_000);

    [Fact]
    public async Task At_speed_one_ticks_keep_the_clock_and_catch_up_after_standing_still_in_few_frames()
    {
        var clock = new FakeTimeProvider(Start.ToDateTimeOffset().AddMinutes(20).AddMilliseconds(900));
        await using var server = await Client.StartAsync(Market(), speed: 1, clock: clock);
        await using var client = new Client(server);
        var control = await client.OpenControlAsync();
        await control.ReadAsync();
        Assert.Equal(0, server.State.Step);
        await control.SendAsync("""{"op":"sent","step":0}""");

        // The market began five minutes and 900 ms ago: 1,203 ticks of 250 ms in one frame, told at the last one that is due.
        var frame = await control.ReadAsync();
        var caughtUp = Start.Plus((20 * 60_000) + 750).UnixMilliseconds;
        var frames = 1;
        while (frame.GetProperty("time").GetInt64() < caughtUp)
        {
            frame = await control.ReadAsync();
            frames++;
        }

        Assert.InRange(frames, 1, 2);
        Assert.Equal((caughtUp, 1_203), (frame.GetProperty("time").GetInt64(), frame.GetProperty("step").GetInt32()));
        for (var i = 1; i <= 3; i++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(250));
            frame = await control.ReadAsync();
            Assert.Equal(caughtUp + (i * 250), frame.GetProperty("time").GetInt64());
            Assert.Equal(0, frame.GetProperty("candles").GetArrayLength());
        }
    }

    [Fact]
    public async Task At_another_speed_a_tick_takes_its_length_over_the_speed()
    {
        var clock = new FakeTimeProvider(Start.ToDateTimeOffset());
        await using var server = await Client.StartAsync(Market(), speed: 60, clock: clock, change: o => (o.TickMs, o.WaitForClient) = (60_000, false));
        await Patience.UntilAsync(() => clock.ActiveTimers > 0); // The market waits for its first tick.
        for (var step = 1; step <= 5; step++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(999));
            clock.Advance(TimeSpan.FromMilliseconds(1));
            await Patience.UntilAsync(() => server.State.Step == step);
        }

        Assert.Equal(Start.Plus((15 * 60_000) + (5 * 60_000)).UnixMilliseconds, server.State.MarketTimeMs);
    }

    [Fact]
    public void Ticks_are_a_quarter_of_a_second_at_the_pace_of_the_clock_and_none_else()
    {
        Assert.Equal(250, new SimulatorOptions { Speed = 1 }.TickLengthMs);
        Assert.Equal(0, new SimulatorOptions { Speed = 60 }.TickLengthMs);
        Assert.Equal(0, new SimulatorOptions { Speed = 1, TickMs = 0 }.TickLengthMs);
        Assert.Equal(1_000, new SimulatorOptions { Speed = 60, TickMs = 1_000 }.TickLengthMs);
    }

    // Live from a quarter of an hour after the start on.
    private static GeneratedMarket Market() =>
        new(MarketSpec.Default, [new Symbol("BTCUSDT")], Interval.FifteenMinutes, 1, 50, Start.Plus(15 * 60_000));
}
