using System.Reflection;
using System.Text.RegularExpressions;
using TicketBot.Host.Alerts;

namespace TicketBot.Host.Tests.Alerts;

/// <summary>The operator finds every alert in the README, and nothing there that is no alert.</summary>
public sealed partial class AlertCodesTests
{
    [Fact]
    public void Every_code_is_listed() => Assert.Equal(
        typeof(AlertCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!).Order(),
        AlertCodes.All.Order());

    [Fact]
    public void The_readme_says_of_every_code_once_what_to_do()
    {
        var readme = File.ReadAllText(Path.Combine(Root(), "README.md"));
        var section = readme[readme.IndexOf("## Alerts\n", StringComparison.Ordinal)..readme.IndexOf("## Configuration\n", StringComparison.Ordinal)];
        var rows = Row().Matches(section);
        Assert.Equal(AlertCodes.All.Order(), rows.Select(r => r.Groups[1].Value).Order());
        Assert.All(rows, r => Assert.True(r.Groups[2].Value.Length > 10, $"{r.Groups[1].Value} does not say what to do"));
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "TicketBot.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    [GeneratedRegex(@"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
