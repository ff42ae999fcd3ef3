using System.Buffers.Binary;
using TicketBot.Research.Stages;
using TicketBot.Tickets;

namespace TicketBot.Research;

/// <summary>What a trial of the ledger brought on each of its out-of-sample rows, kept in the run store under the trial's own key: the ledger counts what was tried, this lets later calls
/// test the best of all of it.</summary>
internal static class TrialReturns
{
    private const string Stage = "trial returns";
    private const int EntrySize = 2 * sizeof(long);

    /// <summary>Stores net returns in basis points by the open time of the row's candle in Unix milliseconds; what is stored already stays.</summary>
    public static async Task WriteAsync(IRunStore runs, Trial trial, IReadOnlyList<(long OpenTime, double NetBp)> returns, CancellationToken cancellationToken)
    {
        var bytes = new byte[returns.Count * EntrySize];
        for (var i = 0; i < returns.Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * EntrySize), returns[i].OpenTime);
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan((i * EntrySize) + sizeof(long)), returns[i].NetBp);
        }

        await runs.WriteAsync(Stage, KeyOf(trial), bytes, cancellationToken);
    }

    /// <summary>Returns what was stored, or <c>null</c>: trials of older versions have no returns.</summary>
    public static async Task<IReadOnlyDictionary<long, double>?> ReadAsync(IRunStore runs, Trial trial, CancellationToken cancellationToken)
    {
        if (await runs.ReadAsync(Stage, KeyOf(trial), cancellationToken) is not { } bytes)
        {
            return null;
        }

        var returns = new Dictionary<long, double>(bytes.Length / EntrySize);
        for (var at = 0; at + EntrySize <= bytes.Length; at += EntrySize)
        {
            returns[BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at))] = BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(at + sizeof(long)));
        }

        return returns;
    }

    private static string KeyOf(Trial trial) => StageHash.Of(
        Stage, trial.Symbol, trial.Interval, trial.ConfigurationHash, trial.From.UnixMilliseconds, trial.Until.UnixMilliseconds);
}
