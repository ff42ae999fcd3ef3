namespace TicketBot.Learning.Search;

/// <summary>The architecture parameters alpha of a relaxed cell: one number per position and operation, in double precision, moved by Adam.</summary>
internal sealed class OperationStrengths
{
    private const double Epsilon = 1e-8;

    private readonly OperationGate _gate;
    private readonly double[] _first;
    private readonly double[] _second;
    private double _beta1Power = 1.0;
    private double _beta2Power = 1.0;

    /// <summary>Draws every alpha from a normal distribution of this deviation.</summary>
    public OperationStrengths(CellSpace space, OperationGate gate, double deviation, ref Rng rng)
    {
        _gate = gate;
        Values = new double[space.Positions][];
        for (int position = 0; position < Values.Length; position++)
        {
            Values[position] = new double[space.OperationsAt(position).Count];
            foreach (ref double alpha in Values[position].AsSpan())
            {
                alpha = deviation * rng.NextGaussian();
            }
        }

        _first = new double[Values.Sum(row => row.Length)];
        _second = new double[_first.Length];
    }

    /// <summary>Alpha per position and operation; to be written by who checks gradients.</summary>
    public double[][] Values { get; }

    public int Count => _first.Length;

    /// <summary>The coefficients that the strengths stand for.</summary>
    public CellMixture Mixture(double auxiliarySkip = 0.0) => new([.. Values.Select(CoefficientsOf)], auxiliarySkip);

    /// <summary>Brings the gradient by the coefficients to the strengths, position by position.</summary>
    public double[] Gradient(IReadOnlyList<double[]> byCoefficients)
    {
        double[] gradient = new double[Count];
        int next = 0;
        for (int position = 0; position < Values.Length; position++)
        {
            double[] c = CoefficientsOf(Values[position]);
            double[] g = byCoefficients[position];
            double mean = 0.0;
            for (int o = 0; o < c.Length; o++)
            {
                mean += c[o] * g[o];
            }

            for (int o = 0; o < c.Length; o++)
            {
                gradient[next++] = _gate == OperationGate.Softmax ? c[o] * (g[o] - mean) : c[o] * (1.0 - c[o]) * g[o];
            }
        }

        return gradient;
    }

    /// <summary>Adds the gradient of the zero-one loss of Chu et al. (2020), -weight mean (sigmoid(alpha) - 1/2)^2, which drives gates apart.</summary>
    public void AddZeroOne(double[] gradient, double weight)
    {
        int next = 0;
        foreach (double[] row in Values)
        {
            foreach (double c in CoefficientsOf(row))
            {
                gradient[next++] -= 2.0 * weight / Count * (c - 0.5) * c * (1.0 - c);
            }
        }
    }

    /// <summary>One step of Adam with coupled decay, as Liu et al. (2019) do it: the decay is part of the gradient.</summary>
    public void Apply(double[] gradient, DartsOptions options)
    {
        _beta1Power *= options.StrengthBeta1;
        _beta2Power *= options.StrengthBeta2;
        int next = 0;
        foreach (double[] row in Values)
        {
            for (int o = 0; o < row.Length; o++, next++)
            {
                double g = gradient[next] + options.StrengthDecay * row[o];
                _first[next] = options.StrengthBeta1 * _first[next] + (1.0 - options.StrengthBeta1) * g;
                _second[next] = options.StrengthBeta2 * _second[next] + (1.0 - options.StrengthBeta2) * g * g;
                row[o] -= options.StrengthRate * (_first[next] / (1.0 - _beta1Power)) / (Math.Sqrt(_second[next] / (1.0 - _beta2Power)) + Epsilon);
            }
        }
    }

    /// <summary>The strongest operation of each position, the first among equals.</summary>
    public int[] Strongest() => [.. Values.Select(row => Array.IndexOf(row, row.Max()))];

    public double[][] Capture() => [.. Values.Select(row => (double[])row.Clone())];

    public void Restore(IReadOnlyList<double[]> values)
    {
        for (int position = 0; position < Values.Length; position++)
        {
            values[position].CopyTo(Values[position], 0);
        }
    }

    private double[] CoefficientsOf(double[] row)
    {
        if (_gate == OperationGate.Sigmoid)
        {
            return [.. row.Select(alpha => 1.0 / (1.0 + PortableMath.Exp(-alpha)))];
        }

        double highest = row.Max();
        double[] c = [.. row.Select(alpha => PortableMath.Exp(alpha - highest))];
        double sum = c.Sum();
        return [.. c.Select(value => value / sum)];
    }
}
