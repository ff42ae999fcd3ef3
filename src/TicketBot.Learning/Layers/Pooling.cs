namespace TicketBot.Learning.Layers;

/// <summary>How many steps become one.</summary>
internal enum Pooling
{
    /// <summary>The last step.</summary>
    Last = 0,

    /// <summary>The mean over steps, channel by channel.</summary>
    Mean = 1,

    /// <summary>The largest value over steps, channel by channel.</summary>
    Max = 2,
}
