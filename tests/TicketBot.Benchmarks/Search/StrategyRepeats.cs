using TicketBot.Research.ArchitectureSearch;
using TicketBot.Research.ArchitectureSearch.Strategies;
using TicketBot.Research.ArchitectureSearch.Tabular;
using TicketBot.Research.Stages;

namespace TicketBot.Benchmarks.Search;

/// <summary>Strategies against random search on a table of trainings, by look-ups.</summary>
internal static class StrategyRepeats
{
    /// <summary>Runs them; 0 when evolution and REINFORCE beat random search.</summary>
    public static int Run(TabularBenchmark table, int repeats, int trials, string? only, string? rate)
    {
        var plan = new ArchitectureSearchPlan { Population = Math.Min(20, Math.Max(4, trials / 4)), Tournament = 5 };
        plan = rate is null ? plan : plan with { ControllerRate = double.Parse(rate, System.Globalization.CultureInfo.InvariantCulture) };
        double[] Regrets(string name) => [.. Enumerable.Range(0, repeats).AsParallel().AsOrdered().Select(i =>
            table.RegretOf(SearchStrategies.Create(plan with { Strategy = name }, table.Space, StageHash.Seed("repeat", name, i)), trials)[^1])];
        Console.WriteLine(FormattableString.Invariant($"{table.Entries.Count} architectures, {trials} trials a search, {repeats} searches; regret: test log-loss of the choice above the best of the table, in thousandths of a nat"));
        Console.WriteLine("| strategy | regret | less than random by [95 %] | less than mutate-best by [95 %] |\n|---|---|---|---|");
        var (random, greedy) = (Regrets("random"), Regrets("mutate-best"));
        var wins = new Dictionary<string, bool>();
        foreach (var name in SearchStrategies.Names.Where(name => only is null || name == only || name == "random"))
        {
            var own = name switch
            {
                "random" => random,
                "mutate-best" => greedy,
                _ => Regrets(name),
            };
            var (gain, half) = Difference(random, own);
            var (lead, other) = Difference(greedy, own);
            wins[name] = gain - half > 0;
            Console.WriteLine(FormattableString.Invariant($"| {name} | {1000 * own.Average():0.00} | {1000 * gain:+0.00;-0.00} [{1000 * (gain - half):+0.00;-0.00}, {1000 * (gain + half):+0.00;-0.00}] | {1000 * lead:+0.00;-0.00} [{1000 * (lead - other):+0.00;-0.00}, {1000 * (lead + other):+0.00;-0.00}] |"));
        }

        return wins.GetValueOrDefault("evolution") && wins.GetValueOrDefault("reinforce") ? 0 : 1;
    }

    // Searches are independent, so the two means are too: Welch's interval, normal since there are hundreds.
    private static (double Mean, double Half) Difference(double[] a, double[] b)
    {
        static double Variance(double[] values)
        {
            var mean = values.Average();
            return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
        }

        return (a.Average() - b.Average(), 1.96 * Math.Sqrt((Variance(a) / a.Length) + (Variance(b) / b.Length)));
    }
}
