using System.Globalization;

namespace TicketBot.Benchmarks.Learning;

/// <summary>What the command line asked for.</summary>
internal sealed record Settings
{
    private const int FewestRounds = 9;

    /// <summary>Fewer densities, fewer epochs, the whole job extrapolated.</summary>
    public bool Quick { get; init; }

    /// <summary>Words, comma-separated, one of which a section's or a row's name must hold; empty takes all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Seconds of measuring per group of alternating sides; null takes nine rounds.</summary>
    public double? Seconds { get; init; }

    /// <summary>Where the tables are written too; null writes none.</summary>
    public string? Markdown { get; init; }

    public double SliceMs => Quick ? 20 : 25;

    public double WarmMs => Quick ? 200 : 500;

    /// <summary>Densities of the step table, dense first.</summary>
    public IReadOnlyList<double> Densities => Quick ? [1.0, 0.1] : [1.0, 0.5, 0.2, 0.1, 0.05];

    /// <summary>Reads the words after <c>learning</c>; null when they are wrong.</summary>
    public static Settings? Read(IReadOnlyList<string> words)
    {
        var settings = new Settings();
        for (var i = 0; i < words.Count; i++)
        {
            var value = i + 1 < words.Count ? words[i + 1] : null;
            switch (words[i])
            {
                case "--quick":
                    settings = settings with { Quick = true };
                    continue;
                case "--only" when value is not null:
                    settings = settings with { Only = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) };
                    break;
                case "--seconds" when double.TryParse(value, CultureInfo.InvariantCulture, out var seconds) && seconds > 0:
                    settings = settings with { Seconds = seconds };
                    break;
                case "--markdown" when value is not null:
                    settings = settings with { Markdown = value };
                    break;
                default:
                    return null;
            }

            i++;
        }

        return settings;
    }

    /// <summary>Rounds of a group of so many sides.</summary>
    public int RoundsOf(int sides) => Seconds is { } seconds ? Math.Max(FewestRounds, (int)(seconds * 1000 / (sides * SliceMs))) : FewestRounds;

    /// <summary>True when this part was asked for.</summary>
    public bool Wants(string section, string row = "") =>
        Only.Count == 0 || Only.Any(word => section.Contains(word, StringComparison.OrdinalIgnoreCase) || row.Contains(word, StringComparison.OrdinalIgnoreCase));
}
