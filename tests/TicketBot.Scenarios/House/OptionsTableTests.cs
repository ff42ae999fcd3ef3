using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using TicketBot.Host.Configuration;

namespace TicketBot.Scenarios.House;

/// <summary>The README's table of options is what the options classes say: every option, its doc sentence, its shipped value.</summary>
public sealed partial class OptionsTableTests
{
    private const string Begin = "<!-- options: written from the options classes; a scenario test compares -->\n";
    private const string End = "<!-- end of options -->";

    [Fact]
    public void The_readme_lists_every_option_as_the_classes_describe_it()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var from = readme.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var until = readme.IndexOf(End, StringComparison.Ordinal);
        Assert.True(from >= Begin.Length && until >= from, "README.md has lost the two marks around the options table");
        var expected = Table();
        if (readme[from..until] != expected)
        {
            var written = Path.Combine(Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts")).FullName, "options.md");
            File.WriteAllText(written, expected);
            Assert.Fail($"the options table in README.md is not what the options classes say; the right one is in {written}: put it between the marks");
        }
    }

    [Fact]
    public void Every_option_has_a_sentence() => Assert.Empty(Rows().Where(r => r.Sentence.Length < 10).Select(r => r.Value.Key));

    private static string Table()
    {
        var table = new StringBuilder("| Option | Meaning, unit, range | Shipped value |\n|---|---|---|\n");
        foreach (var (value, sentence) in Rows())
        {
            table.Append($"| `{value.Key}` | {sentence} | {(value.Value == "(none)" ? "none" : $"`{value.Value}`")} |\n");
        }

        return table.ToString();
    }

    private static IEnumerable<(EffectiveValue Value, string Sentence)> Rows()
    {
        var types = Sections.All.ToDictionary(s => s.Name, s => s.OptionsType);
        var documents = new Dictionary<Assembly, Dictionary<string, XElement>>();
        var shipped = Settings.Of([Layer.OfFile(Path.Combine(Repository.Root, "appsettings.json"))]);
        return shipped.Values().Select(value =>
        {
            var parts = value.Key.Split(':');
            var owner = types[parts[0]];
            foreach (var part in parts[1..^1])
            {
                owner = owner.GetProperty(part)!.PropertyType;
            }

            if (!documents.TryGetValue(owner.Assembly, out var members))
            {
                documents[owner.Assembly] = members = XDocument.Load(Path.ChangeExtension(owner.Assembly.Location, ".xml"))
                    .Descendants("member").ToDictionary(m => m.Attribute("name")!.Value);
            }

            var summary = members.TryGetValue($"P:{owner.FullName}.{parts[^1]}", out var member) ? member.Element("summary") : null;
            return (value, summary is null ? "" : SentenceOf(summary));
        });
    }

    private static string SentenceOf(XElement summary)
    {
        var text = string.Concat(summary.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement e when e.Attribute("cref") is { } to => $"`{to.Value[(to.Value.LastIndexOf('.') + 1)..]}`",
            XElement e => e.Value,
            _ => node.ToString(),
        }));
        text = System.Net.WebUtility.HtmlDecode(Whitespace().Replace(text, " ")).Trim();
        return DefaultClause().Replace(text, "").Replace("|", "\\|", StringComparison.Ordinal).TrimEnd('.', ' ');
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();

    // The value in force stands in its own column.
    [GeneratedRegex(@"\s*\bDefault .*$")]
    private static partial Regex DefaultClause();
}
