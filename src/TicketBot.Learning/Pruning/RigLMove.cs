using TicketBot.Learning.Training;

namespace TicketBot.Learning.Pruning;

/// <summary>One move of weights during dynamic sparse training.</summary>
/// <param name="Step">Where training stood; the move took the place of the update made there.</param>
/// <param name="Share">Share of the surviving weights that were up for replacement.</param>
/// <param name="Dropped">Weights that were up for replacement.</param>
/// <param name="Changed">Weights that live now and did not before; dropped ones that came back are not counted.</param>
public readonly record struct RigLMove(Step Step, double Share, int Dropped, int Changed);
