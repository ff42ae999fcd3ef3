using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TicketBot.Domain;
using TicketBot.Host.Configuration;
using TicketBot.Market;
using TicketBot.Tickets;
using TicketBot.Trading;

namespace TicketBot.Host.Jobs;

/// <summary>Journalled at each start, after the trader's own entry of it: what decides from there on.</summary>
/// <param name="Version">Version of the program.</param>
/// <param name="Decider">SHA-256 (hex) of the code and the options that decide: equal ones must decide equally.</param>
public sealed record RunNote(string Version, string Decider)
{
    /// <summary>Kind of the journal's notes about starts.</summary>
    public const string Kind = "run";

    /// <summary>Returns the note of this program with a configuration.</summary>
    public static RunNote Of(Settings settings)
    {
        var text = new StringBuilder();
        foreach (var type in new[] { typeof(TradingOptions), typeof(MarketOptions), typeof(Ticket), typeof(Instant) })
        {
            text.Append(CultureInfo.InvariantCulture, $"{type.Module.ModuleVersionId}\n"); // A deterministic build: another one is other code.
        }

        text.Append(HostJson.Line(settings.Get<TradingOptions>())).Append('\n').Append(settings.Get<MarketOptions>().ReferenceSymbol);
        return new RunNote(
            typeof(RunNote).Assembly.GetName().Version!.ToString(3), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))));
    }
}
