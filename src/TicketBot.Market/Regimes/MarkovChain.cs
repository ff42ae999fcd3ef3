namespace TicketBot.Market.Regimes;

/// <summary>Arithmetic of a small transition matrix.</summary>
internal static class MarkovChain
{
    /// <summary>Writes the stationary distribution of a <c>[K, K]</c> matrix without zeros: any row of a high power of it.</summary>
    public static void Stationary(ReadOnlySpan<double> transitions, Span<double> destination)
    {
        const int Squarings = 40;
        var k = destination.Length;
        var power = transitions.ToArray();
        var square = new double[k * k];
        for (var n = 0; n < Squarings; n++)
        {
            for (var i = 0; i < k; i++)
            {
                var total = 0.0;
                for (var j = 0; j < k; j++)
                {
                    var sum = 0.0;
                    for (var m = 0; m < k; m++)
                    {
                        sum += power[(i * k) + m] * power[(m * k) + j];
                    }

                    square[(i * k) + j] = sum;
                    total += sum;
                }

                // Without this the rows' sums leave one by a rounding error that doubles with each squaring.
                for (var j = 0; j < k; j++)
                {
                    square[(i * k) + j] /= total;
                }
            }

            (power, square) = (square, power);
        }

        power.AsSpan(0, k).CopyTo(destination);
    }
}
