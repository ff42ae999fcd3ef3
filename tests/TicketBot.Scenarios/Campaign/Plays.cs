using TicketBot.Domain;
using TicketBot.Scenarios.Running;
using TicketBot.Simulator.Faults;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Signals;

namespace TicketBot.Scenarios.Campaign;

/// <summary>The usual courses of a play.</summary>
internal static class Plays
{
    /// <summary>One trader plays the market to its end while the venue fails as arranged.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="arrange">Adds the faults.</param>
    /// <param name="options">The scene, or <c>null</c> for the usual one.</param>
    /// <param name="scope">What the row does itself.</param>
    /// <param name="more">Further things that must be so, each said as it is broken.</param>
    internal static async Task<Played> ThroughAsync(
        ulong seed, Action<Scene> arrange, SceneOptions? options = null, OracleScope scope = default, Func<Scene, Trader, JournalFile, IEnumerable<string>>? more = null)
    {
        await using var scene = await Scene.SetAsync(seed, options);
        arrange(scene);
        var trader = scene.Start();
        await trader.FinishAsync(options?.Patience);
        var journal = await JournalFile.ReadAsync(scene.FileOf("journal.db"));
        var breaks = new List<string>(await Oracle.ExamineAsync(scene, trader.Options, scope));
        if (more is not null)
        {
            breaks.AddRange(more(scene, trader, journal));
        }

        return new Played(breaks, LongestInterruptionMs(journal), scene.Server.Faults.Log.Count > 0);
    }

    /// <summary>Returns the decisions of a journal, in order.</summary>
    internal static IReadOnlyList<Decision> Decisions(JournalFile journal) => [.. journal.Facts.Select(f => f.Fact).OfType<Fact.Decided>().Select(d => d.Decision)];

    /// <summary>Plays the same seed without faults and returns its decisions.</summary>
    internal static async Task<IReadOnlyList<Decision>> CleanAsync(ulong seed, SceneOptions? options)
    {
        await using var scene = await Scene.SetAsync(seed, options);
        var trader = scene.Start();
        await trader.FinishAsync();
        return Decisions(await JournalFile.ReadAsync(scene.FileOf("journal.db")));
    }

    /// <summary>A decision whole: what was seen, predicted and concluded.</summary>
    internal static string Whole(Decision d) => $"{d.Time} {d.FeatureHash} {d.Regime} {d.Ticket?.Short} {d.ProbabilityUp:R} {d.Signal} {d.Similarity:R} {d.Denial}";

    /// <summary>What a decision saw and predicted; empty when it did not come to a prediction.</summary>
    internal static string Seen(Decision d) => d.FeatureHash.Text.Length == 0 ? "" : $"{d.Time} {d.FeatureHash}";

    /// <summary>Adds one rule.</summary>
    internal static void Fail(this Scene scene, FaultRule rule) => scene.Server.Faults.Add(rule);

    /// <summary>A moment chosen by the scene's chance among the candles that leave time to settle.</summary>
    internal static Instant Moment(this Scene scene) => scene.CloseOf(0).Plus((long)(scene.Random.NextDouble() * (scene.Options.LiveCandles - 5) * 60_000));

    /// <summary>Market time from which faults have ceased, so that everything settles before the end.</summary>
    internal static Instant Calm(this Scene scene) => scene.CloseOf(scene.Options.LiveCandles - 4);

    /// <summary>Market time between the loss of a stream and its return, the longest of the journal; <c>null</c> when none was lost.</summary>
    private static double? LongestInterruptionMs(JournalFile journal)
    {
        var lost = new Dictionary<string, Instant>();
        double? longest = null;
        foreach (var (time, fact) in journal.Facts)
        {
            if (fact is Fact.StreamInterrupted(var stream, _))
            {
                lost.TryAdd(stream, time);
            }
            else if (fact is Fact.StreamRestored(var restored) && lost.Remove(restored, out var since))
            {
                longest = Math.Max(longest ?? 0, time.Since(since));
            }
        }

        return longest;
    }
}
