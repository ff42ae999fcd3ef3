namespace TicketBot.Bybit;

/// <summary>What happened at the connector since it was made.</summary>
/// <param name="Connects">Sockets opened.</param>
/// <param name="Losses">Streams lost after they stood.</param>
/// <param name="FramesUnreadable">Frames that could not be read.</param>
/// <param name="TopicsAskedAgain">Topics subscribed anew because they were mute or had a gap.</param>
/// <param name="CandlesRepaired">Candles read over REST because the stream lacked them.</param>
/// <param name="CandlesRevised">Candles that the venue's history gave otherwise than its stream.</param>
/// <param name="CandlesRefused">Candles refused because they lay in the future.</param>
/// <param name="RateLimited">Answers that said the rate limit was passed.</param>
/// <param name="AnswersLost">Answers that never came.</param>
public sealed record ConnectorCounts(
    long Connects, long Losses, long FramesUnreadable, long TopicsAskedAgain, long CandlesRepaired, long CandlesRevised, long CandlesRefused,
    long RateLimited, long AnswersLost);
