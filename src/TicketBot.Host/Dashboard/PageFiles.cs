using System.Reflection;

namespace TicketBot.Host.Dashboard;

/// <summary>Serves the page, which is built from <c>Dashboard/web</c> and embedded in the binary.</summary>
public static class PageFiles
{
    private const string Prefix = "page/";

    private static readonly Dictionary<string, string> ContentTypes = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8", [".css"] = "text/css; charset=utf-8", [".js"] = "text/javascript; charset=utf-8", [".txt"] = "text/plain; charset=utf-8",
    };

    /// <summary>Adds a route for each file; <c>/</c> is the page itself.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var assembly = typeof(PageFiles).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            var name = resource[Prefix.Length..];
            var content = Read(assembly, resource);
            var type = ContentTypes[Path.GetExtension(name)];
            routes.MapGet(name == "index.html" ? "/" : $"/{name}", () => Results.Bytes(content, type));
        }
    }

    private static byte[] Read(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
