namespace TicketBot.Host.Configuration;

/// <summary>The configuration has faults; all of them are listed.</summary>
public sealed class SettingsException : Exception
{
    /// <summary>Makes one without faults named.</summary>
    public SettingsException()
        : this([])
    {
    }

    /// <summary>Makes one with a single fault.</summary>
    public SettingsException(string message)
        : this([message])
    {
    }

    /// <summary>Makes one with a fault and its cause.</summary>
    public SettingsException(string message, Exception innerException)
        : base(message, innerException) => Faults = [message];

    /// <summary>Makes one that lists every fault.</summary>
    public SettingsException(IReadOnlyList<string> faults)
        : base($"the configuration has {faults.Count} fault(s):\n" + string.Join('\n', faults.Select(f => "  - " + f))) => Faults = faults;

    /// <summary>One sentence per fault.</summary>
    public IReadOnlyList<string> Faults { get; }

    /// <summary>Whether the files were read and their values are at fault; else a file is missing or no JSON, which may pass.</summary>
    public bool IsAboutValues { get; init; } = true;
}
