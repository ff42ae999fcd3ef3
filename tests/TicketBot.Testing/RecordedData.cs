namespace TicketBot.Testing;

/// <summary>Where recorded market data lie.</summary>
public static class RecordedData
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "TICKETBOT_DATA";

    /// <summary>The folder, or <c>null</c> when the variable is unset or names no folder.</summary>
    public static string? Folder => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder && Directory.Exists(folder)
        ? System.IO.Path.GetFullPath(folder)
        : null;

    /// <summary>Returns the full path of a file of that folder.</summary>
    /// <exception cref="InvalidOperationException">There is no such folder; a test that needs it is a <see cref="DataFactAttribute"/>.</exception>
    public static string PathOf(string file) => System.IO.Path.Combine(
        Folder ?? throw new InvalidOperationException($"{Variable} names no folder of recorded market data"), file);
}
