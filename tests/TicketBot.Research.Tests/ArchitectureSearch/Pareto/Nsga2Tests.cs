using TicketBot.Research.ArchitectureSearch.Pareto;

namespace TicketBot.Research.Tests.ArchitectureSearch.Pareto;

/// <summary>NSGA-II on the problems of Zitzler, Deb and Thiele ("Comparison of Multiobjective Evolutionary Algorithms", Evolutionary Computation 2000), 30 variables, population
/// 100, ten children at a time, against hypervolumes at the reference (1.1, 1.1) that a port with pymoo's operators reached over 31 seeds, whose values at (1, 1) equal those published for jMetal. The
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

    // Harder than as published, where the optimum is a bound that both operators favour.
    [Theory]
    [InlineData("zdt1", 0.37, 0.865)]
    [InlineData("zdt2", 0.37, 0.530)]
    [InlineData("zdt3", 0.37, 1.320)]
    [InlineData("zdt2", 0.7, 0.530)]
    public void The_front_is_found_wherever_the_optimum_of_the_other_variables_lies(string name, double optimum, double least)
    {
        var problem = TestProblems.Named(name, optimum);
        Assert.InRange(TestProblem.HypervolumeOf(problem.Run(25_000, 1)), least, problem.TrueHypervolume);
    }

    [Fact]
    public void Children_are_bred_as_soon_as_those_before_them_are_told()
    {
        var engine = new Nsga2<double[]>(new RealBreeding([0, 0], [1, 1]), 20, 4, 1);
        int[] asked = [0, 0, 0];
        for (var i = 0; i < asked.Length; i++)
        {
            var genomes = new List<double[]>();
            while (engine.TryAsk(out var genome))
            {
                genomes.Add(genome);
            }

            asked[i] = genomes.Count;
            genomes.ForEach(genome => engine.Tell(genome, [genome[0], 1 - genome[0]], 0));
            Assert.Equal(20, engine.Population.Count);
        }

        Assert.Equal([20, 4, 4], asked);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Nsga2<double[]>(new RealBreeding([0], [1]), 20, 21, 1));
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
