using System.Security.Cryptography;
using System.Text.Json;
using TicketBot.Research.Drift;
using TicketBot.Research.Tests.Statistics;

namespace TicketBot.Research.Tests.Drift;

/// <summary>The three measures against numpy and scikit-learn; <c>Golden/make_golden.py</c> wrote the numbers.</summary>
public sealed class DriftGoldenTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Drift", "Golden");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_stability_index_has_numpys_deciles_counts_and_sum(int number)
    {
        var golden = Read("stability")[number];
        var reference = golden.Numbers("reference");
        var edges = PopulationStability.Deciles(reference);
        GoldenNumbers.AreEqual(golden.Numbers("edges"), edges, 1e-12);
        var counts = PopulationStability.Counts(golden.Numbers("values"), edges);
        Assert.Equal(golden.GetProperty("counts").EnumerateArray().Select(c => c.GetInt32()), counts);
        Assert.Equal(golden.Number("index"), PopulationStability.Of(PopulationStability.Counts(reference, edges), counts), 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_A_distance_is_that_of_scikit_learns_logistic_regression(int number)
    {
        var golden = Read("aDistance")[number];
        Assert.Equal(golden.Number("distance"), ProxyADistance.Of(golden.Numbers("first"), golden.Numbers("second"), golden.Count("features")), 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_dissimilarity_index_is_that_of_scikit_learns_neighbours(int number)
    {
        var golden = Read("dissimilarity")[number];
        var (features, rows) = (golden.Count("features"), golden.Numbers("rows"));
        var index = DissimilarityIndex.Fit(golden.Numbers("train"), features);
        Assert.Equal(golden.Number("mean"), index.MeanDistance, 1e-12);
        Assert.Equal(golden.Number("threshold"), index.Threshold, 1e-12);
        GoldenNumbers.AreEqual(golden.Numbers("index"), Enumerable.Range(0, rows.Length / features).Select(i => index.Of(rows.AsSpan(i * features, features))), 1e-12);
        Assert.Equal(golden.Number("outside"), index.ShareOutside(rows), 1e-12);
    }

    [Fact]
    public void Rows_that_cannot_be_compared_are_refused_with_what_was_expected()
    {
        Assert.Contains("at least 10 values, were 9", Assert.Throws<ArgumentException>(() => PopulationStability.Deciles(new double[9])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => PopulationStability.Deciles([.. new double[10], double.NaN]));
        Assert.Throws<ArgumentException>(() => PopulationStability.Of([1, 2], [0, 0]));
        Assert.Throws<ArgumentException>(() => ProxyADistance.Of(new double[21], new double[20], 2));
        Assert.Throws<ArgumentException>(() => ProxyADistance.Of(new double[20], new double[14], 2));
        Assert.Contains("differ from each other", Assert.Throws<ArgumentException>(() => DissimilarityIndex.Fit(new double[40], 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => DissimilarityIndex.Fit([.. Enumerable.Range(0, 40).Select(i => (double)i)], 2).Of([1.0]));
    }

    private static JsonElement Read(string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Folder, "drift.json"));
        using var metadata = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "metadata.json")));
        Assert.Equal(metadata.RootElement.GetProperty("files")[0].GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(bytes)));
        return JsonDocument.Parse(bytes).RootElement.GetProperty(name);
    }
}
