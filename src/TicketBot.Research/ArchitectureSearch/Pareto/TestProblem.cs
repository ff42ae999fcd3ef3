namespace TicketBot.Research.ArchitectureSearch.Pareto;

/// <summary>A problem of two objectives over a box of real numbers.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Low">Lower bound per variable.</param>
/// <param name="High">Upper bound per variable.</param>
/// <param name="Evaluate">Returns the objectives, made small, and the violation of the constraints, 0 inside.</param>
public sealed record TestProblem(string Name, double[] Low, double[] High, Func<double[], (double[] Objectives, double Violation)> Evaluate)
{
    private const int Population = 100;
    private const int Children = 10;
    private const double Reference = 1.1;

    /// <summary>Hypervolume of the true front at the reference (1.1, 1.1); 0 where none is stated.</summary>
    public double TrueHypervolume { get; init; }

    /// <summary>Runs NSGA-II with a population of 100 and ten children at a time and returns the survivors.</summary>
    /// <param name="evaluations">Evaluations, a multiple of 10, at least 100.</param>
    /// <param name="seed">Seed of all its chance.</param>
    public IReadOnlyList<Nsga2<double[]>.Member> Run(int evaluations, ulong seed)
    {
        var engine = new Nsga2<double[]>(new RealBreeding(Low, High), Population, Children, seed);
        for (var i = 0; i < evaluations; i++)
        {
            engine.TryAsk(out var genome);
            var (objectives, violation) = Evaluate(genome);
            engine.Tell(genome, objectives, violation);
        }

        return engine.Population;
    }

    /// <summary>Returns the hypervolume of survivors at the reference (1.1, 1.1).</summary>
    public static double HypervolumeOf(IReadOnlyList<Nsga2<double[]>.Member> population) =>
        Pareto.Hypervolume.Of(population.Where(member => member.Violation == 0).Select(member => member.Objectives), [Reference, Reference]);
}
