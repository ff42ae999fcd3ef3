using System.Text.Json;
using System.Text.Json.Serialization;
using TicketBot.Domain;
using TicketBot.Learning;
using TicketBot.Market.Features;
using TicketBot.Market.Regimes;

namespace TicketBot.Tickets;

/// <summary>The JSON part of a ticket file: everything that is not a tensor, in one fixed order.</summary>
internal sealed record TicketManifest
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public required string Symbol { get; init; }

    public required string Interval { get; init; }

    public required string RegimeSetId { get; init; }

    public required string Regime { get; init; }

    public required string Task { get; init; }

    public required int HorizonCandles { get; init; }

    public required SchemaPart Schema { get; init; }

    public required string ScalerHash { get; init; }

    public required ArchitecturePart Architecture { get; init; }

    public required double Temperature { get; init; }

    /// <summary>Missing in files made before there was one: then 1.</summary>
    public double CalibrationExponent { get; init; } = 1;

    public required SimilarityPart Similarity { get; init; }

    public required double Density { get; init; }

    public required LineagePart Lineage { get; init; }

    public required IReadOnlyList<GateJudgement> Gates { get; init; }

    public required long ExpiresAtMs { get; init; }

    public static TicketManifest Of(Ticket ticket) => new()
    {
        Symbol = ticket.Symbol.Value,
        Interval = ticket.Interval.Name,
        RegimeSetId = ticket.RegimeSetId.Value,
        Regime = ticket.Regime,
        Task = ticket.Task.ToString(),
        HorizonCandles = ticket.HorizonCandles,
        Schema = new SchemaPart(
            ticket.Schema.Version, ticket.Schema.Hash, ticket.Schema.Window, ticket.Schema.Reference?.Value, ticket.Schema.UsesObservations,
            ticket.Schema.Names),
        ScalerHash = ticket.Scaler.Hash,
        Architecture = new ArchitecturePart(ticket.Architecture.Genes, ticket.Architecture.Inputs, ticket.Architecture.Outputs, ticket.Architecture.Window),
        Temperature = ticket.Temperature,
        CalibrationExponent = ticket.CalibrationExponent,
        Similarity = new SimilarityPart(ticket.Similarity.WindowRows, ticket.Similarity.Limit),
        Density = ticket.Density,
        Lineage = new LineagePart(
            ticket.Lineage.DataHash, ticket.Lineage.TrainedFrom.UnixMilliseconds, ticket.Lineage.TrainedUntil.UnixMilliseconds,
            ticket.Lineage.TestedUntil.UnixMilliseconds, ticket.Lineage.Seed, ticket.Lineage.Method, ticket.Lineage.EmergedAt,
            ticket.Lineage.SettingsHash, ticket.Lineage.Trials, ticket.Lineage.SparseSwitchDensity, ticket.Lineage.AsOf.UnixMilliseconds,
            ticket.Lineage.Settings, ticket.Lineage.Parent?.Value),
        Gates = ticket.Gates.Judgements,
        ExpiresAtMs = ticket.ExpiresAt.UnixMilliseconds,
    };

    public static TicketManifest Parse(string json) =>
        JsonSerializer.Deserialize<TicketManifest>(json, Options) ?? throw new JsonException("the manifest is null");

    public string ToJson() => JsonSerializer.Serialize(this, Options);

    /// <summary>Returns the schema, which this program must be able to compute.</summary>
    public FeatureSchema ReadSchema()
    {
        var schema = FeatureSchema.Default(Schema.Reference is { } reference ? new Symbol(reference) : null, Schema.UsesObservations);
        return schema.Hash == Schema.Hash
            ? schema
            : throw new TicketFileException(
                $"made for feature schema version {Schema.Version} ({Schema.Hash}), this program computes version {schema.Version} ({schema.Hash}); "
                + "run the program version it was made with, or let research make a new ticket");
    }

    /// <summary>Returns the ticket of this manifest and the tensors.</summary>
    public Ticket ToTicket(
        TicketId id, Scaler scaler, Architecture architecture, SimilarityReference similarity, IReadOnlyList<float[]> weights,
        IReadOnlyList<bool[]?> mask, IReadOnlyList<float[]> rewindWeights) => new()
        {
            Id = id,
            Symbol = new Symbol(Symbol),
            Interval = Domain.Interval.Parse(Interval),
            RegimeSetId = new RegimeSetId(RegimeSetId),
            Regime = Regime,
            Task = Enum.Parse<PredictionTask>(Task),
            HorizonCandles = HorizonCandles,
            Schema = ReadSchema(),
            Scaler = scaler.Hash == ScalerHash
                ? scaler
                : throw new TicketFileException($"the manifest names scaler {ScalerHash}, the tensors give {scaler.Hash}; let research make the ticket again"),
            Architecture = architecture,
            Weights = weights,
            Mask = mask,
            RewindWeights = rewindWeights,
            Temperature = Temperature,
            CalibrationExponent = CalibrationExponent,
            Similarity = similarity,
            Density = Density,
            Lineage = new Lineage
            {
                DataHash = Lineage.DataHash,
                TrainedFrom = new Instant(Lineage.TrainedFromMs),
                TrainedUntil = new Instant(Lineage.TrainedUntilMs),
                TestedUntil = new Instant(Lineage.TestedUntilMs),
                Seed = Lineage.Seed,
                Method = Lineage.Method,
                EmergedAt = Lineage.EmergedAt,
                SparseSwitchDensity = Lineage.SparseSwitchDensity,
                SettingsHash = Lineage.SettingsHash,
                Trials = Lineage.Trials,
                AsOf = new Instant(Lineage.AsOfMs),
                Settings = Lineage.Settings,
                Parent = Lineage.Parent is { } parent ? new TicketId(parent) : null,
            },
            Gates = new GateReport(Gates),
            ExpiresAt = new Instant(ExpiresAtMs),
        };

    internal sealed record SchemaPart(int Version, string Hash, int Window, string? Reference, bool UsesObservations, IReadOnlyList<string> Names);

    // Files from before windows, sparse training and kept settings leave the last values out; the defaults are what held then.
    internal sealed record ArchitecturePart(string Genes, int Inputs, int Outputs, int Window = 1);

    internal sealed record SimilarityPart(int WindowRows, double Limit);

    internal sealed record LineagePart(
        string DataHash, long TrainedFromMs, long TrainedUntilMs, long TestedUntilMs, ulong Seed, string Method, double EmergedAt,
        string SettingsHash, int Trials, double SparseSwitchDensity = 0.0, long AsOfMs = 0, string Settings = "", string? Parent = null);
}
