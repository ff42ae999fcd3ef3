namespace TicketBot.Bybit.AccountData;

/// <summary>What trading a contract costs this account.</summary>
/// <param name="TakerBp">Basis points of notional for taking liquidity.</param>
/// <param name="MakerBp">Basis points of notional for giving liquidity; negative is a rebate.</param>
public sealed record FeeRates(decimal TakerBp, decimal MakerBp);
