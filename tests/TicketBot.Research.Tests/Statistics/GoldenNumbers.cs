using System.Security.Cryptography;
using System.Text.Json;

namespace TicketBot.Research.Tests.Statistics;

/// <summary>Reads the numbers that <c>Golden/make_golden.py</c> took from numpy, scipy, statsmodels and scikit-learn, whole or not at all.</summary>
internal static class GoldenNumbers
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Statistics", "Golden");

    public static JsonElement Read(string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Folder, $"{name}.json"));
        using var metadata = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "metadata.json")));
        var expected = metadata.RootElement.GetProperty("files").EnumerateArray().Single(f => f.GetProperty("name").GetString() == $"{name}.json");
        Assert.Equal(expected.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(bytes)));
        return JsonDocument.Parse(bytes).RootElement;
    }

    public static double[] Numbers(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];

    public static bool[] Flags(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(v => v.GetInt32() == 1)];

    public static double Number(this JsonElement element, string name) => element.GetProperty(name).GetDouble();

    public static int Count(this JsonElement element, string name) => element.GetProperty(name).GetInt32();

    public static void AreEqual(IEnumerable<double> expected, IEnumerable<double> actual, double tolerance)
    {
        var (left, right) = (expected.ToList(), actual.ToList());
        Assert.Equal(left.Count, right.Count);
        Assert.All(left.Zip(right), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
