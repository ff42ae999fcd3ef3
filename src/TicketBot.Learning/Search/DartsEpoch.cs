namespace TicketBot.Learning.Search;

/// <summary>What one epoch of a differentiable search left.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="TrainLoss">Mean loss of its batches.</param>
/// <param name="ValidationLoss">Mean loss of the batches its strengths moved by; null during warm-up.</param>
/// <param name="Strengths">Strength per position and operation after it.</param>
/// <param name="ParameterFree">Positions whose strongest operation has no weights.</param>
/// <param name="Eigenvalue">Largest eigenvalue of the Hessian of the validation loss by the strengths, on one batch; null where it is not watched.</param>
public sealed record DartsEpoch(int Number, double TrainLoss, double? ValidationLoss, IReadOnlyList<double[]> Strengths, int ParameterFree, double? Eigenvalue);
