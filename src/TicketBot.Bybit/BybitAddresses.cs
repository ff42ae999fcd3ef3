using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit;

/// <summary>The four addresses of an account. They are independent: demo trading takes its public stream from the real-money host.</summary>
/// <remarks>Source: https://bybit-exchange.github.io/docs/v5/ws/connect.</remarks>
/// <param name="Rest">REST, without a trailing slash in its path.</param>
/// <param name="PublicStream">Public stream of linear contracts.</param>
/// <param name="PrivateStream">Private stream.</param>
/// <param name="TradeStream">Order-entry stream, or <c>null</c> where the environment has none.</param>
public sealed record BybitAddresses(Uri Rest, Uri PublicStream, Uri PrivateStream, Uri? TradeStream)
{
    /// <summary>Address of the simulator's control channel, beside its private stream.</summary>
    public Uri SimulatorControl => new UriBuilder(PrivateStream) { Path = "/simulator/control", Query = "" }.Uri;

    /// <summary>Returns the addresses that the options name, else those of their environment.</summary>
    /// <exception cref="ExchangeException">The simulator's addresses are not given.</exception>
    public static BybitAddresses Of(BybitOptions options)
    {
        var (rest, publicStream, privateStream, trade) = options.Environment switch
        {
            ExchangeEnvironment.Live => ("https://api.bybit.com", "wss://stream.bybit.com/v5/public/linear", "wss://stream.bybit.com/v5/private", "wss://stream.bybit.com/v5/trade"),
            ExchangeEnvironment.Testnet => ("https://api-testnet.bybit.com", "wss://stream-testnet.bybit.com/v5/public/linear", "wss://stream-testnet.bybit.com/v5/private", "wss://stream-testnet.bybit.com/v5/trade"),
            ExchangeEnvironment.Demo => ("https://api-demo.bybit.com", "wss://stream.bybit.com/v5/public/linear", "wss://stream-demo.bybit.com/v5/private", ""),
            ExchangeEnvironment.Simulator => ("", "", "", ""),
            _ => throw new InvalidOperationException($"Invariant: environment {options.Environment} has no addresses"),
        };
        var tradeText = Chosen(options.TradeStreamAddress, trade);
        return new BybitAddresses(
            Needed(nameof(options.RestAddress), options.RestAddress, rest),
            Needed(nameof(options.PublicStreamAddress), options.PublicStreamAddress, publicStream),
            Needed(nameof(options.PrivateStreamAddress), options.PrivateStreamAddress, privateStream),
            tradeText.Length == 0 ? null : new Uri(tradeText));
    }

    private static string Chosen(string given, string usual) => given.Length > 0 ? given : usual;

    private static Uri Needed(string name, string given, string usual)
    {
        var text = Chosen(given, usual);
        return text.Length > 0
            ? new Uri(text.TrimEnd('/'))
            : throw new ExchangeException($"{BybitOptions.Section}:{name} is empty and the simulator has no fixed address: give the address it listens on");
    }
}
