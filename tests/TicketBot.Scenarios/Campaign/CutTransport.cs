using System.Text;

namespace TicketBot.Scenarios.Campaign;

/// <summary>The network of a trader under a blade: a request leaves whole or not at all, and an answer that comes after the fall is not seen.</summary>
internal sealed class CutTransport(Blade blade, Action<string> sent) : DelegatingHandler(new SocketsHttpHandler())
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var what = request.RequestUri!.PathAndQuery;
        if (request.Content is { } content)
        {
            what += " " + Encoding.UTF8.GetString(await content.ReadAsByteArrayAsync(cancellationToken));
        }

        blade.Pass(CutPlace.BeforeSend, what);
        sent(what);
        var answer = await base.SendAsync(request, cancellationToken);
        blade.Pass(CutPlace.AfterAnswer, what);
        return answer;
    }
}
