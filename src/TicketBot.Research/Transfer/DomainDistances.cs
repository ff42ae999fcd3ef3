using TicketBot.Learning;
using TicketBot.Learning.Losses;
using TicketBot.Learning.Training;
using TicketBot.Research.Drift;
using TicketBot.Research.Stages;

namespace TicketBot.Research.Transfer;

/// <summary>How far target and source lie apart, by training rows as they are scaled; no label is read.</summary>
/// <param name="Mmd">Unbiased squared kernel distance, see <see cref="KernelTest"/>.</param>
/// <param name="MmdPValue">Its p-value by block permutations.</param>
/// <param name="ADistance">Proxy A-distance, 0 (no classifier tells the domains apart) to 2.</param>
/// <param name="ADistanceLow">Lower end of its 95 % interval.</param>
/// <param name="ADistanceHigh">Upper end.</param>
/// <param name="Coral">Squared Frobenius norm of the difference of the covariances over 4 d^2, in units of the scaled features.</param>
/// <param name="Similarity">Calibrated similarity, 1 for equal domains, see <see cref="Transfer.Similarity"/>.</param>
/// <param name="Rows">Rows of source and target behind the kernel distance.</param>
/// <param name="IsProjected">Whether rows were too wide and distances were taken between random projections.</param>
public sealed record DomainDistances(
    double Mmd, double MmdPValue, double ADistance, double ADistanceLow, double ADistanceHigh, double Coral, double Similarity, int Rows, bool IsProjected)
{
    private const int MostKernelRows = 800;
    private const int MostClassifierRows = 2_000;
    private const int WidestRow = 64;
    private const int Permutations = 500;

    /// <summary>Measures.</summary>
    /// <param name="source">Rows of the source.</param>
    /// <param name="target">Rows of the target.</param>
    /// <param name="window">Steps of a row: rows so close to each other share steps.</param>
    /// <param name="seed">Seed of permutations and projections.</param>
    public static DomainDistances Of(TrainingSet source, TrainingSet target, int window, ulong seed)
    {
        var (first, second, width) = (source.Features.ToArray(), target.Features.ToArray(), source.RowLength);
        var projects = width > WidestRow;
        if (projects)
        {
            var rng = new Rng(StageHash.Seed("projection", seed));
            var matrix = new float[width * WidestRow];
            for (var i = 0; i < matrix.Length; i++)
            {
                matrix[i] = (float)(rng.NextGaussian() / Math.Sqrt(WidestRow));
            }

            (first, second, width) = (Projected(first, width, matrix), Projected(second, width, matrix), WidestRow);
        }

        var (a, b) = (Spaced(first, width, MostKernelRows), Spaced(second, width, MostKernelRows));
        var fewest = Math.Min(a.Length, b.Length) / width;
        var shared = (window + StrideOf(first, a) - 1) / StrideOf(first, a);
        var block = Math.Max(1, Math.Min(Math.Max(shared, (int)Math.Round(Math.Cbrt(fewest))), fewest / 4));
        var test = KernelTest.Of(a, b, width, block, Permutations, new Rng(StageHash.Seed("permutations", seed)));
        var (c, d) = (Thinned(first, width, MostClassifierRows), Thinned(second, width, MostClassifierRows));
        var apart = Math.Min(c.Length, d.Length) / width < 2 * ProxyADistance.Folds ? default : ProxyADistance.Measure(
            Array.ConvertAll(c, v => (double)v), Array.ConvertAll(d, v => (double)v), width, window == 1 ? 0 : window, new Rng(StageHash.Seed("classifier", seed)));
        var most = FeatureDistance.MaximumSamples / 2;
        var coral = new FeatureDistance.Coral().Between(Thinned(first, width, most), Thinned(second, width, most), width);
        return new DomainDistances(
            test.Distance, test.PValue, apart.Distance, apart.Low, apart.High, coral, Transfer.Similarity.Of(test, Transfer.Similarity.YardstickOf(a, width), apart.Low), test.First + test.Second, projects);
    }

    /// <summary>Returns the kernel distance of two sets of hidden features, of at most 500 rows each.</summary>
    internal static double OfFeatures(float[] source, float[] target, int features) =>
        KernelTest.DistanceOf(Thinned(source, features, 500), Thinned(target, features, 500), features);

    /// <summary>Returns at most so many rows: equal blocks spread over all, so that the whole time is seen and neighbours stay neighbours.</summary>
    internal static float[] Thinned(float[] rows, int width, int most)
    {
        var count = rows.Length / width;
        if (count <= most)
        {
            return rows;
        }

        const int Pieces = 10;
        var piece = most / Pieces;
        var kept = new float[Pieces * piece * width];
        for (var i = 0; i < Pieces; i++)
        {
            var from = (int)((long)i * (count - piece) / (Pieces - 1));
            Array.Copy(rows, from * width, kept, i * piece * width, piece * width);
        }

        return kept;
    }

    // Single rows far from each other: what rows remember of those before is then short, and most of them say something new.
    private static float[] Spaced(float[] rows, int width, int most)
    {
        var count = rows.Length / width;
        if (count <= most)
        {
            return rows;
        }

        var kept = new float[most * width];
        for (var i = 0; i < most; i++)
        {
            Array.Copy(rows, (int)((long)i * count / most) * width, kept, i * width, width);
        }

        return kept;
    }

    private static int StrideOf(float[] rows, float[] kept) => Math.Max(1, rows.Length / kept.Length);

    private static float[] Projected(float[] rows, int width, float[] matrix)
    {
        var count = rows.Length / width;
        var projected = new float[count * WidestRow];
        for (var row = 0; row < count; row++)
        {
            var into = projected.AsSpan(row * WidestRow, WidestRow);
            for (var c = 0; c < width; c++)
            {
                var value = rows[(row * width) + c];
                for (var k = 0; k < WidestRow; k++)
                {
                    into[k] += value * matrix[(c * WidestRow) + k];
                }
            }
        }

        return projected;
    }
}
