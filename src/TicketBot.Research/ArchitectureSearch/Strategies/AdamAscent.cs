namespace TicketBot.Research.ArchitectureSearch.Strategies;

/// <summary>Adam (Kingma and Ba 2015) in double precision, uphill.</summary>
/// <param name="count">Parameters.</param>
/// <param name="rate">Step size.</param>
internal sealed class AdamAscent(int count, double rate)
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    private readonly double[] _first = new double[count];
    private readonly double[] _second = new double[count];
    private double _power1 = 1;
    private double _power2 = 1;

    /// <summary>Moves the parameters by one step.</summary>
    public void Step(Span<double> parameters, ReadOnlySpan<double> gradient)
    {
        (_power1, _power2) = (_power1 * Beta1, _power2 * Beta2);
        for (var i = 0; i < parameters.Length; i++)
        {
            _first[i] = (Beta1 * _first[i]) + ((1 - Beta1) * gradient[i]);
            _second[i] = (Beta2 * _second[i]) + ((1 - Beta2) * gradient[i] * gradient[i]);
            parameters[i] += rate * (_first[i] / (1 - _power1)) / (Math.Sqrt(_second[i] / (1 - _power2)) + Epsilon);
        }
    }
}
