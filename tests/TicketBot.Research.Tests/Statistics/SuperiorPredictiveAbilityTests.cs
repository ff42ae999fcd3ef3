using TicketBot.Learning;
using TicketBot.Research.Statistics;

namespace TicketBot.Research.Tests.Statistics;

public sealed class SuperiorPredictiveAbilityTests
{
    [Fact]
    public void Statistics_and_variances_equal_numpy()
    {
        var (table, block, expected) = Golden();
        var found = SuperiorPredictiveAbility.Of(table, block, 10, new Rng(1));

        GoldenNumbers.AreEqual(expected.Numbers("variances"), SuperiorPredictiveAbility.Variances(table, block), 1e-12);
        Assert.Equal(expected.Number("statistic"), found.Statistic, 1e-12);
        Assert.Equal(expected.Number("realityCheckStatistic"), found.RealityCheckStatistic, 1e-12);
        Assert.Equal(expected.Count("best"), found.Best);
    }

    [Fact]
    public void P_values_agree_with_numpy_within_the_error_of_the_draws()
    {
        const int Draws = 50_000;
        var (table, block, expected) = Golden();
        var found = SuperiorPredictiveAbility.Of(table, block, Draws, new Rng(2));
        var p = expected.GetProperty("pValues");

        foreach (var (name, value) in new[] { ("lower", found.Lower), ("consistent", found.Consistent), ("upper", found.Upper), ("realityCheck", found.RealityCheck) })
        {
            var error = Math.Sqrt(p.Number(name) * (1 - p.Number(name)) * ((1.0 / Draws) + (1.0 / expected.Count("draws"))));
            Assert.Equal(p.Number(name), value, (4 * error) + (1.0 / Draws));
        }
    }

    [Fact]
    public void The_hopeless_make_the_reality_check_blunt_and_not_the_consistent_p_value()
    {
        var rng = new Rng(3);
        var good = Noise(ref rng, 400, 0.15, 1);
        var without = SuperiorPredictiveAbility.Of(CandidateReturns.Of([good]), 5, 2_000, new Rng(4));
        var with = SuperiorPredictiveAbility.Of(
            CandidateReturns.Of([good, .. Enumerable.Range(0, 40).Select(_ => Noise(ref rng, 400, -3, 6))]), 5, 2_000, new Rng(4));

        Assert.True(without.RealityCheck < 0.05);
        Assert.True(with.RealityCheck > 0.3, $"reality check {with.RealityCheck}");
        Assert.True(with.Consistent < 0.05, $"consistent {with.Consistent}");
        Assert.True(with.Lower <= with.Consistent && with.Consistent <= with.Upper);
    }

    [Fact]
    public void Under_the_null_few_worlds_are_called_superior_and_under_an_edge_most()
    {
        const int Worlds = 400;
        int falseAlarms = 0, found = 0;
        for (var world = 0; world < Worlds; world++)
        {
            var rng = new Rng((ulong)world);
            var null8 = Enumerable.Range(0, 8).Select(_ => Noise(ref rng, 300, 0, 1)).ToArray();
            falseAlarms += SuperiorPredictiveAbility.Of(CandidateReturns.Of(null8), 4, 400, rng.Split(1)).Consistent < 0.05 ? 1 : 0;
            null8[3] = Noise(ref rng, 300, 0.25, 1);
            found += SuperiorPredictiveAbility.Of(CandidateReturns.Of(null8), 4, 400, rng.Split(2)).Consistent < 0.05 ? 1 : 0;
        }

        Assert.InRange(falseAlarms / (double)Worlds, 0.01, 0.085); // 5 % and three errors of 400 worlds.
        Assert.True(found > 0.9 * Worlds, $"{found} of {Worlds} edges found");
    }

    [Fact]
    public void A_candidate_that_never_trades_changes_no_p_value()
    {
        var rng = new Rng(5);
        var one = Noise(ref rng, 200, 0.1, 1);
        var alone = SuperiorPredictiveAbility.Of(CandidateReturns.Of([one]), 5, 500, new Rng(6));
        var beside = SuperiorPredictiveAbility.Of(CandidateReturns.Of([new double[200], one]), 5, 500, new Rng(6));

        Assert.Equal(alone with { Best = 1 }, beside);
        var none = SuperiorPredictiveAbility.Of(CandidateReturns.Of([new double[200]]), 5, 500, new Rng(6));
        Assert.Equal((0, -1, 1.0), (none.Candidates, none.Best, none.Consistent));
    }

    [Fact]
    public void A_benchmark_is_subtracted_row_by_row()
    {
        double[] first = [1, 2, 3, 5], benchmark = [1, 1, 1, 2];
        Assert.Equal([0.0, 1, 2, 3], Enumerable.Range(0, 4).Select(r => CandidateReturns.Of([first], benchmark).Row(r)[0]));
        Assert.Contains("candidate 1 had 3", Assert.Throws<ArgumentException>(() => CandidateReturns.Of([first, [1, 2, 3]])).Message, StringComparison.Ordinal);
        Assert.Contains("row 2", Assert.Throws<ArgumentException>(() => CandidateReturns.Of([[1, 2, double.NaN]])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SuperiorPredictiveAbility.Of(CandidateReturns.Of([[2, 2, 2]]), 1, 10, new Rng(1)));
    }

    internal static double[] Noise(ref Rng rng, int rows, double mean, double deviation)
    {
        var values = new double[rows];
        for (var i = 0; i < rows; i++)
        {
            values[i] = mean + (deviation * rng.NextGaussian());
        }

        return values;
    }

    private static (CandidateReturns Table, double Block, System.Text.Json.JsonElement Expected) Golden()
    {
        var file = GoldenNumbers.Read("candidates");
        return (Table(file), file.Number("meanBlock"), file.GetProperty("superior"));
    }

    internal static CandidateReturns Table(System.Text.Json.JsonElement file)
    {
        var rows = file.GetProperty("returns").EnumerateArray().Select(r => r.EnumerateArray().Select(v => v.GetDouble()).ToArray()).ToList();
        return CandidateReturns.Of([.. Enumerable.Range(0, rows[0].Length).Select(k => rows.Select(r => r[k]).ToArray())]);
    }
}
