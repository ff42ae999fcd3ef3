using System.Globalization;

namespace TicketBot.Host.Verbs;

/// <summary>Lines that say how far a long verb is and how much time is left: at most one a second, and the last.</summary>
/// <param name="output">Standard error.</param>
/// <param name="time">Wall time.</param>
public sealed class ProgressLines(TextWriter output, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly long _started = time.GetTimestamp();
    private TimeSpan _last = -Pause;

    /// <summary>Says it.</summary>
    /// <param name="done">Pieces of work done.</param>
    /// <param name="of">Pieces of work in all.</param>
    /// <param name="reused">Of those done, how many cost no time.</param>
    /// <param name="detail">What was done last.</param>
    public void Say(int done, int of, int reused, string detail)
    {
        var elapsed = time.GetElapsedTime(_started);
        if (done < of && elapsed - _last < Pause)
        {
            return;
        }

        _last = elapsed;
        var made = done - reused;
        var left = made <= 0 ? "" : $", about {Text(elapsed / made * (of - done))} left";
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{done}/{of}{(reused > 0 ? $" ({reused} found stored)" : "")}{(done < of ? left : $", {Text(elapsed)} in all")}: {detail}"));
    }

    private static string Text(TimeSpan span) => span.TotalMinutes >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes} min {span.Seconds} s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(span.TotalSeconds):0} s");
}
