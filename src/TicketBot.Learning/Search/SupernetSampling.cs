namespace TicketBot.Learning.Search;

/// <summary>How the path of each update is drawn.</summary>
public enum SupernetSampling
{
    /// <summary>Every path equally likely, each by itself (Guo et al. 2020).</summary>
    Uniform = 0,

    /// <summary>Without replacement at every position until all its operations had their turn, so that their counts of updates never differ by more than one (after Chu et al.
    /// 2021, "FairNAS", who add up the gradients of one turn; here each path updates by itself, since positions hold different numbers of operations).</summary>
    Fair = 1,
}
