using TicketBot.Learning;

namespace TicketBot.Research.ArchitectureSearch.Pareto;

/// <summary>Published problems of two objectives with known answers, by which the ranking and selection that searches use are judged.</summary>
public static class TestProblems
{
    private const int Variables = 30;

    /// <summary>Names of those without constraints.</summary>
    public static IReadOnlyList<string> Zdt { get; } = ["zdt1", "zdt2", "zdt3"];

    /// <summary>Names of those with constraints.</summary>
    public static IReadOnlyList<string> Constrained { get; } = ["bnh", "srn", "tnk"];

    /// <summary>Returns a problem.</summary>
    /// <param name="name">ZDT1, 2, 3 (Zitzler, Deb and Thiele 2000) with 30 variables; BNH (Binh and Korn 1997), SRN (Srinivas and Deb 1994), TNK (Tanaka et al. 1995).</param>
    /// <param name="optimum">Value of the other variables at the optimum of the ZDT problems, 0 to 1; 0 as published.</param>
    /// <exception cref="ArgumentOutOfRangeException">No problem has this name.</exception>
    public static TestProblem Named(string name, double optimum = 0) => name switch
    {
        "zdt1" => Zitzler(name, optimum, 0.8767, (f, g) => g * (1 - Math.Sqrt(f / g))),
        "zdt2" => Zitzler(name, optimum, 0.5433, (f, g) => g * (1 - (f / g * (f / g)))),
        "zdt3" => Zitzler(name, optimum, 1.3318, (f, g) => g * (1 - Math.Sqrt(f / g) - (f / g * PortableMath.Sin(10 * Math.PI * f)))),
        "bnh" => new TestProblem(name, [0, 0], [5, 3], x => (
            [4 * (Square(x[0]) + Square(x[1])), Square(x[0] - 5) + Square(x[1] - 5)],
            Above(Square(x[0] - 5) + Square(x[1]) - 25) + Above(7.7 - Square(x[0] - 8) - Square(x[1] + 3)))),
        "srn" => new TestProblem(name, [-20, -20], [20, 20], x => (
            [2 + Square(x[0] - 2) + Square(x[1] - 1), (9 * x[0]) - Square(x[1] - 1)],
            Above(Square(x[0]) + Square(x[1]) - 225) + Above(x[0] - (3 * x[1]) + 10))),
        "tnk" => new TestProblem(name, [1e-12, 1e-12], [Math.PI, Math.PI], x => (
            [x[0], x[1]],
            Above(1 + (0.1 * Math.Cos(16 * Math.Atan(x[0] / x[1]))) - Square(x[0]) - Square(x[1])) + Above(Square(x[0] - 0.5) + Square(x[1] - 0.5) - 0.5))),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, $"expected one of {string.Join(", ", Zdt.Concat(Constrained))}"),
    };

    private static TestProblem Zitzler(string name, double optimum, double hypervolume, Func<double, double, double> second) =>
        new(name, new double[Variables], [.. Enumerable.Repeat(1.0, Variables)], x =>
        {
            var sum = 0.0;
            for (var i = 1; i < x.Length; i++)
            {
                sum += Math.Abs(x[i] - optimum);
            }

            var g = 1 + (9 * sum / (Variables - 1));
            return ([x[0], second(x[0], g)], 0);
        })
        {
            TrueHypervolume = hypervolume,
        };

    private static double Square(double x) => x * x;

    private static double Above(double x) => Math.Max(0, x);
}
