using System.Globalization;
using System.Text.Json;

namespace TicketBot.Host.Tests.Verbs;

public sealed class TransferVerbTests
{
    private static readonly string[] Small = ["--label", "y", "--architecture", "dense:8/identity,batchnorm/relu", "--epochs", "3", "--method", "freeze", "--method", "adabn"];

    [Fact]
    public async Task The_document_holds_what_the_contract_names()
    {
        using var folder = new VerbFolder();
        var (code, document) = await folder.JsonAsync(["transfer", "--source", Table(folder, 1), "--target", Table(folder, 2), .. Small, "--target-labels", "60"]);
        Assert.Equal(0, code);
        var distances = document.GetProperty("distances");
        Assert.All(["mmd", "mmdPValue", "aDistance", "coral", "similarity"], name => Assert.Equal(JsonValueKind.Number, distances.GetProperty(name).ValueKind));
        var methods = document.GetProperty("methods").EnumerateArray().ToList();
        Assert.Equal(["none", "scratch", "freeze", "adabn"], methods.Select(m => m.GetProperty("name").GetString()));
        foreach (var method in methods)
        {
            Assert.All(
                ["sourceAccuracyBefore", "sourceAccuracy", "targetAccuracyBefore", "targetAccuracy", "low", "high", "epochs"],
                name => Assert.Equal(JsonValueKind.Number, method.GetProperty(name).ValueKind));
            Assert.InRange(method.GetProperty("targetAccuracy").GetDouble(), method.GetProperty("low").GetDouble(), method.GetProperty("high").GetDouble());
        }

        Assert.Contains(document.GetProperty("chosen").GetString(), methods.Select(m => m.GetProperty("name").GetString()));
        Assert.Equal(document.GetProperty("chosen").GetString() is "none" or "scratch", document.GetProperty("fallback").GetBoolean());
        Assert.All(["gainOverScratch", "gainLow", "gainHigh", "seconds"], name => Assert.Equal(JsonValueKind.Number, document.GetProperty(name).ValueKind));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_labels_of_the_target_scratch_and_gains_are_null(bool hasColumn)
    {
        using var folder = new VerbFolder();
        string[] words = hasColumn ? ["--target-labels", "0"] : [];
        var (code, document) = await folder.JsonAsync(["transfer", "--source", Table(folder, 1), "--target", Table(folder, 2, hasColumn), .. Small, .. words]);
        Assert.Equal(0, code);
        Assert.All(["gainOverScratch", "gainLow", "gainHigh"], name => Assert.Equal(JsonValueKind.Null, document.GetProperty(name).ValueKind));
        var scratch = document.GetProperty("methods").EnumerateArray().Single(m => m.GetProperty("name").GetString() == "scratch");
        Assert.Equal(JsonValueKind.Null, scratch.GetProperty("targetAccuracy").ValueKind);
        var none = document.GetProperty("methods").EnumerateArray().Single(m => m.GetProperty("name").GetString() == "none");
        Assert.Equal(hasColumn ? JsonValueKind.Number : JsonValueKind.Null, none.GetProperty("targetAccuracy").ValueKind);
    }

    [Fact]
    public async Task The_same_transfer_again_finds_its_trainings_stored_and_says_the_same()
    {
        using var folder = new VerbFolder();
        string[] words = ["transfer", "--source", Table(folder, 1), "--target", Table(folder, 2), .. Small];
        var (first, second) = ((await folder.JsonAsync(words)).Document, (await folder.JsonAsync(words)).Document);
        Assert.Equal((0, 5), (first.GetProperty("reused").GetInt32(), second.GetProperty("reused").GetInt32()));
        Assert.All(["distances", "chosen", "gates", "gainLow", "reason"], name => Assert.Equal(first.GetProperty(name).GetRawText(), second.GetProperty(name).GetRawText()));
    }

    [Fact]
    public async Task Without_json_the_methods_stand_side_by_side_and_progress_goes_to_standard_error()
    {
        using var folder = new VerbFolder();
        var (code, output, error) = await folder.RunAsync(["transfer", "--source", Table(folder, 1), "--target", Table(folder, 2), .. Small]);
        Assert.Equal(0, code);
        Assert.Contains("an intuition of the error to expect on the target where the tasks agree, no bound", output, StringComparison.Ordinal);
        Assert.Contains("over scratch", output, StringComparison.Ordinal);
        Assert.Contains("sourceAgreement", output, StringComparison.Ordinal);
        Assert.Contains("5/5", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--method", "ful", "--method: expected none, scratch, freeze", "did you mean full?")]
    [InlineData("--target-labels", "-1", "--target-labels: expected 0 or more, found -1", "")]
    [InlineData("--seeds", "0", "--seeds: expected 1 to 100, found 0", "")]
    [InlineData("--architecture", "dense:x", "--architecture: gene 'dense:x'", "")]
    public async Task A_word_that_is_no_good_is_named(string option, string value, string expected, string also)
    {
        using var folder = new VerbFolder();
        var (code, _, error) = await folder.RunAsync("transfer", "--source", Table(folder, 1), "--target", Table(folder, 2), "--label", "y", option, value);
        Assert.Equal(2, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Contains(also, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_of_other_columns_and_a_source_of_one_class_are_refused()
    {
        using var folder = new VerbFolder();
        File.WriteAllText(folder["other.csv"], "a,z,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},1,{i % 2}\n")));
        var (code, _, error) = await folder.RunAsync(["transfer", "--source", Table(folder, 1), "--target", folder["other.csv"], .. Small]);
        Assert.Equal(2, code);
        Assert.Contains("the target lacks b, c and has besides z", error, StringComparison.Ordinal);
        File.WriteAllText(folder["one.csv"], "a,b,c,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},1,2,0\n")));
        (code, _, error) = await folder.RunAsync(["transfer", "--source", folder["one.csv"], "--target", Table(folder, 2), .. Small]);
        Assert.Equal(2, code);
        Assert.Contains("expected at least two classes", error, StringComparison.Ordinal);
        (code, _, error) = await folder.RunAsync(["transfer", "--source", Table(folder, 1), "--target", folder["one.csv"], .. Small]);
        Assert.True(code == 0, error);
    }

    [Fact]
    public async Task Tickets_of_the_source_stand_in_the_document_when_asked_for_and_are_null_else()
    {
        using var folder = new VerbFolder();
        string[] words = ["transfer", "--source", Table(folder, 1), "--target", Table(folder, 2), .. Small];
        Assert.Equal(JsonValueKind.Null, (await folder.JsonAsync(words)).Document.GetProperty("tickets").ValueKind);
        var (code, document) = await folder.JsonAsync([.. words, "--tickets", "--ticket-rounds", "2", "--seeds", "2", "--rewind-step", "10"]);
        Assert.Equal(0, code);
        var tickets = document.GetProperty("tickets");
        Assert.Equal((10, 2), (tickets.GetProperty("rewindStep").GetInt32(), tickets.GetProperty("seeds").GetInt32()));
        var rounds = tickets.GetProperty("rounds").EnumerateArray().ToList();
        Assert.Equal([1, 2], rounds.Select(r => r.GetProperty("round").GetInt32()));
        foreach (var round in rounds)
        {
            Assert.Equal(["transferred", "own", "shuffled", "reinit"], round.GetProperty("outcomes").EnumerateObject().Select(o => o.Name));
            Assert.All(round.GetProperty("comparisons").EnumerateArray(), c => Assert.InRange(c.GetProperty("mean").GetDouble(), c.GetProperty("low").GetDouble(), c.GetProperty("high").GetDouble()));
        }

        var (_, output, _) = await folder.RunAsync([.. words, "--tickets", "--ticket-rounds", "2", "--seeds", "2", "--rewind-step", "10", "--report", folder["transfer.html"]]);
        var page = await File.ReadAllTextAsync(folder["transfer.html"]);
        Assert.All(["freeze", "adabn", " (chosen)", "Tickets of the source on the target", "sourceAgreement", "over scratch", "needed"], part => Assert.Contains(part, page, StringComparison.Ordinal));
        Assert.Contains("tickets of the source on the target", output, StringComparison.Ordinal);
        var (refused, _, error) = await folder.RunAsync([.. words, "--tickets", "--target-labels", "0"]);
        Assert.Equal(2, refused);
        Assert.Contains("at least 20; found 0", error, StringComparison.Ordinal);
    }

    private static string Table(VerbFolder folder, int seed, bool hasLabels = true)
    {
        var path = folder[$"t{seed}{hasLabels}.csv"];
        using var writer = new StreamWriter(path);
        writer.WriteLine(hasLabels ? "a,b,c,y" : "a,b,c");
        var rng = new Testing.SeededRandom((ulong)seed);
        for (var row = 0; row < 300; row++)
        {
            double[] x = [rng.NextDouble() - 0.5, rng.NextDouble() - 0.5, rng.NextDouble() - 0.5];
            writer.WriteLine(string.Join(',', x.Select(v => v.ToString("R", CultureInfo.InvariantCulture))) + (hasLabels ? x[0] + (x[1] * x[2]) > 0 ? ",1" : ",0" : ""));
        }

        return path;
    }
}
