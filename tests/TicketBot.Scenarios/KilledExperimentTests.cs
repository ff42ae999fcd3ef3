using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TicketBot.Scenarios.Running;

namespace TicketBot.Scenarios;

/// <summary>A lottery-ticket experiment killed with -9 goes on at its last finished training and ends with the same bits.</summary>
public sealed class KilledExperimentTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_killed_search_goes_on_where_it_stood_and_ends_with_the_same_hashes()
    {
        using var folder = new ScenarioFolder();
        var table = Table(folder);
        var whole = await RunAsync(table, Path.Combine(folder.Path, "whole"));
        var data = Path.Combine(folder.Path, "killed");
        using (var killed = Start(table, data))
        {
            string? line;
            do
            {
                line = await killed.StandardError.ReadLineAsync().WaitAsync(Limit);
            }
            while (line is not null && Done(line) < 3);
            Assert.NotNull(line); // It ended by itself, before there was anything to kill.
            killed.Kill(entireProcessTree: true);
            await killed.WaitForExitAsync().WaitAsync(Limit);
            Assert.Equal("", await killed.StandardOutput.ReadToEndAsync());
        }

        var resumed = await RunAsync(table, data);
        var reused = resumed.GetProperty("reused").GetInt32();
        Assert.InRange(reused, 3, whole.GetProperty("trainings").GetInt32() - 1);
        Assert.Equal(0, whole.GetProperty("reused").GetInt32());
        Assert.All(["seeds", "comparison", "label", "multiplyAdds", "trainings"], name => Assert.Equal(whole.GetProperty(name).GetRawText(), resumed.GetProperty(name).GetRawText()));
    }

    private static int Done(string line) => int.TryParse(line.Split('/')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var done) ? done : 0;

    private static async Task<JsonElement> RunAsync(string table, string data)
    {
        using var process = Start(table, data);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Limit);
        await process.WaitForExitAsync().WaitAsync(Limit);
        Assert.True(process.ExitCode == 0, await errors);
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    private static Process Start(string table, string data)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Path.GetTempPath() };
        string[] words =
        [
            Repository.Daemon, "tickets", "search", "--dataset", table, "--label", "y", "--rounds", "4", "--steps", "2000", "--seeds", "2", "--null-draws", "2", "--data-folder", data, "--json",
        ];
        foreach (var word in words)
        {
            start.ArgumentList.Add(word);
        }

        return Process.Start(start)!;
    }

    // The class says whether a exceeds b; c and d mean nothing.
    private static string Table(ScenarioFolder folder)
    {
        var state = 1UL;
        double Next()
        {
            state = (state * 6_364_136_223_846_793_005UL) + 1_442_695_040_888_963_407UL;
            return ((state >> 11) / (double)(1UL << 53)) - 0.5;
        }

        var lines = new List<string> { "a,b,c,d,y" };
        for (var row = 0; row < 600; row++)
        {
            double[] values = [Next(), Next(), Next(), Next()];
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{values[0]:F4},{values[1]:F4},{values[2]:F4},{values[3]:F4},{(values[0] > values[1] ? 1 : 0)}"));
        }

        var path = Path.Combine(folder.Path, "table.csv");
        File.WriteAllLines(path, lines);
        return path;
    }
}
