namespace TicketBot.Simulator.Faults;

/// <summary>What can go wrong at the venue. The first group strikes requests, the second messages of a stream, the third the venue itself.</summary>
/// <remarks>A request on <c>/v5/trade</c> is met as method <c>WS</c> on the path it would have over REST. There a lost request or answer cuts the
/// socket, and a <see cref="Status"/>, which a frame does not have, is answered as a code: 10403, 10404 and 10429 for 403, 404 and 429, else
/// 10016. <see cref="HtmlBody"/> and <see cref="EmptyBody"/> come from gateways of HTTP and never strike there, nor do <see cref="WrongCandle"/> and
/// <see cref="LagRead"/>, since nothing is read there.</remarks>
public enum FaultKind
{
    /// <summary>A request waits <see cref="FaultRule.DelayMs"/> of wall time before it is applied.</summary>
    DelayRequest = 1,

    /// <summary>A request is applied at once and answered after <see cref="FaultRule.DelayMs"/> of wall time.</summary>
    DelayAnswer,

    /// <summary>The connection is cut before the request is applied: it never happened.</summary>
    LoseRequest,

    /// <summary>The request is applied, then the connection is cut: the client cannot know.</summary>
    LoseAnswer,

    /// <summary>HTTP <see cref="FaultRule.Status"/> (default 500) with a plain text, before the request is applied or, with <see cref="FaultRule.AfterApplying"/>, after it.</summary>
    Status,

    /// <summary>An HTML page with HTTP <see cref="FaultRule.Status"/> (default 502), as a gateway sends it.</summary>
    HtmlBody,

    /// <summary>No body at all, with HTTP <see cref="FaultRule.Status"/> (default 200).</summary>
    EmptyBody,

    /// <summary>The request is applied and the first half of its true answer is sent.</summary>
    TruncatedJson,

    /// <summary>The answer bears <see cref="FaultRule.Code"/> (default 10016), before the request is applied or, with <see cref="FaultRule.AfterApplying"/>, after it.</summary>
    Code,

    /// <summary>A create is acknowledged with 0 and its order then ends by event, unfilled.</summary>
    RejectLater,

    /// <summary>A market order fills <see cref="FaultRule.Fraction"/> of its quantity, rounded down to the lot; the rest is cancelled.</summary>
    PartialFill,

    /// <summary>A create loses the stop that was attached to it, and nobody says so.</summary>
    LoseStop,

    /// <summary>A kline read tells closes that are off by <see cref="FaultRule.Fraction"/> of the price.</summary>
    WrongCandle,

    /// <summary>A read of orders, executions or positions shows what the streams had told <see cref="FaultRule.DelayMs"/> of market time before (at
    /// most 60,000): an order that was just taken or filled, its execution and its position are not there yet. Other reads, the wallet and closed
    /// profit among them, and what a write is judged by do not lag. Bybit names no bound for it (https://bybit-exchange.github.io/docs/v5/order/order-list).</summary>
    LagRead,

    /// <summary>A message is not sent.</summary>
    DropMessage = 101,

    /// <summary>A message is sent twice.</summary>
    DuplicateMessage,

    /// <summary>A message comes after the next <see cref="FaultRule.Hold"/> messages of the same stream.</summary>
    ReorderMessage,

    /// <summary>A message comes <see cref="FaultRule.DelayMs"/> later, in market time unless <see cref="FaultRule.WallTime"/>.</summary>
    LagMessage,

    /// <summary>From the strike on nothing is sent on the matching topics for <see cref="FaultRule.DurationMs"/>; pongs go on.</summary>
    SilentTopic,

    /// <summary>The matching sockets that are open fall silent for ever: no message, no answer, no pong; they stay connected.</summary>
    SilentSocket,

    /// <summary>The matching sockets that are open are cut without a closing handshake.</summary>
    CutSocket,

    /// <summary>A new connection to a matching socket path is refused with HTTP 503.</summary>
    RefuseConnect,

    /// <summary>A closed candle's confirmed message is not sent.</summary>
    SwallowConfirm,

    /// <summary>A closed candle's confirmed message is sent twice.</summary>
    DuplicateConfirm,

    /// <summary>A closed candle's confirmed message is followed by a second one with the close off by <see cref="FaultRule.Fraction"/>.</summary>
    ReviseConfirm,

    /// <summary>A closed candle's message says that it is not confirmed.</summary>
    UnconfirmedFrame,

    /// <summary>A closed candle's message is followed by a confirmed one of the next candle, which has not happened.</summary>
    FutureFrame,

    /// <summary>A message is preceded by one that is no proper message: broken JSON, wrong types or no number, in turn.</summary>
    GarbageFrame,

    /// <summary>The venue's wall clock is moved by <see cref="FaultRule.OffsetMs"/>, at once or over <see cref="FaultRule.SlewMs"/>.</summary>
    ClockSkew = 201,

    /// <summary>For <see cref="FaultRule.DurationMs"/> every request gets 503 and every socket is cut and refused; the control channel stays.</summary>
    Outage,

    /// <summary>The venue restarts: the list of closed orders is empty, sockets are cut, order books begin again with u = 1.</summary>
    Restart,

    /// <summary>Somebody trades on the account from outside: <see cref="FaultRule.Side"/> and <see cref="FaultRule.Quantity"/>.</summary>
    ManualTrade,

    /// <summary>Somebody closes the account's positions from outside, of one contract or of all.</summary>
    ManualClose,

    /// <summary>Somebody sets the leverage of a contract to <see cref="FaultRule.Amount"/> from outside.</summary>
    SetLeverage,

    /// <summary>Somebody switches a contract to hedge mode (<see cref="FaultRule.Amount"/> 3) or back (0) from outside.</summary>
    SwitchMode,

    /// <summary>The venue liquidates the account's positions, of one contract or of all.</summary>
    Liquidate,

    /// <summary>The venue takes <see cref="FaultRule.Fraction"/> of a position by automatic deleveraging.</summary>
    Deleverage,

    /// <summary>Money is moved into the account (<see cref="FaultRule.Amount"/> above zero) or out of it (below).</summary>
    Transfer,

    /// <summary>The stop of a position vanishes, of one contract or of all.</summary>
    RemoveStop,

    /// <summary>Every open order of the account, of one contract or of all, is cancelled by the venue; stops stay.</summary>
    CancelOrders,

    /// <summary>For <see cref="FaultRule.DurationMs"/> the account's key is refused with <see cref="FaultRule.Code"/> (default 10003) and its private sockets are cut.</summary>
    RevokeKey,

    /// <summary>A revoked key works again.</summary>
    RestoreKey,
}
