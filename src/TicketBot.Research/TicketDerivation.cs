using System.Runtime.InteropServices;
using TicketBot.Market.Regimes;
using TicketBot.Research.Diagnostics;
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
        var (origin, fault) = TicketOrigin.Of(ticket, parent, regimes, input);
        if (origin is null)
        {
            return [fault!];
        }

        var prepared = origin.Prepared;
        List<Part> parts = [.. origin.Compare()];
        if (parts.Exists(p => !p.IsEqual) || origin.State < 0)
        {
            return parts;
        }

        // A store of its own: stages that an earlier call left behind would prove nothing.
        var (_, found) = await origin.SearchAsync(new StageRunner(new MemoryRunStore(), threads), progress, cancellationToken);
        var network = found.Network;
        var similarity = prepared.SimilarityOf(origin.Parent);
        parts.AddRange(
        [
            Of("scaler", prepared.Rows.Scaler.Hash == ticket.Scaler.Hash, $"the scaler hashes to {prepared.Rows.Scaler.Hash}"),
            Of("thetaK", Same(network.RewindWeights, ticket.RewindWeights), Counted(network.RewindWeights, "weights of theta_k")),
            Of("mask", SameMask(network.Mask, ticket.Mask), $"density {network.Density:0.######}, the ticket's {ticket.Density:0.######}"),
            Of("weights", Same(network.Weights, ticket.Weights), Counted(network.Weights, "trained weights")),
            Of("temperature", network.Calibration == ticket.Calibration, $"{network.Calibration.Temperature:R} and exponent {network.Calibration.Exponent:R}, the ticket's {ticket.Temperature:R} and {ticket.CalibrationExponent:R}"),
            Of("similarity", similarity.Limit.Equals(ticket.Similarity.Limit), $"limit {similarity.Limit:R}, the ticket's {ticket.Similarity.Limit:R}"),
        ]);
        return parts;
    }

    /// <summary>Diagnoses a stored ticket on the rows it was made from. Stages that its search left in the store are read back; only what is missing is trained.</summary>
    /// <param name="ticket">The ticket.</param>
    /// <param name="parent">The ticket it was trained on from, where its lineage names one.</param>
    /// <param name="regimes">Its regime set.</param>
    /// <param name="input">The candles; time and seed are the lineage's, whatever the input says.</param>
    /// <param name="runs">Keeps finished trainings.</param>
    /// <param name="threads">Trainings side by side; changes no bit.</param>
    /// <param name="progress">Told of each step, or <c>null</c>.</param>
    /// <param name="cancellationToken">Ends it; finished trainings stay.</param>
    /// <exception cref="ResearchRefusedException">The ticket cannot be made again from these candles; the message says which part differs.</exception>
    public static async Task<TicketDiagnostics> DiagnoseAsync(
        Ticket ticket, Ticket? parent, RegimeSet regimes, SearchInput input, IRunStore runs, int threads, Action<FactoryProgress>? progress, CancellationToken cancellationToken)
    {
        var (origin, fault) = TicketOrigin.Of(ticket, parent, regimes, input);
        fault ??= origin!.Compare().FirstOrDefault(p => !p.IsEqual)
            ?? (origin.State < 0 ? Of("regimes", false, $"the regime set {regimes.Id} has no regime {ticket.Regime}") : null);
        if (fault is not null)
        {
            throw new ResearchRefusedException($"ticket {ticket.Id.Short} cannot be made again, so nothing can be drawn about it: {fault.Name}: {fault.Text}");
        }

        var stages = new StageRunner(runs, threads);
        var (search, found) = await origin!.SearchAsync(stages, progress, cancellationToken);
        if (!Same(found.Network.Weights, ticket.Weights) || !SameMask(found.Network.Mask, ticket.Mask))
        {
            throw new ResearchRefusedException(
                $"ticket {ticket.Id.Short} cannot be made again, so nothing can be drawn about it: its lineage gives other weights; see: ticketbot tickets verify {ticket.Id.Short}");
        }

        return await TicketDiagnosis.RunAsync(origin.Prepared, search, found, origin.Options, stages, cancellationToken);
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
