namespace TicketBot.Research.ArchitectureSearch.Tabular;

/// <summary>What the training of one architecture gave.</summary>
/// <param name="Genes">Canonical genes.</param>
/// <param name="ValidationLoss">Lowest validation log-loss in nats: what strategies are told.</param>
/// <param name="TestLoss">Log-loss on test rows at that moment: what strategies are judged by.</param>
/// <param name="ValidationAccuracy">Share of validation rows right.</param>
/// <param name="TestAccuracy">Share of test rows right.</param>
public sealed record TabularEntry(string Genes, double ValidationLoss, double TestLoss, double ValidationAccuracy, double TestAccuracy);
