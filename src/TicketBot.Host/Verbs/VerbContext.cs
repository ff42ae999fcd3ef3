using System.CommandLine;
using TicketBot.Host.Configuration;

namespace TicketBot.Host.Verbs;

/// <summary>What every verb is given: the parsed words, the two streams, and the options all verbs share.</summary>
/// <param name="Parsed">The parsed command line.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error: progress and messages.</param>
public sealed record VerbContext(ParseResult Parsed, TextWriter Output, TextWriter Error)
{
    /// <summary>A file laid over <c>appsettings.json</c>.</summary>
    public static Option<string?> ConfigFile { get; } = new("--config") { Description = "A JSON file laid over appsettings.json", Recursive = true, HelpName = "FILE" };

    /// <summary>Where the databases lie.</summary>
    public static Option<string?> DataFolderPath { get; } = new("--data-folder") { Description = "Folder of databases, logs and tokens (default: data)", Recursive = true, HelpName = "DIR" };

    /// <summary>Single options set on the command line.</summary>
    public static Option<string[]> Set { get; } = new("--set") { Description = "Set one option, for example --set Trading:Interval=1h (repeatable)", Recursive = true, HelpName = "KEY=VALUE" };

    /// <summary>Whether a verb writes one JSON document.</summary>
    public static Option<bool> Json { get; } = new("--json") { Description = "Write exactly one JSON document to standard output" };

    /// <summary>Whether <c>--json</c> was given.</summary>
    public bool WantsJson => Parsed.GetValue(Json);

    /// <summary>Returns an option's value.</summary>
    public T? Get<T>(Option<T> option) => Parsed.GetValue(option);

    /// <summary>Whether an option was written on the command line.</summary>
    public bool Has(Option option) => Parsed.GetResult(option) is { Implicit: false };

    /// <summary>Reads and checks the configuration; <paramref name="more"/> are options that the verb's own words set.</summary>
    /// <exception cref="SettingsException">It has faults.</exception>
    /// <exception cref="UsageException">A <c>--set</c> has no '='.</exception>
    public Settings Settings(IReadOnlyDictionary<string, string?>? more = null)
    {
        var values = new Dictionary<string, string?>(more ?? new Dictionary<string, string?>(), StringComparer.OrdinalIgnoreCase);
        if (Get(DataFolderPath) is { } folder)
        {
            values["Storage:DataFolder"] = folder;
        }

        foreach (var pair in Get(Set) ?? [])
        {
            var cut = pair.IndexOf('=');
            if (cut <= 0)
            {
                throw new UsageException($"--set takes KEY=VALUE, was '{pair}'");
            }

            values[pair[..cut]] = pair[(cut + 1)..];
        }

        return Configuration.Settings.Load(Get(ConfigFile), values);
    }

    /// <summary>Writes a line to standard error.</summary>
    public void Say(string text) => Error.WriteLine(text);

    /// <summary>Writes the verb's one JSON document.</summary>
    public void WriteJson(object document) => Output.WriteLine(HostJson.Text(document));
}
