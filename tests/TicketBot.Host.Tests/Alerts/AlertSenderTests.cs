using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Domain;
using TicketBot.Host.Alerts;

namespace TicketBot.Host.Tests.Alerts;

public sealed class AlertSenderTests
{
    private static readonly Uri Address = new("http://127.0.0.1:9/hook?token=secret");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_channel_that_never_answers_holds_nobody_up_and_the_oldest_alerts_give_way()
    {
        using var sender = Make(new Channel((_, cancel) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel).ContinueWith(_ => new HttpResponseMessage(), cancel, TaskContinuationOptions.None, TaskScheduler.Default)), Address);
        await sender.StartAsync(CancellationToken.None);
        for (var i = 0; i < 3_000; i++)
        {
            sender.Post(One($"a{i}")); // Returns at once, or this loop would never end.
        }

        Assert.InRange(sender.Dropped, 1_998, 2_000);
        await sender.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_post_that_fails_is_tried_again_and_arrives_once_in_order()
    {
        var bodies = new List<string>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = 0;
        using var sender = Make(
            new Channel(async (request, cancel) =>
            {
                if (++calls == 1)
                {
                    throw new HttpRequestException("down");
                }

                bodies.Add(await request.Content!.ReadAsStringAsync(cancel));
                if (bodies.Count == 2)
                {
                    done.SetResult();
                }

                return new HttpResponseMessage(HttpStatusCode.OK);
            }),
            Address);
        await sender.StartAsync(CancellationToken.None);
        sender.Post(One("first"));
        sender.Post(One("second"));
        await done.Task.WaitAsync(Patience);
        await sender.StopAsync(CancellationToken.None);
        Assert.Contains("\"code\":\"first\"", bodies[0], StringComparison.Ordinal);
        Assert.Contains("\"code\":\"second\"", bodies[1], StringComparison.Ordinal);
        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task A_refused_post_is_not_repeated()
    {
        var calls = 0;
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var sender = Make(
            new Channel((_, _) =>
            {
                if (++calls == 2)
                {
                    second.SetResult();
                }

                return Task.FromResult(new HttpResponseMessage(HttpStatusCode.BadRequest));
            }),
            Address);
        await sender.StartAsync(CancellationToken.None);
        sender.Post(One("first"));
        sender.Post(One("second"));
        await second.Task.WaitAsync(Patience);
        await sender.StopAsync(CancellationToken.None);
        Assert.Equal(2, calls);
    }

    [Fact]
    public void An_address_that_is_none_is_refused_without_telling_it()
    {
        var options = new AlertOptions();
        Assert.Null(AlertSender.AddressOf(options, _ => null));
        var fault = Assert.Throws<FormatException>(() => AlertSender.AddressOf(options, _ => "hook-secret"));
        Assert.Contains(options.WebhookVariable, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hook-secret", fault.Message, StringComparison.Ordinal);
    }

    private static AlertSender Make(HttpMessageHandler handler, Uri? address) =>
        new(new AlertOptions { TimeoutMs = 120_000 }, address, "simulator", handler, TimeProvider.System, NullLogger<AlertSender>.Instance);

    private static Alert One(string code) => new(code, "", AlertSeverity.Warning, "text", new Instant(1_700_000_000_000));

    private sealed class Channel(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(request, cancellationToken);
    }
}
