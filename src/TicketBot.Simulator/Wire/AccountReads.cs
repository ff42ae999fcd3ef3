using System.Globalization;
using System.Text.Json;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Wire;

/// <summary>What an account can be asked beside orders, positions and wallet: its key, its settings, its coins. There is one coin, USDT, no
/// borrowing, no sub-account and no blockchain, and the answers say so. Called under the session's lock.</summary>
/// <remarks>Sources: https://bybit-exchange.github.io/docs/v5/account, /v5/asset and /v5/user.</remarks>
internal static class AccountReads
{
    private const int KeyDays = 90; // An API key that is bound to no address lives so long.

    // What asks for another unit or chain than this venue has, or for a service it does not offer, is empty: the name of the list, and whether it pages.
    private static readonly Dictionary<string, (string List, bool HasCursor)> Empty = new()
    {
        ["/v5/account/borrow-history"] = ("list", true),
        ["/v5/account/mmp-state"] = ("result", false),
        ["/v5/account/query-dcp-info"] = ("dcpInfos", false),
        ["/v5/asset/coin-greeks"] = ("list", false),
        ["/v5/asset/delivery-record"] = ("list", true),
        ["/v5/asset/settlement-record"] = ("list", true),
        ["/v5/asset/deposit/query-record"] = ("rows", true),
        ["/v5/asset/deposit/query-internal-record"] = ("rows", true),
        ["/v5/asset/deposit/query-sub-member-record"] = ("rows", true),
        ["/v5/asset/exchange/order-record"] = ("orderBody", true),
        ["/v5/asset/transfer/query-inter-transfer-list"] = ("list", true),
        ["/v5/asset/transfer/query-universal-transfer-list"] = ("list", true),
        ["/v5/asset/withdraw/query-record"] = ("rows", true),
        ["/v5/position/get-closed-positions"] = ("list", true),
        ["/v5/position/move-history"] = ("list", true),
        ["/v5/user/query-sub-members"] = ("subMembers", false),
        ["/v5/user/submembers"] = ("subMembers", true),
        ["/v5/user/sub-apikeys"] = ("result", true),
    };

    /// <summary>Answers a signed read, or returns <c>null</c> for an unknown path.</summary>
    internal static WireAnswer? Answer(VenueSession session, Account account, string path, WireQuery query) => path switch
    {
        "/v5/user/query-api" => WireAnswer.Ok(w => Key(w, session, account)),
        "/v5/user/get-member-type" => WireAnswer.Ok(w => Member(w, account)),
        "/v5/account/smp-group" => WireAnswer.Ok(w => w.WriteNumber("smpGroup", 0)),
        "/v5/account/user-setting-config" => WireAnswer.Ok(w =>
        {
            w.WriteBoolean("lpaSpot", false);
            w.WriteBoolean("lpaPerp", true); // A price beyond the limits is refused, not moved.
        }),
        "/v5/account/collateral-info" => WireAnswer.Ok(w => Listed(w, "list", query["currency"] is null or "USDT", Collateral)),
        "/v5/account/instruments-info" => MarketRequests.Answer(session, "/v5/market/instruments-info", query),
        "/v5/account/withdrawal" => Transferable(session, account, query),
        "/v5/asset/coin/query-info" => WireAnswer.Ok(w => Listed(w, "rows", query["coin"] is null or "USDT", Coin)),
        "/v5/asset/transfer/query-asset-info" => WireAnswer.Ok(NoSpotAccount),
        "/v5/asset/transfer/query-account-coins-balance" => Balances(session, account, query),
        "/v5/asset/transfer/query-account-coin-balance" => Balance(session, account, query),
        "/v5/asset/transfer/query-transfer-coin-list" => WireAnswer.Ok(w =>
        {
            w.WriteStartArray("list");
            w.WriteStringValue("USDT");
            w.WriteEndArray();
        }),
        "/v5/asset/transfer/query-sub-member-list" => WireAnswer.Ok(w =>
        {
            w.WriteStartArray("subMemberIds");
            w.WriteEndArray();
            w.WriteStartArray("transferableSubMemberIds");
            w.WriteEndArray();
        }),
        "/v5/asset/withdraw/withdrawable-amount" => Withdrawable(query),
        _ => Empty.TryGetValue(path, out var shape) ? WireAnswer.Ok(w =>
        {
            Listed(w, shape.List, false, _ => { });
            if (shape.HasCursor)
            {
                w.WriteString("nextPageCursor", "");
            }
        })
        : null,
    };

    private static void Listed(Utf8JsonWriter w, string name, bool hasRow, Action<Utf8JsonWriter> row)
    {
        w.WriteStartArray(name);
        if (hasRow)
        {
            w.WriteStartObject();
            row(w);
            w.WriteEndObject();
        }

        w.WriteEndArray();
    }

    private static void Key(Utf8JsonWriter w, VenueSession session, Account account)
    {
        string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        w.WriteString("id", (100_000 + account.Index).ToString(CultureInfo.InvariantCulture));
        w.WriteString("note", "simulator");
        w.WriteString("apiKey", account.Key);
        w.WriteNumber("readOnly", 0);
        w.WriteString("secret", "");
        w.WriteStartObject("permissions");
        foreach (var (name, rights) in new (string, string[])[]
        {
            ("ContractTrade", ["Order", "Position"]), ("Spot", []), ("Wallet", []), ("Options", []), ("Derivatives", ["DerivativesTrade"]), ("CopyTrading", []),
            ("BlockTrade", []), ("Exchange", []), ("NFT", []), ("Affiliate", []), ("Earn", []),
        })
        {
            w.WriteStartArray(name);
            foreach (var right in rights)
            {
                w.WriteStringValue(right);
            }

            w.WriteEndArray();
        }

        w.WriteEndObject();
        w.WriteStartArray("ips");
        w.WriteStringValue("*");
        w.WriteEndArray();
        w.WriteNumber("type", 1);
        w.WriteNumber("deadlineDay", KeyDays);
        w.WriteString("expiredAt", Day(session.Faults.Clock.GetUtcNow().AddDays(KeyDays)));
        w.WriteString("createdAt", Day(DateTimeOffset.FromUnixTimeMilliseconds(account.Opened.UnixMilliseconds)));
        w.WriteNumber("unified", 0);
        w.WriteNumber("uta", 1);
        w.WriteNumber("userID", UserId(account));
        w.WriteNumber("inviterID", 0);
        w.WriteString("vipLevel", "No VIP");
        w.WriteString("mktMakerLevel", "0");
        w.WriteNumber("affiliateID", 0);
        w.WriteString("rsaPublicKey", "");
        w.WriteBoolean("isMaster", true);
        w.WriteString("parentUid", "0");
        w.WriteString("kycLevel", "LEVEL_DEFAULT");
        w.WriteString("kycRegion", "");
    }

    private static void Member(Utf8JsonWriter w, Account account)
    {
        w.WriteStartArray("accounts");
        w.WriteStartObject();
        w.WriteString("uid", UserId(account).ToString(CultureInfo.InvariantCulture));
        w.WriteStartArray("accountType");
        w.WriteStringValue("UNIFIED");
        w.WriteStringValue("FUND");
        w.WriteEndArray();
        w.WriteEndObject();
        w.WriteEndArray();
    }

    private static void Collateral(Utf8JsonWriter w)
    {
        w.WriteString("currency", "USDT");
        foreach (var name in new[] { "hourlyBorrowRate", "maxBorrowingAmount", "freeBorrowingLimit", "freeBorrowAmount", "borrowAmount", "otherBorrowAmount" })
        {
            w.WriteString(name, "0");
        }

        w.WriteString("freeBorrowingAmount", "");
        w.WriteString("availableToBorrow", "0");
        w.WriteBoolean("borrowable", false);
        w.WriteString("borrowUsageRate", "0");
        w.WriteBoolean("marginCollateral", true);
        w.WriteBoolean("collateralSwitch", true);
        w.WriteString("collateralRatio", "1");
    }

    // It lies on no chain, so that it can neither be paid in nor out there.
    private static void Coin(Utf8JsonWriter w)
    {
        w.WriteString("name", "USDT");
        w.WriteString("coin", "USDT");
        w.WriteString("remainAmount", "0");
        w.WriteStartArray("chains");
        w.WriteEndArray();
    }

    private static void NoSpotAccount(Utf8JsonWriter w)
    {
        w.WriteStartObject("spot");
        w.WriteString("status", "ACCOUNT_STATUS_NORMAL");
        w.WriteStartArray("assets");
        w.WriteEndArray();
        w.WriteEndObject();
    }

    private static WireAnswer Transferable(VenueSession session, Account account, WireQuery query)
    {
        if (query["coinName"]?.Split(',', StringSplitOptions.RemoveEmptyEntries) is not { Length: > 0 } coins)
        {
            return WireAnswer.BadParameter("coinName is required");
        }

        return WireAnswer.Ok(w =>
        {
            w.WriteString("availableWithdrawal", Free(session, account, coins[0]));
            w.WriteStartObject("availableWithdrawalMap");
            foreach (var coin in coins.Distinct())
            {
                w.WriteString(coin, Free(session, account, coin));
            }

            w.WriteEndObject();
        });
    }

    private static WireAnswer Balances(VenueSession session, Account account, WireQuery query)
    {
        if (query["accountType"] is not { } type)
        {
            return WireAnswer.BadParameter("accountType is required");
        }

        if (type == "UNIFIED" && query["coin"] is null)
        {
            return WireAnswer.BadParameter("coin is required for accountType UNIFIED");
        }

        var coins = query["coin"]?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return WireAnswer.Ok(w =>
        {
            w.WriteString("memberId", UserId(account).ToString(CultureInfo.InvariantCulture));
            w.WriteString("accountType", type);
            w.WriteStartArray("balance");
            foreach (var coin in coins)
            {
                w.WriteStartObject();
                Holding(w, session, account, type, coin);
                w.WriteEndObject();
            }

            w.WriteEndArray();
        });
    }

    private static WireAnswer Balance(VenueSession session, Account account, WireQuery query)
    {
        if (query["accountType"] is not { } type || query["coin"] is not { } coin)
        {
            return WireAnswer.BadParameter("accountType and coin are required");
        }

        return WireAnswer.Ok(w =>
        {
            w.WriteString("accountType", type);
            w.WriteNumber("bizType", 1);
            w.WriteString("accountId", UserId(account).ToString(CultureInfo.InvariantCulture));
            w.WriteString("memberId", UserId(account).ToString(CultureInfo.InvariantCulture));
            w.WriteStartObject("balance");
            Holding(w, session, account, type, coin);
            w.WriteString("transferSafeAmount", "");
            w.WriteString("ltvTransferSafeAmount", "");
            w.WriteEndObject();
        });
    }

    private static WireAnswer Withdrawable(WireQuery query) => query["coin"] is not { } coin
        ? WireAnswer.BadParameter("coin is required")
        : WireAnswer.Ok(w =>
        {
            w.WriteString("limitAmountUsd", "0");
            w.WriteStartObject("withdrawableAmount");
            w.WriteStartObject("FUND");
            w.WriteString("coin", coin);
            w.WriteString("withdrawableAmount", "0");
            w.WriteString("availableBalance", "0");
            w.WriteEndObject();
            w.WriteEndObject();
        });

    private static void Holding(Utf8JsonWriter w, VenueSession session, Account account, string type, string coin)
    {
        var isHeld = type == "UNIFIED" && coin == "USDT";
        w.WriteString("coin", coin);
        w.WriteString("walletBalance", isHeld ? WireText.Of(account.Balance) : "0");
        w.WriteString("transferBalance", isHeld ? Free(session, account, coin) : "0");
        w.WriteString("bonus", "");
    }

    // What no margin holds may be transferred, but no profit that is not realised.
    private static string Free(VenueSession session, Account account, string coin) => coin != "USDT"
        ? "0"
        : WireText.Rounded(Math.Max(0, Math.Min(account.Balance, session.Venue.WalletOf(account).Available)));

    private static long UserId(Account account) => 1_000_000 + account.Index;
}
