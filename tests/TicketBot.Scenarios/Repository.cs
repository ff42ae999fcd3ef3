namespace TicketBot.Scenarios;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = Find();

    /// <summary>The daemon, built in the same configuration as these tests.</summary>
    public static string Daemon
    {
        get
        {
            var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            return Path.Combine(Root, "src", "TicketBot.Host", "bin", output.Parent!.Name, output.Name, "ticketbot.dll");
        }
    }

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "TicketBot.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"no TicketBot.sln above {AppContext.BaseDirectory}");
        }

        return folder.TrimEnd(Path.DirectorySeparatorChar);
    }
}
