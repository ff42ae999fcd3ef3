namespace TicketBot.Host.Configuration;

/// <summary>One option with the value in force and where it comes from.</summary>
/// <param name="Key">Full key.</param>
/// <param name="Value">The value in force.</param>
/// <param name="Source"><c>default</c> or the name of the source that set it.</param>
/// <param name="Default">The value without any configuration.</param>
public sealed record EffectiveValue(string Key, string Value, string Source, string Default);

/// <summary>The whole configuration: read from its sources in order of precedence, checked as a whole before anything starts.</summary>
public sealed class Settings
{
    private readonly Dictionary<string, string> _sources;
    private readonly Dictionary<Type, object> _bound;
    private Func<Settings>? _again;

    private Settings(IConfigurationRoot configuration, Dictionary<string, string> sources, Dictionary<Type, object> bound)
    {
        Configuration = configuration;
        _sources = sources;
        _bound = bound;
    }

    /// <summary>The merged values.</summary>
    public IConfigurationRoot Configuration { get; }

    /// <summary>Full paths of the files it was read from.</summary>
    public IReadOnlyList<string> Files { get; private set; } = [];

    /// <summary>Reads the same sources again, as they are now.</summary>
    /// <exception cref="SettingsException">There are faults: every one is listed.</exception>
    public Settings Reload() => _again is { } again ? again() : this;

    /// <summary>Reads <c>appsettings.json</c> beside the binary, then <paramref name="configFile"/> (if any), then the environment, then
    /// <paramref name="commandLine"/>, and checks the result.</summary>
    /// <exception cref="SettingsException">There are faults: every one is listed.</exception>
    public static Settings Load(string? configFile, IReadOnlyDictionary<string, string?> commandLine)
    {
        var layers = new List<Layer>();
        var beside = Path.Combine(AppContext.BaseDirectory, "appsettings.json");
        if (File.Exists(beside))
        {
            layers.Add(Layer.OfFile(beside));
        }

        if (configFile is not null)
        {
            layers.Add(Layer.OfFile(configFile));
        }

        layers.Add(Layer.OfEnvironment());
        layers.Add(new Layer("command line", commandLine));
        var settings = Of(layers);
        settings.Files = [.. new[] { beside, configFile }.OfType<string>().Select(Path.GetFullPath)];
        settings._again = () => Load(configFile, commandLine);
        return settings;
    }

    /// <summary>Merges the layers, later ones winning, and checks the result.</summary>
    /// <exception cref="SettingsException">There are faults: every one is listed.</exception>
    public static Settings Of(IReadOnlyList<Layer> layers)
    {
        var (values, sources) = Layer.Merge(layers);
        var faults = RemoveUnreadable(values, sources);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        var bound = new Dictionary<Type, object>();
        foreach (var section in Sections.All)
        {
            var options = section.Bind(configuration);
            bound[section.OptionsType] = options;
            faults.AddRange(section.Faults(options).Select(f => $"{section.Name}: {f}{PlaceOf(f, section, values, sources)}"));
        }

        var settings = new Settings(configuration, sources, bound);
        faults.AddRange(CrossRules.Faults(settings));
        return faults.Count == 0 ? settings : throw new SettingsException(faults);
    }

    /// <summary>Reads nothing but one file that <see cref="WriteEffective"/> wrote: what a child process runs with.</summary>
    /// <exception cref="SettingsException">There are faults: every one is listed.</exception>
    public static Settings LoadEffective(string path) => Of([Layer.OfFile(path)]);

    /// <summary>Writes every configured value to a file, so that a child process runs with exactly these.</summary>
    public void WriteEffective(string path)
    {
        var values = Configuration.AsEnumerable().Where(p => _sources.ContainsKey(p.Key)).OrderBy(p => p.Key, StringComparer.Ordinal);
        File.WriteAllText(path + ".new", HostJson.Text(values.ToDictionary(p => p.Key, p => p.Value)));
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Returns the bound options of a room.</summary>
    public T Get<T>()
        where T : class => (T)_bound[typeof(T)];

    /// <summary>Returns every option with its value, source and default, in the order of the rooms.</summary>
    public IReadOnlyList<EffectiveValue> Values() =>
    [
        .. from section in Sections.All
           let defaults = section.Defaults()
           let options = _bound[section.OptionsType]
           from leaf in OptionTree.Of(section)
           select new EffectiveValue(leaf.Key, leaf.Text(options), SourceOf(leaf.Key), leaf.Text(defaults)),
    ];

    /// <summary>Registers every room's options, bound strictly and validated again at start.</summary>
    public void Register(IServiceCollection services)
    {
        foreach (var section in Sections.All)
        {
            section.Register(services, Configuration);
        }

        services.AddSingleton(this);
    }

    // A validator knows the property, not where its value came from: the operator looks for file, key and value.
    private static string PlaceOf(string fault, Section section, Dictionary<string, string?> values, Dictionary<string, string> sources)
    {
        var words = fault.Split([' ', '.', ':', ',', ';', '\'', '"'], StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        var places = OptionTree.Of(section)
            .Where(leaf => words.Contains(leaf.Key[(leaf.Key.LastIndexOf(':') + 1)..]))
            .SelectMany(leaf => values.Keys.Where(leaf.Holds))
            .Order(StringComparer.Ordinal)
            .Select(key => $"{key} is '{(key.EndsWith("Secret", StringComparison.OrdinalIgnoreCase) ? "(hidden)" : values[key])}', set by {sources[key]}")
            .ToList();
        return places.Count == 0 ? "" : $" ({string.Join("; ", places)})";
    }

    private string SourceOf(string key) =>
        _sources.TryGetValue(key, out var source) ? source
            : _sources.FirstOrDefault(s => s.Key.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase)).Value ?? "default";

    // Faulty keys are taken out after they are reported, so that one typing error does not hide the faults behind it.
    private static List<string> RemoveUnreadable(Dictionary<string, string?> values, Dictionary<string, string> sources)
    {
        var faults = new List<string>();
        var leaves = Sections.All.SelectMany(OptionTree.Of).ToList();
        foreach (var (key, value) in values.ToList())
        {
            var section = key.Split(':')[0];
            if (string.Equals(section, Sections.Serilog, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (leaves.Find(l => l.Holds(key)) is { } leaf)
            {
                if (leaf.ConversionFault(value) is not { } fault)
                {
                    continue;
                }

                faults.Add($"{fault} (set by {sources[key]})");
            }
            else if (leaves.Exists(l => l.Key.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase)) && string.IsNullOrEmpty(value))
            {
                // An empty object stands for "nothing set here".
                values.Remove(key);
                continue;
            }
            else
            {
                faults.Add($"unknown key '{key}' (set by {sources[key]}){Hint(key, leaves.Select(l => l.Key))}");
            }

            values.Remove(key);
        }

        return faults;
    }

    private static string Hint(string key, IEnumerable<string> known)
    {
        var nearest = NearestName.Of(key, known);
        return nearest is null
            ? $"; the sections are {string.Join(' ', Sections.All.Select(s => s.Name))} {Sections.Serilog}"
            : $"; the nearest valid name is '{nearest}'";
    }
}
