using System.Globalization;
using System.Text.Json;

namespace TicketBot.Host.Tests.Verbs;

public sealed class ArchitectureSearchVerbTests
{
    private static readonly string[] Small =
    [
        "--label", "y", "--budget", "6", "--population", "4", "--places", "2", "--widths", "4,8", "--epochs", "3", "--finalists", "2", "--retest-seeds", "2", "--latency", "none",
    ];

    [Fact]
    public async Task The_document_holds_what_the_contract_names()
    {
        using var folder = new VerbFolder();
        var (code, document) = await folder.JsonAsync(["search", "--dataset", Table(folder), .. Small]);
        Assert.Equal(0, code);
        var trials = document.GetProperty("trials").EnumerateArray().ToList();
        Assert.Equal(6, trials.Count);
        foreach (var trial in trials.Concat(document.GetProperty("front").EnumerateArray()))
        {
            Assert.Equal(JsonValueKind.String, trial.GetProperty("architecture").ValueKind);
            Assert.True(trial.GetProperty("parameters").GetInt64() > 0);
            Assert.True(trial.GetProperty("multiplyAdds").GetInt64() > 0);
            Assert.Equal(JsonValueKind.Null, trial.GetProperty("latencyUs").ValueKind);
            Assert.True(trial.GetProperty("validationLoss").GetDouble() > 0);
            Assert.InRange(trial.GetProperty("validationAccuracy").GetDouble(), 0, 1);
        }

        var best = document.GetProperty("best");
        Assert.InRange(best.GetProperty("testAccuracy").GetDouble(), 0, 1);
        Assert.Equal(best.GetProperty("searchScore").GetDouble() - best.GetProperty("retestScore").GetDouble(), best.GetProperty("shrinkage").GetDouble(), 12);
        Assert.Contains(best.GetProperty("architecture").GetString(), trials.Select(trial => trial.GetProperty("architecture").GetString()));
        Assert.InRange(document.GetProperty("hypervolume").GetDouble(), 0, 1);
        Assert.True(document.GetProperty("seconds").GetDouble() > 0);
    }

    [Fact]
    public async Task The_same_search_again_finds_its_trainings_stored_and_says_the_same()
    {
        using var folder = new VerbFolder();
        string[] words = ["search", "--dataset", Table(folder), .. Small];
        var first = (await folder.JsonAsync(words)).Document;
        var (code, output, error) = await folder.RunAsync([.. words, "--json"]);
        Assert.Equal(0, code);
        Assert.Contains("10/10 (10 found stored)", error, StringComparison.Ordinal);
        using var second = JsonDocument.Parse(output);
        Assert.All(first.EnumerateObject().Where(field => field.Name != "seconds"), field => Assert.Equal(field.Value.GetRawText(), second.RootElement.GetProperty(field.Name).GetRawText()));
    }

    [Fact]
    public async Task Without_json_front_and_finalists_are_written_and_progress_goes_to_standard_error()
    {
        using var folder = new VerbFolder();
        var (code, output, error) = await folder.RunAsync(["search", "--dataset", Table(folder), .. Small, "--strategy", "nsga2"]);
        Assert.Equal(0, code);
        Assert.Contains("strategy nsga2, seed 1", output, StringComparison.Ordinal);
        Assert.Contains("front of loss and parameters", output, StringComparison.Ordinal);
        Assert.Contains("shrinkage", output, StringComparison.Ordinal);
        Assert.Contains("best: ", output, StringComparison.Ordinal);
        Assert.Contains("combinations", error, StringComparison.Ordinal);
        Assert.Contains("10/10", error, StringComparison.Ordinal);
        Assert.Contains("front of ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_budget_in_time_ends_the_trials_and_not_the_finalists()
    {
        using var folder = new VerbFolder();
        var (code, document) = await folder.JsonAsync(["search", "--dataset", Table(folder), .. Small.Where((_, i) => i is not (2 or 3)), "--budget", "0.05s"]);
        Assert.Equal(0, code);
        Assert.InRange(document.GetProperty("trials").GetArrayLength(), 1, 500);
        Assert.True(document.GetProperty("finalists").GetArrayLength() >= 1);
    }

    [Theory]
    [InlineData("--budget soon", "--budget: expected a number of trials of at least 1, or a time above 0")]
    [InlineData("--strategy evolutoin", "did you mean evolution?")]
    [InlineData("--kinds dense,lsmt", "did you mean lstm?")]
    [InlineData("--kinds lstm", "--kinds: expected identity, dense and skip without a window")]
    [InlineData("--widths 8,4", "--widths: expected ascending widths")]
    [InlineData("--max-parameters 3", "allow more")]
    [InlineData("--max-latency 5", "--latency")]
    [InlineData("--halving 1", "--halving: expected 2 to 10, found 1")]
    [InlineData("--latency none.json", "--latency: expected a latency table or none, found no file none.json")]
    [InlineData("--window 3", "4 feature columns are no whole number of features for each of 3 steps")]
    public async Task Wrong_words_are_usage_errors_that_name_the_value(string words, string expected)
    {
        using var folder = new VerbFolder();
        var pairs = Small.Chunk(2).Where(pair => pair[0] != words.Split(' ')[0]).SelectMany(pair => pair);
        var (code, output, error) = await folder.RunAsync(["search", "--dataset", Table(folder), .. pairs, .. words.Split(' ')]);
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    // The class says whether a exceeds b; the other columns mean nothing.
    private static string Table(VerbFolder folder)
    {
        var path = folder["table.csv"];
        var state = 1UL;
        double Next()
        {
            state = (state * 6_364_136_223_846_793_005UL) + 1_442_695_040_888_963_407UL;
            return ((state >> 11) / (double)(1UL << 53)) - 0.5;
        }

        File.WriteAllLines(path, ["a,b,c,d,y", .. Enumerable.Range(0, 300).Select(_ =>
        {
            double[] row = [Next(), Next(), Next(), Next()];
            return $"{string.Join(',', row.Select(v => v.ToString("F4", CultureInfo.InvariantCulture)))},{(row[0] > row[1] ? 1 : 0)}";
        })]);
        return path;
    }
}
