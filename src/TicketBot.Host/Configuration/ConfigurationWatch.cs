namespace TicketBot.Host.Configuration;

/// <summary>Watches the configuration files while the daemon runs, and has each edit checked as a whole. Not safe for use by several threads.</summary>
/// <remarks>It looks at contents, not at times or notices of the file system, so that every editor's way of saving is seen. An edit counts
/// when the files have been quiet for <see cref="Quiet"/>; what cannot be read then (half written, just being replaced) is an edit with a
/// fault only when it stays so for <see cref="Patience"/>.</remarks>
public sealed class ConfigurationWatch
{
    /// <summary>How long the files must not change before an edit is looked at.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    /// <summary>How long a file may be unreadable before that is said.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<string> _files;
    private readonly Func<Settings> _load;
    private readonly IReadOnlyList<EffectiveValue> _inForce;
    private readonly TimeProvider _time;
    private string _judged;
    private string _seen;
    private long _seenAt;
    private long _lookedAt;

    /// <summary>Begins to watch.</summary>
    /// <param name="settings">What is in force.</param>
    /// <param name="time">Wall time.</param>
    public ConfigurationWatch(Settings settings, TimeProvider time)
        : this(settings.Files, settings.Reload, settings.Values(), time)
    {
    }

    /// <summary>Begins to watch files that are read in a way of one's own.</summary>
    /// <param name="files">Full paths.</param>
    /// <param name="load">Reads and checks everything as it is now.</param>
    /// <param name="inForce">The options in force.</param>
    /// <param name="time">Wall time.</param>
    public ConfigurationWatch(IReadOnlyList<string> files, Func<Settings> load, IReadOnlyList<EffectiveValue> inForce, TimeProvider time)
    {
        (_files, _load, _inForce, _time) = (files, load, inForce, time);
        _judged = _seen = Contents();
        _seenAt = _lookedAt = time.GetTimestamp();
    }

    /// <summary>Looks at the files, at most twice a second; returns the edit that has come to rest since the last look, or <c>null</c>.</summary>
    public ConfigurationEdit? Look()
    {
        var now = _time.GetTimestamp();
        if (_time.GetElapsedTime(_lookedAt, now) < Quiet / 2)
        {
            return null;
        }

        _lookedAt = now;
        var contents = Contents();
        if (contents != _seen)
        {
            (_seen, _seenAt) = (contents, now);
            return null;
        }

        var rested = _time.GetElapsedTime(_seenAt, now);
        if (contents == _judged || rested < Quiet)
        {
            return null;
        }

        var edit = Judge(out var isReadable);
        if (!isReadable && rested < Patience)
        {
            return null;
        }

        _judged = contents;
        return edit;
    }

    private ConfigurationEdit Judge(out bool isReadable)
    {
        isReadable = true;
        try
        {
            var settings = _load();
            var before = _inForce.ToDictionary(v => v.Key, StringComparer.Ordinal);
            return new ConfigurationEdit(true, [], [.. settings.Values()
                .Where(v => v.Value != before[v.Key].Value)
                .Select(v => Hides(v.Key) ? $"{v.Key} (hidden)" : $"{v.Key} {before[v.Key].Value} -> {v.Value}")]);
        }
        catch (SettingsException fault)
        {
            isReadable = fault.IsAboutValues;
            return new ConfigurationEdit(false, fault.Faults, []);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            isReadable = false;
            return new ConfigurationEdit(false, [fault.Message], []);
        }
    }

    private static bool Hides(string key) => key.EndsWith("Secret", StringComparison.Ordinal) || key.EndsWith("ApiKey", StringComparison.Ordinal);

    private string Contents()
    {
        try
        {
            return string.Join('\0', _files.Select(f => File.Exists(f) ? File.ReadAllText(f) : "(none)"));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return $"(unreadable: {fault.Message})";
        }
    }
}
