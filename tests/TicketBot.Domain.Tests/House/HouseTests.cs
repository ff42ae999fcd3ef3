using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace TicketBot.Domain.Tests.House;

/// <summary>The walls of the house: what each room may reference, which packages it may use, what may lie where.</summary>
public sealed partial class HouseTests
{
    private static readonly string Root = FindRoot();

    /// <summary>Logging and options abstractions: allowed in every room but Domain and Learning.</summary>
    private static readonly string[] Abstractions = ["Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options"];

    private const string AspNet = "Microsoft.AspNetCore.App";

    private static readonly Dictionary<string, (string[] Rooms, string[] Packages, string[] Frameworks)> Allowed = new()
    {
        ["Domain"] = ([], [], []),
        ["Learning"] = ([], ["System.Numerics.Tensors"], []),
        ["Market"] = (["Domain"], ["MathNet.Numerics", .. Abstractions], []),
        ["Tickets"] = (["Domain", "Learning", "Market"], Abstractions, []),
        ["Trading"] = (["Domain", "Market", "Tickets"], Abstractions, []),
        ["Bybit"] = (["Domain", "Trading"], ["Polly", "Polly.Core", .. Abstractions], []),
        ["Simulator"] = (["Domain", "Trading"], Abstractions, [AspNet]),
        ["Storage"] = (["Domain", "Market", "Tickets", "Trading"],
            ["Microsoft.Data.Sqlite.Core", "SQLitePCLRaw.bundle_e_sqlite3", "Npgsql", "Dapper", "CsvHelper", .. Abstractions], []),
        ["Research"] = (["Domain", "Learning", "Market", "Tickets", "Trading", "Simulator"], ["MathNet.Numerics", .. Abstractions], []),
        ["Host"] = (["Domain", "Market", "Tickets", "Trading", "Bybit", "Simulator", "Storage", "Research"],
            ["Quartz", "Serilog", "Serilog.Extensions.Logging", "Serilog.Settings.Configuration", "Serilog.Sinks.Console", "Serilog.Sinks.File",
                "Spectre.Console", "System.CommandLine", "OpenTelemetry", "OpenTelemetry.Exporter.OpenTelemetryProtocol", .. Abstractions],
            [AspNet]),
    };

    /// <summary>What may lie in the root; all but the first line because the toolchain reads it from there.</summary>
    private static readonly string[] RootNames =
    [
        "TicketBot.sln", "src", "tests", "deploy", "appsettings.json", "Dockerfile", "README.md",
        "Directory.Build.props", "Directory.Packages.props", ".gitignore", ".dockerignore", ".editorconfig", "BannedSymbols.txt", "global.json", ".ci", "LICENSE",
    ];

    /// <summary>What tools and the running daemon make there; ignored by version control.</summary>
    private static readonly string[] MadeByTools = [".git", "data", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts", ".vs", ".vscode", ".idea"];

    public static TheoryData<string> Rooms => new(Allowed.Keys);

    [Fact]
    public void The_house_has_these_rooms_and_no_others() =>
        Assert.Equal(Allowed.Keys.Order(), Directory.GetDirectories(Path.Combine(Root, "src")).Select(d => Path.GetFileName(d)["TicketBot.".Length..]).Order());

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_references_only_the_rooms_it_may(string room) =>
        AssertWithin(Allowed[room].Rooms, Items(room, "ProjectReference").Select(p => Path.GetFileNameWithoutExtension(p)["TicketBot.".Length..]));

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_uses_only_the_packages_it_may(string room) =>
        AssertWithin(Allowed[room].Packages, Items(room, "PackageReference"));

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_uses_only_the_frameworks_it_may(string room)
    {
        var project = Project(room);
        var sdk = project.Root!.Attribute("Sdk")!.Value;
        AssertWithin(Allowed[room].Frameworks, Items(room, "FrameworkReference").Concat(sdk == "Microsoft.NET.Sdk.Web" ? [AspNet] : []));
        Assert.Contains(sdk, new[] { "Microsoft.NET.Sdk", "Microsoft.NET.Sdk.Web" });
        None(project.Descendants("Reference"));
        None(project.Descendants("DisableTransitiveProjectReferences"));
    }

    [Fact]
    public void References_do_not_pass_through_a_room()
    {
        var shared = XDocument.Load(Path.Combine(Root, "Directory.Build.props"));
        Assert.Equal("true", Assert.Single(shared.Descendants("DisableTransitiveProjectReferences")).Value);
        Assert.Equal("true", Assert.Single(shared.Descendants("TreatWarningsAsErrors")).Value);
        Assert.Equal("Microsoft.CodeAnalysis.BannedApiAnalyzers", Assert.Single(shared.Descendants("PackageReference")).Attribute("Include")!.Value);
        None(Directory.GetFiles(Path.Combine(Root, "src"), "Directory.*", SearchOption.AllDirectories).Concat(
            Directory.GetFiles(Path.Combine(Root, "tests"), "Directory.*", SearchOption.AllDirectories)).Where(IsSource));
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_has_a_readme_of_at_most_sixty_lines(string room)
    {
        var readme = Path.Combine(Root, "src", $"TicketBot.{room}", "README.md");
        Assert.True(File.Exists(readme), $"{readme} is missing");
        Assert.InRange(File.ReadAllLines(readme).Length, 5, 60);
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_rooms_readme_names_its_packages(string room)
    {
        var readme = File.ReadAllText(Path.Combine(Root, "src", $"TicketBot.{room}", "README.md"));
        None(Items(room, "PackageReference").Where(package => !Abstractions.Contains(package) && !readme.Contains(package, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_root_holds_only_what_belongs_there()
    {
        var names = Directory.GetFileSystemEntries(Root).Select(Path.GetFileName).Except(MadeByTools);
        None(names.Except(RootNames));
        None(RootNames.Except(names));
    }

    [Fact]
    public void No_source_file_is_longer_than_six_hundred_lines() =>
        None(Sources("src", "*.cs").Select(f => (File: f, Lines: File.ReadLines(f).Count())).Where(f => f.Lines > 600));

    [Fact]
    public void No_test_is_skipped_by_a_constant() =>
        None(Sources("tests", "*.cs").Where(f => ConstantSkip().IsMatch(File.ReadAllText(f))));

    [Fact]
    public void No_source_carries_a_mark_of_unfinished_work() =>
        None(Sources("src", "*.cs").Where(f => Unfinished().IsMatch(File.ReadAllText(f))));

    [Fact]
    public void A_namespace_is_its_folder()
    {
        var wrong =
            from file in Sources("src", "*.cs")
            let text = File.ReadAllText(file)
            let declared = Declared().Match(text)
            where declared.Success
            let folder = Path.GetRelativePath(Path.Combine(Root, "src"), Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.')
            where declared.Groups[1].Value != folder
            select $"{file}: {declared.Groups[1].Value}";
        None(wrong);
    }

    [Fact]
    public void The_wire_is_written_twice() =>
        None(Sources("src/TicketBot.Simulator", "*.cs").Where(f => File.ReadAllText(f).Contains("TicketBot.Bybit", StringComparison.Ordinal))
            .Concat(Sources("src/TicketBot.Bybit", "*.cs").Where(f => File.ReadAllText(f).Contains("TicketBot.Simulator", StringComparison.Ordinal))));

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Root, "TicketBot.sln"));
        None(Sources("src", "*.csproj").Concat(Sources("tests", "*.csproj")).Select(Path.GetFileName).Where(p => !solution.Contains(p!, StringComparison.Ordinal)));
    }

    private static void None<T>(IEnumerable<T> found)
    {
        var all = found.ToList();
        Assert.True(all.Count == 0, $"expected none, found {string.Join(", ", all)}");
    }

    private static void AssertWithin(IEnumerable<string> allowed, IEnumerable<string> found) => None(found.Except(allowed));

    private static XDocument Project(string room) => XDocument.Load(Path.Combine(Root, "src", $"TicketBot.{room}", $"TicketBot.{room}.csproj"));

    private static List<string> Items(string room, string kind) => [.. Project(room).Descendants(kind).Select(e => e.Attribute("Include")!.Value)];

    private static IEnumerable<string> Sources(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories).Where(IsSource);

    private static bool IsSource(string file)
    {
        var parts = Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar);
        return !parts.Contains("bin") && !parts.Contains("obj") && !parts.Contains("node_modules");
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "TicketBot.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"no TicketBot.sln above {AppContext.BaseDirectory}");
        }

        return folder.TrimEnd(Path.DirectorySeparatorChar);
    }

    [GeneratedRegex("""\bSkip\s*=\s*"|Skip\s*=\s*nameof""")]
    private static partial Regex ConstantSkip();

    [GeneratedRegex("""NotImplementedException|\b(TODO|FIXME|HACK)\b""")]
    private static partial Regex Unfinished();

    [GeneratedRegex("""^namespace ([\w.]+);""", RegexOptions.Multiline)]
    private static partial Regex Declared();
}
