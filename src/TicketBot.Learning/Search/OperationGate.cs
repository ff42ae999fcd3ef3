namespace TicketBot.Learning.Search;

/// <summary>How the strengths of operations become coefficients.</summary>
public enum OperationGate
{
    /// <summary>Softmax over the operations of a position, which therefore compete (Liu et al. 2019).</summary>
    Softmax = 0,

    /// <summary>A sigmoid for each operation by itself, without competition (Chu et al. 2020, "Fair DARTS").</summary>
    Sigmoid = 1,
}
