namespace TicketBot.Learning.Training;

/// <summary>How the learning rate moves over the planned steps.</summary>
public enum LearningRateSchedule
{
    /// <summary>It does not move.</summary>
    Constant = 0,

    /// <summary>It falls on a straight line from its start to zero at the planned end.</summary>
    Linear = 1,

    /// <summary>It falls on half a cosine from its start to zero at the planned end (Loshchilov and Hutter 2017).</summary>
    Cosine = 2,

    /// <summary>It rises on half a cosine from a 25th to its full value over the first 30 % of steps and falls to a 250,000th on another (Smith and Topin 2018).</summary>
    OneCycle = 3,
}
