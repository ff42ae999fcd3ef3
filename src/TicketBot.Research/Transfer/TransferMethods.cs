namespace TicketBot.Research.Transfer;

/// <summary>What the methods need and are called.</summary>
public static class TransferMethods
{
    /// <summary>Word that stands for all methods on the command line.</summary>
    public const string Best = "best";

    /// <summary>Every method in the order of reports.</summary>
    public static IReadOnlyList<TransferMethod> All { get; } = Enum.GetValues<TransferMethod>();

    /// <summary>Returns the word of a method on the command line and in documents.</summary>
    public static string NameOf(TransferMethod method) => method.ToString().ToLowerInvariant();

    /// <summary>Whether it brings anything of the source to the target.</summary>
    public static bool Transfers(TransferMethod method) => method is not (TransferMethod.None or TransferMethod.Scratch);

    /// <summary>Whether it learns from labels of the target alone and is nothing without them.</summary>
    public static bool NeedsTargetLabels(TransferMethod method) =>
        method is TransferMethod.Scratch or TransferMethod.Freeze or TransferMethod.Partial or TransferMethod.Full or TransferMethod.L2Sp;

    /// <summary>Whether it learns from rows of both domains at once; such methods count unlabelled rows of the target.</summary>
    public static bool AdaptsDomains(TransferMethod method) =>
        method is TransferMethod.AdaBn or TransferMethod.Mmd or TransferMethod.Coral or TransferMethod.Dann or TransferMethod.Autoencoder;

    /// <summary>Returns the rows of the target that a method needs at least: labelled ones, or any for methods that adapt domains.</summary>
    public static int LeastRows(TransferMethod method, TransferOptions options) => method switch
    {
        TransferMethod.None => 0,
        TransferMethod.Scratch => options.MinScratchRows,
        _ => AdaptsDomains(method) ? options.MinAdaptationRows : options.MinFineTuningRows,
    };
}
