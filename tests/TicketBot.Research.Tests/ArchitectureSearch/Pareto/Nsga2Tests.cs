using TicketBot.Research.ArchitectureSearch.Pareto;

namespace TicketBot.Research.Tests.ArchitectureSearch.Pareto;

/// <summary>NSGA-II on the problems of Zitzler, Deb and Thiele ("Comparison of Multiobjective Evolutionary Algorithms", Evolutionary Computation 2000), 30 variables, population
/// 100, against hypervolumes at the reference (1.1, 1.1) that a port with pymoo's operators reached over 31 seeds, whose values at (1, 1) equal those published for jMetal. The
/// whole figures, 11 seeds of 25,000 evaluations, are made by the benchmark <c>search zdt</c>.</summary>
public sealed class Nsga2Tests
{
    // The lowest of those 31 seeds at 20,000 evaluations, less 0.002 for a seed that is worse than all of them.
    [Theory]
    [InlineData("zdt1", 0.8661)]
    [InlineData("zdt2", 0.5317)]
    [InlineData("zdt3", 1.3235)]
    public void Twenty_thousand_evaluations_reach_the_published_hypervolume(string name, double least)
    {
        var problem = TestProblems.Named(name);
        Assert.InRange(TestProblem.HypervolumeOf(problem.Run(20_000, 1)), least - 0.002, problem.TrueHypervolume);
    }

    // Harder than as published, where the optimum is a bound that both operators favour: the lowest of 11 seeds at 25,000 evaluations was 0.8637.
    [Fact]
    public void The_front_is_found_wherever_the_optimum_of_the_other_variables_lies()
    {
        var problem = TestProblems.Named("zdt1", optimum: 0.37);
        Assert.InRange(TestProblem.HypervolumeOf(problem.Run(20_000, 1)), 0.855, problem.TrueHypervolume);
    }

    [Theory]
    [InlineData("bnh")]
    [InlineData("srn")]
    [InlineData("tnk")]
    public void Constrained_problems_end_without_a_violation(string name)
    {
        var problem = TestProblems.Named(name);
        var population = problem.Run(10_000, 1);
        Assert.Equal(100, population.Count);
        Assert.All(population, member => Assert.Equal(0, member.Violation));
        Assert.True(population.Count(member => member.Front == 0) >= 90);
    }

    [Fact]
    public void The_same_seed_gives_the_same_population()
    {
        var problem = TestProblems.Named("zdt1");
        Assert.Equal(problem.Run(1_000, 4).Select(member => member.Genome[0]), problem.Run(1_000, 4).Select(member => member.Genome[0]));
    }
}
