using TicketBot.Learning;
using TicketBot.Market.Tables;

namespace TicketBot.Testing;

/// <summary>Tables of a source and a target whose relation is known.</summary>
public static class DomainTables
{
    /// <summary>Rows of a normal distribution, moved and widened, <c>[rows, features]</c>.</summary>
    public static float[] Normal(int rows, int features, ulong seed, double shift = 0, double scale = 1)
    {
        var rng = new Rng(seed);
        var values = new float[rows * features];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(shift + (scale * rng.NextGaussian()));
        }

        return values;
    }

    /// <summary>Rows that remember those before, as candles do; equally distributed in every block.</summary>
    public static float[] Remembering(int rows, int features, ulong seed, double memory)
    {
        var rng = new Rng(seed);
        var values = new float[rows * features];
        for (var i = 0; i < values.Length; i++)
        {
            var noise = rng.NextGaussian();
            values[i] = (float)(i < features ? noise : (memory * values[i - features]) + (Math.Sqrt(1 - (memory * memory)) * noise));
        }

        return values;
    }

    /// <summary>A bent rule over eight features; the target may lie elsewhere or say the opposite.</summary>
    public static LabelledTable Rule(int rows, ulong seed, double shift = 0, bool isFlipped = false, Func<int, int>? relabel = null)
    {
        var rng = new Rng(seed);
        var (values, labels) = (new float[rows * 8], new int[rows]);
        for (var row = 0; row < rows; row++)
        {
            var x = values.AsSpan(row * 8, 8);
            foreach (ref var value in x)
            {
                value = (float)(rng.NextGaussian() + shift);
            }

            var z = Math.Sin(1.5 * x[0]) + (x[1] * x[2]) - (0.7 * x[3]) + (Math.Abs(x[4]) - 0.8) + (0.3 * rng.NextGaussian());
            labels[row] = (z > 0) != isFlipped ? 1 : 0;
            labels[row] = relabel?.Invoke(row) ?? labels[row];
        }

        return new LabelledTable([.. Enumerable.Range(0, 8).Select(i => $"x{i}")], values, labels, knownClasses: 2);
    }

    /// <summary>Two interleaved half circles (scikit-learn's make_moons), turned around their middle.</summary>
    public static LabelledTable Moons(int rows, ulong seed, double degrees, double noise = 0.1)
    {
        var rng = new Rng(seed);
        var (values, labels) = (new float[rows * 2], new int[rows]);
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        for (var row = 0; row < rows; row++)
        {
            var (t, isLower) = (Math.PI * rng.NextDouble(), rng.NextDouble() < 0.5);
            var x = (isLower ? 1 - Math.Cos(t) : Math.Cos(t)) - 0.5 + (noise * rng.NextGaussian());
            var y = (isLower ? 0.5 - Math.Sin(t) : Math.Sin(t)) - 0.25 + (noise * rng.NextGaussian());
            (values[2 * row], values[(2 * row) + 1]) = ((float)((cos * x) - (sin * y)), (float)((sin * x) + (cos * y)));
            labels[row] = isLower ? 1 : 0;
        }

        return new LabelledTable(["x", "y"], values, labels, knownClasses: 2);
    }
}
