using TicketBot.Testing;

namespace TicketBot.Learning.Tests.Search;

/// <summary>What each kind of gene can remember: the label is the sign of the input four steps back, in windows of eight.</summary>
public class MemoryTaskTests
{
    private const int Window = 8;
    private const int Back = 4;

    [Theory]
    [InlineData("lstm:16")]
    [InlineData("gru:16")]
    [InlineData("conv1d:16x5")]
    [InlineData("dense:16/identity,attention:16x2")]
    public void Genes_with_memory_learn_a_label_some_steps_back(string genes)
    {
        double accuracy = Accuracy(genes);

        Assert.True(accuracy >= 0.95, $"{genes} reached {accuracy:P1}");
    }

    [Fact]
    public void A_dense_layer_on_the_last_step_stays_near_chance()
    {
        double accuracy = Accuracy("dense:64,dense:64");

        // Two standard errors of 2,000 fair coins are 2.2 points.
        Assert.InRange(accuracy, 0.46, 0.54);
    }

    private static double Accuracy(string genes) => MemoryTask.AccuracyOf(
        Architecture.Parse(genes, 2, 2, Window), MemoryTask.Of(4_000, Window, Back, 1), MemoryTask.Of(2_000, Window, Back, 2), 40, 3);
}
