namespace TicketBot.Learning.Training;

/// <summary>How the learning rate moves over the planned steps.</summary>
public enum LearningRateSchedule
{
    /// <summary>It does not move.</summary>
    Constant = 0,

    /// <summary>It falls on a straight line from its start to zero at the planned end.</summary>
    Linear = 1,
}
