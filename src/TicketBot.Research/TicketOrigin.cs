using System.Text.Json;
using TicketBot.Market.Regimes;
using TicketBot.Research.LotteryTickets;
using TicketBot.Research.Stages;
using TicketBot.Tickets;

namespace TicketBot.Research;

/// <summary>What a stored ticket was made from, made again from its lineage: rows, options and, when asked, the search that found it.</summary>
/// <param name="Prepared">Rows and plan.</param>
/// <param name="Options">The options kept in the lineage.</param>
/// <param name="State">Index of the ticket's regime; -1 when the set has no such regime.</param>
/// <param name="Ticket">The ticket.</param>
/// <param name="Parent">The ticket it was trained on from, or <c>null</c>.</param>
internal sealed record TicketOrigin(Preparation Prepared, ResearchOptions Options, int State, Ticket Ticket, Ticket? Parent)
{
    /// <summary>Returns the origin, or the part that keeps it from being made again.</summary>
    /// <param name="ticket">The ticket.</param>
    /// <param name="parent">The ticket it was trained on from, where its lineage names one.</param>
    /// <param name="regimes">Its regime set: taken as it is where there is a parent, else one is fitted again.</param>
    /// <param name="input">The candles; time and seed are the lineage's, whatever the input says.</param>
    public static (TicketOrigin? Origin, TicketDerivation.Part? Fault) Of(Ticket ticket, Ticket? parent, RegimeSet regimes, SearchInput input)
    {
        var lineage = ticket.Lineage;
        if (lineage.Settings.Length == 0)
        {
            return Fault("settings", "the ticket is from a version that did not keep its settings; let research make a new one");
        }

        var tuned = lineage.Parent is not null;
        if (tuned && parent is null)
        {
            return Fault("parent", $"it was trained on from ticket {lineage.Parent}, which is not in the registry; restore it from a backup");
        }

        try
        {
            var (research, market, trading) = FactorySettings.Parse(lineage.Settings);
            var from = input with { AsOf = lineage.AsOf, Seed = lineage.Seed };
            var prepared = Preparation.Of(from, research, market, trading, tuned ? regimes : null, tuned ? parent!.Scaler : null);
            var state = prepared.Regimes.Set.Names.ToList().IndexOf(ticket.Regime);
            return (new TicketOrigin(prepared, research, state, ticket, tuned ? parent : null), null);
        }
        catch (JsonException fault)
        {
            return Fault("settings", $"the kept settings cannot be read: {fault.Message}");
        }
        catch (ResearchRefusedException refusal)
        {
            return Fault("data", refusal.Message);
        }
    }

    /// <summary>Compares settings, candles and regime set with the lineage: where one differs, no search can find the ticket again.</summary>
    public IReadOnlyList<TicketDerivation.Part> Compare()
    {
        var lineage = Ticket.Lineage;
        return
        [
            new("settings", Prepared.SettingsHash == lineage.SettingsHash, $"settings and seed hash to {Prepared.SettingsHash}, the lineage says {lineage.SettingsHash}"),
            new("data", Prepared.Dataset.Hash == lineage.DataHash, Prepared.Dataset.Hash == lineage.DataHash
                ? $"candles up to {lineage.AsOf} hash to {lineage.DataHash}"
                : $"candles up to {lineage.AsOf} hash to {Prepared.Dataset.Hash}, the lineage says {lineage.DataHash}: they are not the candles it was made from"),
            new("regimes", Prepared.Regimes.Set.Id == Ticket.RegimeSetId, $"the regime set is {Prepared.Regimes.Set.Id}, the ticket's {Ticket.RegimeSetId}"),
        ];
    }

    /// <summary>Makes the networks of the ticket's call again, without the gates; returns the search and the one of the ticket's regime.</summary>
    /// <param name="stages">Runs and stores trainings.</param>
    /// <param name="progress">Told of each step, or <c>null</c>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<(TicketSearch Search, RegimeTicket Found)> SearchAsync(StageRunner stages, Action<FactoryProgress>? progress, CancellationToken cancellationToken)
    {
        var done = 0;
        var steps = Parent is not null ? 1 : 1 + Options.DensityList().Count + Prepared.Regimes.Set.Names.Count;
        var search = new TicketSearch(Prepared, Options, stages, (stage, detail) =>
        {
            done = Math.Min(done + 1, steps);
            progress?.Invoke(new FactoryProgress(stage, done, steps, detail));
        });
        if (Parent is not null)
        {
            return (search, await search.FineTuneAsync(State, Parent, cancellationToken));
        }

        await search.PoolAsync(cancellationToken);
        return (search, (await search.RegimesAsync(cancellationToken))[State]);
    }

    private static (TicketOrigin? Origin, TicketDerivation.Part? Fault) Fault(string name, string text) => (null, new TicketDerivation.Part(name, false, text));
}
