using TicketBot.Learning;
using TicketBot.Testing;

namespace TicketBot.Tickets.Tests;

public sealed class SimilarityReferenceTests
{
    private const int Features = 6;
    private const int Window = 96;
    private static readonly SimilarityReference Reference = SimilarityReference.Fit(TestTickets.Rows(4_000, Features), Features, Window);

    [Fact]
    public void Is_one_for_nineteen_of_twenty_windows_of_the_training_period()
    {
        var rows = TestTickets.Rows(4_000, Features);
        var similarities = Windows(rows).Select(w => Reference.SimilarityOf(w)).ToArray();
        Assert.InRange(similarities.Count(s => s == 1) / (double)similarities.Length, 0.93, 0.99);
        Assert.InRange(similarities.Min(), 0, 0.999);
    }

    [Fact]
    public void Stays_high_on_unseen_rows_of_the_same_market()
    {
        var similarities = Windows(TestTickets.Rows(4_000, Features, seed: 2)).Select(w => Reference.SimilarityOf(w)).ToArray();
        Assert.True(similarities.Average() > 0.95, $"mean {similarities.Average()}");
    }

    [Fact]
    public void Falls_the_more_the_market_is_scaled()
    {
        var previous = Mean(1);
        foreach (var scale in (float[])[1.5f, 2f, 3f])
        {
            var mean = Mean(scale);
            Assert.True(mean < previous - 0.05, $"scale {scale}: {mean}, before {previous}");
            previous = mean;
        }

        Assert.Equal(0, previous, 0.05);

        static double Mean(float scale) =>
            Windows([.. TestTickets.Rows(4_000, Features, seed: 2).Select(x => x * scale)]).Average(w => Reference.SimilarityOf(w));
    }

    [Fact]
    public void Falls_when_the_market_is_quieter_than_in_training()
    {
        var mean = Windows([.. TestTickets.Rows(4_000, Features, seed: 2).Select(x => x / 2)]).Average(w => Reference.SimilarityOf(w));
        Assert.True(mean < 0.7, $"{mean}");
    }

    [Fact]
    public void Falls_when_rows_are_shuffled_in_time()
    {
        var (plain, shuffled) = (0.0, 0.0);
        var rng = new Rng(3);
        foreach (var window in Windows(TestTickets.Rows(4_000, Features, seed: 2)))
        {
            plain += Reference.SimilarityOf(window);
            shuffled += Reference.SimilarityOf(Shuffled(window, ref rng));
        }

        Assert.True(shuffled < 0.2 * plain, $"shuffled {shuffled}, plain {plain}");
    }

    [Fact]
    public void Falls_when_features_drift_away_and_reaches_zero_far_out_without_ever_rising()
    {
        var window = Windows(TestTickets.Rows(400, Features, seed: 2)).First();
        var previous = Reference.SimilarityOf(window);
        Assert.Equal(1, previous);
        for (var shift = 0.25f; shift <= 4; shift += 0.25f)
        {
            var now = Reference.SimilarityOf([.. window.Select(x => x + shift)]);
            Assert.InRange(now, 0, previous + 1e-6); // Float rows: a shift alters their deviation by a rounding.
            previous = now;
        }

        Assert.Equal(0, previous);
    }

    [Fact]
    public void One_odd_feature_alone_does_not_decide_over_thirty()
    {
        var reference = SimilarityReference.Fit(TestTickets.Rows(4_000, 30), 30, Window);
        var window = TestTickets.Rows(Window, 30, seed: 2);
        Assert.Equal(1, reference.SimilarityOf(window));
        for (var i = 7; i < window.Length; i += 30)
        {
            window[i] = 8;
        }

        Assert.InRange(reference.SimilarityOf(window), 0.3, 0.999);
    }

    [Fact]
    public void A_feature_that_stood_still_in_training_does_no_harm_while_it_stands_still()
    {
        var rows = TestTickets.Rows(2_000, 2);
        for (var i = 1; i < rows.Length; i += 2)
        {
            rows[i] = 0;
        }

        var reference = SimilarityReference.Fit(rows, 2, Window);
        var window = rows[..(Window * 2)];
        Assert.True(reference.SimilarityOf(window) > 0.5);
        for (var i = 1; i < window.Length; i += 2)
        {
            window[i] = 5;
        }

        Assert.True(reference.SimilarityOf(window) < 0.1);
    }

    [Fact]
    public void Measuring_allocates_nothing()
    {
        var window = TestTickets.Rows(Window, Features);
        Reference.SimilarityOf(window);
        Assert.Equal(0, AllocatedBytes.LeastOf(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                Reference.SimilarityOf(window);
            }
        }));
    }

    [Fact]
    public void Refuses_too_few_rows_another_length_and_values_that_are_not_finite()
    {
        Assert.Throws<ArgumentException>(() => SimilarityReference.Fit(TestTickets.Rows((2 * Window) - 1, Features), Features, Window));
        Assert.Throws<ArgumentException>(() => Reference.SimilarityOf(TestTickets.Rows(Window - 1, Features)));
        var window = TestTickets.Rows(Window, Features);
        window[17] = float.NaN;
        Assert.Throws<ArgumentException>(() => Reference.SimilarityOf(window));
        Assert.Throws<ArgumentException>(() => new SimilarityReference(Window, [0, 0, 0], [1, 1, 0], 1));
    }

    private static IEnumerable<float[]> Windows(float[] rows)
    {
        for (var start = 0; start + (Window * Features) <= rows.Length; start += Window * Features / 4)
        {
            yield return rows[start..(start + (Window * Features))];
        }
    }

    private static float[] Shuffled(float[] window, ref Rng rng)
    {
        var order = Enumerable.Range(0, Window).ToArray();
        rng.Shuffle(order.AsSpan());
        return [.. order.SelectMany(row => window[(row * Features)..((row + 1) * Features)])];
    }
}
