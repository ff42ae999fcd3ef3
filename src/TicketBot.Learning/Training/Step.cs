namespace TicketBot.Learning.Training;

/// <summary>A position in training: how many updates were made and where in the data the next one reads. <c>default</c> is the start.</summary>
/// <param name="Number">Updates made so far, from 0.</param>
/// <param name="Epoch">Passes over the rows completed, from 0.</param>
/// <param name="Batch">Batches of the current pass done, from 0.</param>
public readonly record struct Step(int Number, int Epoch, int Batch);
