using Xunit;

namespace TicketBot.Testing;

/// <summary>A fact that needs files of recorded market data; it is skipped, with the reason, where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DataFactAttribute : FactAttribute
{
    /// <summary>Marks a fact that needs <paramref name="files"/>, names relative to the folder that <c>TICKETBOT_DATA</c> names.</summary>
    public DataFactAttribute(params string[] files)
    {
        Files = files;
        if (RecordedData.Folder is not { } folder)
        {
            Skip = $"{RecordedData.Variable} names no folder of recorded market data";
        }
        else if (files.FirstOrDefault(file => !File.Exists(Path.Combine(folder, file))) is { } missing)
        {
            Skip = $"{Path.Combine(folder, missing)} does not exist";
        }
    }

    /// <summary>The files needed.</summary>
    public IReadOnlyList<string> Files { get; }
}
