namespace TicketBot.Host.Configuration;

/// <summary>One source of configuration values.</summary>
/// <param name="Name">What an operator calls it: a file name, <c>environment</c>, <c>command line</c>.</param>
/// <param name="Values">Value by full key.</param>
public sealed record Layer(string Name, IReadOnlyDictionary<string, string?> Values)
{
    /// <summary>Prefix of environment variables that set options, for example <c>TICKETBOT_Trading__Interval</c>.</summary>
    public const string EnvironmentPrefix = "TICKETBOT_";

    /// <summary>Returns the values of a JSON file (comments allowed).</summary>
    /// <exception cref="SettingsException">The file is missing or is not JSON.</exception>
    public static Layer OfFile(string path)
    {
        if (!File.Exists(path))
        {
            throw new SettingsException([$"configuration file '{path}' does not exist"]) { IsAboutValues = false };
        }

        try
        {
            return new Layer(Path.GetFileName(path), Leaves(new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(path)).Build()));
        }
        catch (InvalidDataException fault)
        {
            throw new SettingsException([$"configuration file '{path}' is not valid JSON: {fault.InnerException?.Message ?? fault.Message}"]) { IsAboutValues = false };
        }
        catch (FormatException fault)
        {
            throw new SettingsException([$"configuration file '{path}': {fault.Message}"]) { IsAboutValues = false };
        }
    }

    /// <summary>Returns the values set by environment variables with our prefix and a section (<c>TICKETBOT_Section__Key</c>).</summary>
    public static Layer OfEnvironment()
    {
        var all = Leaves(new ConfigurationBuilder().AddEnvironmentVariables(EnvironmentPrefix).Build());
        return new Layer("environment", all.Where(p => p.Key.Contains(':')).ToDictionary(p => p.Key, p => p.Value, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Lays <paramref name="layers"/> over each other, later ones winning; a list is replaced as a whole, never mixed element
    /// by element. Returns the values and the name of the layer each came from.</summary>
    public static (Dictionary<string, string?> Values, Dictionary<string, string> Sources) Merge(IReadOnlyList<Layer> layers)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var sources = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var layer in layers)
        {
            foreach (var list in layer.Values.Keys.Select(ListOf).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase))
            {
                foreach (var old in values.Keys.Where(k => k.StartsWith(list + ":", StringComparison.OrdinalIgnoreCase)).ToList())
                {
                    values.Remove(old);
                    sources.Remove(old);
                }
            }

            foreach (var (key, value) in layer.Values)
            {
                values[key] = value;
                sources[key] = layer.Name;
            }
        }

        return (values, sources);
    }

    /// <summary>Returns the key of the list that <paramref name="key"/> is an element of, or <c>null</c>.</summary>
    public static string? ListOf(string key)
    {
        var cut = key.LastIndexOf(':');
        return cut > 0 && int.TryParse(key.AsSpan(cut + 1), out _) ? key[..cut] : null;
    }

    private static Dictionary<string, string?> Leaves(IConfiguration configuration)
    {
        var all = configuration.AsEnumerable().ToList();
        var parents = all.Select(p => p.Key.LastIndexOf(':') is var cut && cut > 0 ? p.Key[..cut] : "").ToHashSet(StringComparer.OrdinalIgnoreCase);
        return all.Where(p => !parents.Contains(p.Key)).ToDictionary(p => p.Key, p => p.Value, StringComparer.OrdinalIgnoreCase);
    }
}
