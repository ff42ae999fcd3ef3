namespace TicketBot.Learning.Search;

/// <summary>Why a differentiable search ended.</summary>
public enum DartsEnd
{
    /// <summary>All epochs were run.</summary>
    AllEpochs = 0,

    /// <summary>Too many positions preferred an operation without weights.</summary>
    ParameterFreeLimit = 1,

    /// <summary>The validation loss curved ever more sharply along the strengths.</summary>
    Eigenvalue = 2,

    /// <summary>The caller ended it.</summary>
    Caller = 3,
}
