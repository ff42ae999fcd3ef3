using System.Runtime.InteropServices;
using System.Text.Json;
using TicketBot.Market.Regimes;
using TicketBot.Research.LotteryTickets;
using TicketBot.Research.Stages;
using TicketBot.Tickets;

namespace TicketBot.Research;

/// <summary>Makes a ticket again from its lineage and compares: the same candles, settings and seed must give the same bits.</summary>
public static class TicketDerivation
{
    /// <summary>One compared part.</summary>
    /// <param name="Name">What was compared, camelCase.</param>
    /// <param name="IsEqual">Whether every bit is.</param>
    /// <param name="Text">What was found, in plain words.</param>
    public sealed record Part(string Name, bool IsEqual, string Text);

    /// <summary>Derives the networks of the ticket's call again, without the gates, and compares; stops at the first difference that explains the rest.</summary>
    /// <param name="ticket">The ticket.</param>
    /// <param name="parent">The ticket it was trained on from, where its lineage names one.</param>
    /// <param name="regimes">Its regime set: taken as it is where there is a parent, else only compared with the one that is fitted again.</param>
    /// <param name="input">The candles; time and seed are the lineage's, whatever the input says.</param>
    /// <param name="threads">Trainings side by side; changes no bit.</param>
    /// <param name="progress">Told of each step, or <c>null</c>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyList<Part>> RunAsync(
        Ticket ticket, Ticket? parent, RegimeSet regimes, SearchInput input, int threads, Action<FactoryProgress>? progress, CancellationToken cancellationToken)
    {
        var lineage = ticket.Lineage;
        if (lineage.Settings.Length == 0)
        {
            return [new Part("settings", false, "the ticket is from a version that did not keep its settings; let research make a new one")];
        }

        var tuned = lineage.Parent is not null;
        if (tuned && parent is null)
        {
            return [new Part("parent", false, $"it was trained on from ticket {lineage.Parent}, which is not in the registry; restore it from a backup")];
        }

        Preparation prepared;
        ResearchOptions research;
        try
        {
            (research, var market, var trading) = FactorySettings.Parse(lineage.Settings);
            var from = input with { AsOf = lineage.AsOf, Seed = lineage.Seed };
            prepared = Preparation.Of(from, research, market, trading, tuned ? regimes : null, tuned ? parent!.Scaler : null);
        }
        catch (JsonException fault)
        {
            return [new Part("settings", false, $"the kept settings cannot be read: {fault.Message}")];
        }
        catch (ResearchRefusedException refusal)
        {
            return [new Part("data", false, refusal.Message)];
        }

        var parts = new List<Part>
        {
            Of("settings", prepared.SettingsHash == lineage.SettingsHash, $"settings and seed hash to {prepared.SettingsHash}, the lineage says {lineage.SettingsHash}"),
            Of("data", prepared.Dataset.Hash == lineage.DataHash, prepared.Dataset.Hash == lineage.DataHash
                ? $"candles up to {lineage.AsOf} hash to {lineage.DataHash}"
                : $"candles up to {lineage.AsOf} hash to {prepared.Dataset.Hash}, the lineage says {lineage.DataHash}: they are not the candles it was made from"),
            Of("regimes", prepared.Regimes.Set.Id == ticket.RegimeSetId, $"the regime set is {prepared.Regimes.Set.Id}, the ticket's {ticket.RegimeSetId}"),
        };
        var state = prepared.Regimes.Set.Names.ToList().IndexOf(ticket.Regime);
        if (parts.Exists(p => !p.IsEqual) || state < 0)
        {
            return parts;
        }

        // A store of its own: stages that an earlier call left behind would prove nothing.
        var done = 0;
        var steps = tuned ? 1 : 1 + research.DensityList().Count + prepared.Regimes.Set.Names.Count;
        var search = new TicketSearch(prepared, research, new StageRunner(new MemoryRunStore(), threads), (stage, detail) =>
        {
            done = Math.Min(done + 1, steps);
            progress?.Invoke(new FactoryProgress(stage, done, steps, detail));
        });
        RegimeTicket found;
        if (tuned)
        {
            found = await search.FineTuneAsync(state, parent!, cancellationToken);
        }
        else
        {
            await search.PoolAsync(cancellationToken);
            found = (await search.RegimesAsync(cancellationToken))[state];
        }

        var network = found.Network;
        var similarity = SimilarityReference.Fit(prepared.Rows.ScaledTrain, prepared.Dataset.Features);
        parts.AddRange(
        [
            Of("scaler", prepared.Rows.Scaler.Hash == ticket.Scaler.Hash, $"the scaler hashes to {prepared.Rows.Scaler.Hash}"),
            Of("thetaK", Same(network.RewindWeights, ticket.RewindWeights), Counted(network.RewindWeights, "weights of theta_k")),
            Of("mask", SameMask(network.Mask, ticket.Mask), $"density {network.Density:0.######}, the ticket's {ticket.Density:0.######}"),
            Of("weights", Same(network.Weights, ticket.Weights), Counted(network.Weights, "trained weights")),
            Of("temperature", BitConverter.DoubleToInt64Bits(network.Temperature) == BitConverter.DoubleToInt64Bits(ticket.Temperature), $"{network.Temperature:R}, the ticket's {ticket.Temperature:R}"),
            Of("similarity", similarity.Limit.Equals(ticket.Similarity.Limit), $"limit {similarity.Limit:R}, the ticket's {ticket.Similarity.Limit:R}"),
        ]);
        return parts;
    }

    private static Part Of(string name, bool isEqual, string text) => new(name, isEqual, text);

    private static string Counted(IReadOnlyList<float[]> weights, string what) => $"{weights.Sum(w => w.Length)} {what} derived again";

    private static bool Same(IReadOnlyList<float[]> found, IReadOnlyList<float[]> expected) =>
        found.Count == expected.Count
        && found.Zip(expected).All(pair => MemoryMarshal.AsBytes<float>(pair.First).SequenceEqual(MemoryMarshal.AsBytes<float>(pair.Second)));

    private static bool SameMask(IReadOnlyList<bool[]?> found, IReadOnlyList<bool[]?> expected) =>
        found.Count == expected.Count
        && found.Zip(expected).All(pair => pair.First is null ? pair.Second is null : pair.Second is not null && pair.First.AsSpan().SequenceEqual(pair.Second));
}
