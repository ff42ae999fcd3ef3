using System.Globalization;
using System.Text.Json;

namespace TicketBot.Host.Tests.Verbs;

public sealed class TicketSearchVerbTests
{
    private static readonly string[] Small =
    [
        "--label", "y", "--architecture", "dense:8", "--steps", "40", "--evaluate-every", "10", "--batch", "32", "--learning-rate", "0.01", "--rounds", "2", "--seeds", "2", "--null-draws", "2",
    ];

    [Fact]
    public async Task The_document_holds_what_the_contract_names()
    {
        using var folder = new VerbFolder();
        var (code, document) = await folder.JsonAsync(["tickets", "search", "--dataset", Table(folder), .. Small]);
        Assert.Equal(0, code);
        Assert.Equal((300, 4, 2), (document.GetProperty("rows").GetInt32(), document.GetProperty("features").GetInt32(), document.GetProperty("classes").GetInt32()));
        Assert.True(document.GetProperty("multiplyAdds").GetInt64() > 0);
        Assert.True(document.GetProperty("seconds").GetDouble() > 0);
        Assert.Equal("imp", document.GetProperty("method").GetString());
        Assert.Equal([1, 2], document.GetProperty("seeds").EnumerateArray().Select(s => s.GetProperty("seed").GetInt32()));
        foreach (var seed in document.GetProperty("seeds").EnumerateArray())
        {
            var rounds = seed.GetProperty("rounds").EnumerateArray().ToList();
            Assert.Equal([0, 1, 2], rounds.Select(r => r.GetProperty("round").GetInt32()));
            Assert.Equal(1, rounds[0].GetProperty("remaining").GetDouble());
            Assert.False(rounds[0].TryGetProperty("ticket", out _));
            AssertOutcome(rounds[0].GetProperty("dense"));
            foreach (var round in rounds.Skip(1))
            {
                Assert.False(round.TryGetProperty("dense", out _));
                Assert.All(["ticket", "reinit", "shuffled", "random"], name => AssertOutcome(round.GetProperty(name)));
            }

            Assert.Equal(["layer1.weight", "output.weight"], rounds[2].GetProperty("layers").EnumerateArray().Select(l => l.GetProperty("name").GetString()));
            Assert.Equal([32 - 6 - 5, 16 - 1 - 1], rounds[2].GetProperty("layers").EnumerateArray().Select(l => l.GetProperty("remaining").GetInt32()));
            Assert.Equal([32, 16], rounds[2].GetProperty("layers").EnumerateArray().Select(l => l.GetProperty("total").GetInt32()));
            Assert.Contains(seed.GetProperty("emergedAtStep").ValueKind, new[] { JsonValueKind.Null, JsonValueKind.Number });
            Assert.Equal(64, seed.GetProperty("maskSha256").GetString()!.Length);
            Assert.Equal(64, seed.GetProperty("weightsSha256").GetString()!.Length);
            var inputs = seed.GetProperty("inputSurvival").EnumerateArray().ToList();
            Assert.Equal(["a", "b", "c", "d"], inputs.Select(i => i.GetProperty("feature").GetString()));
            Assert.Equal(1, inputs.Sum(i => i.GetProperty("share").GetDouble()), 9);
            Assert.All(inputs, i => Assert.InRange(i.GetProperty("nullHigh").GetDouble(), 0.25, 1));
        }

        var comparison = document.GetProperty("comparison").EnumerateArray().ToList();
        Assert.Equal(["dense", "reinit", "shuffled", "random", "dense", "reinit", "shuffled", "random"], comparison.Select(c => c.GetProperty("control").GetString()));
        Assert.All(comparison, c => Assert.InRange(c.GetProperty("pValue").GetDouble(), 0.25, 1));
        Assert.Equal("sparse network", document.GetProperty("label").GetString());
    }

    [Fact]
    public async Task The_same_search_again_finds_its_trainings_stored_and_says_the_same()
    {
        using var folder = new VerbFolder();
        string[] words = ["tickets", "search", "--dataset", Table(folder), .. Small];
        var (first, second) = ((await folder.JsonAsync(words)).Document, (await folder.JsonAsync(words)).Document);
        Assert.Equal(0, first.GetProperty("reused").GetInt32());
        Assert.Equal(first.GetProperty("trainings").GetInt32(), second.GetProperty("reused").GetInt32());
        Assert.All(["seeds", "comparison", "multiplyAdds", "label"], name => Assert.Equal(first.GetProperty(name).GetRawText(), second.GetProperty(name).GetRawText()));
    }

    [Fact]
    public async Task Without_json_tables_and_a_verdict_are_written_and_progress_goes_to_standard_error()
    {
        using var folder = new VerbFolder();
        var (code, output, error) = await folder.RunAsync(["tickets", "search", "--dataset", Table(folder), .. Small, "--controls", "reinit"]);
        Assert.Equal(0, code);
        Assert.Contains("180 rows to train, 60 to validate, 60 to test; 4 features, 2 classes; dense:8; method imp", output, StringComparison.Ordinal);
        Assert.Contains("seed 2:", output, StringComparison.Ordinal);
        Assert.Contains("against", output, StringComparison.Ordinal);
        Assert.Contains("sparse network", output, StringComparison.Ordinal);
        Assert.DoesNotContain("shuffled", output, StringComparison.Ordinal);
        Assert.Contains("16/16", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_inputs_get_no_null_draws_unless_asked_for()
    {
        using var folder = new VerbFolder();
        var (_, document) = await folder.JsonAsync(
            "tickets", "search", "--dataset", Table(folder, columns: 65), "--label", "y", "--steps", "5", "--rounds", "1", "--seeds", "1", "--controls", "none", "--architecture", "dense:4");
        Assert.All(document.GetProperty("seeds")[0].GetProperty("inputSurvival").EnumerateArray(), i => Assert.Equal(JsonValueKind.Null, i.GetProperty("nullHigh").ValueKind));
    }

    [Theory]
    [InlineData("--label z", "--label names no column")]
    [InlineData("--window 3", "4 feature columns are no whole number of features for each of 3 steps")]
    [InlineData("--window 0", "--window: expected at least 1 step, found 0")]
    [InlineData("--method lottery", "--method: expected imp, oneshot, earlybird, snip, synflow, rigl, found 'lottery'")]
    [InlineData("--controls reinit,shufled", "did you mean shuffled?")]
    [InlineData("--controls reinit,reinit", "--controls: expected each control once")]
    [InlineData("--architecture dense:8,dnse:4", "dnse")]
    [InlineData("--optimizer adamw", "--optimizer: expected adam or sgd, found 'adamw'")]
    [InlineData("--rewind-step 40", "--rewind-step: expected a step from 0 to below --steps 40, found 40")]
    [InlineData("--split b", "column b: expected train, validation or test")]
    public async Task Wrong_words_are_usage_errors_that_name_the_value(string words, string expected)
    {
        using var folder = new VerbFolder();
        var pairs = Small.Chunk(2).Where(pair => pair[0] != words.Split(' ')[0]).SelectMany(pair => pair);
        var (code, output, error) = await folder.RunAsync(["tickets", "search", "--dataset", Table(folder), .. pairs, .. words.Split(' ')]);
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_is_a_usage_error()
    {
        using var folder = new VerbFolder();
        var (code, _, error) = await folder.RunAsync("tickets", "search", "--dataset", folder["none.csv"], "--label", "y");
        Assert.Equal(2, code);
        Assert.Contains("does not exist", error, StringComparison.Ordinal);
    }

    private static void AssertOutcome(JsonElement outcome)
    {
        Assert.InRange(outcome.GetProperty("earlyStopStep").GetInt32(), 10, 40);
        Assert.InRange(outcome.GetProperty("accuracyAtEarlyStop").GetDouble(), 0, 1);
        Assert.InRange(outcome.GetProperty("finalAccuracy").GetDouble(), 0, 1);
        Assert.True(outcome.GetProperty("minValidationLoss").GetDouble() > 0);
    }

    // The class says whether a exceeds b; the other columns mean nothing.
    private static string Table(VerbFolder folder, int columns = 4)
    {
        var path = folder["table.csv"];
        string[] names = [.. Enumerable.Range(0, columns).Select(i => columns > 26 ? $"c{i}" : ((char)('a' + i)).ToString())];
        var state = 1UL;
        double Next()
        {
            state = (state * 6_364_136_223_846_793_005UL) + 1_442_695_040_888_963_407UL;
            return ((state >> 11) / (double)(1UL << 53)) - 0.5;
        }

        File.WriteAllLines(
            path,
            [
                $"{string.Join(',', names)},y",
                .. Enumerable.Range(0, 300).Select(_ =>
                {
                    double[] row = [.. names.Select(_ => Next())];
                    return $"{string.Join(',', row.Select(v => v.ToString("F4", CultureInfo.InvariantCulture)))},{(row[0] > row[1] ? 1 : 0)}";
                }),
            ]);
        return path;
    }
}
