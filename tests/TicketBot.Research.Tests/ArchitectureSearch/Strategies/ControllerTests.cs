using TicketBot.Learning;
using TicketBot.Research.ArchitectureSearch.Spaces;
using TicketBot.Research.ArchitectureSearch.Strategies;

namespace TicketBot.Research.Tests.ArchitectureSearch.Strategies;

public sealed class ControllerTests
{
    private static readonly ArchitectureSpace Space = new(new SpaceOptions { Inputs = 2, Outputs = 2, Window = 4, Places = 2, Widths = [16, 32] });

    [Fact]
    public void The_gradient_of_the_recurrent_controller_is_that_of_central_differences()
    {
        var rng = new Rng(2);
        var controller = new RecurrentController(Space, 5, 0.01, 0.0, ref rng);
        var choices = controller.Sample(ref rng);
        var gradient = controller.Gradient(choices, 1.0);
        var checkedOnes = 0;
        for (var i = 0; i < controller.Values.Length; i += 7)
        {
            const double Step = 1e-5;
            var value = controller.Values[i];
            controller.Values[i] = value + Step;
            var above = controller.LogProbability(choices);
            controller.Values[i] = value - Step;
            var below = controller.LogProbability(choices);
            controller.Values[i] = value;
            Assert.Equal((above - below) / (2 * Step), gradient[i], 1e-8);
            checkedOnes += gradient[i] != 0 ? 1 : 0;
        }

        Assert.True(checkedOnes > 20);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Choices_that_are_rewarded_become_likely(bool isRecurrent)
    {
        var rng = new Rng(9);
        Controller controller = isRecurrent ? new RecurrentController(Space, 16, 0.02, 1e-4, ref rng) : new FactorisedController(Space, 0.1, 1e-4, ref rng);
        int Wanted(int[] choices) => Space.Of(choices).Architecture.Genes.Contains("gru:32", StringComparison.Ordinal) ? 1 : 0;
        var before = Enumerable.Range(0, 200).Sum(_ => Wanted(controller.Sample(ref rng)));
        for (var i = 0; i < 400; i++)
        {
            var choices = controller.Sample(ref rng);
            controller.Reinforce(choices, Wanted(choices) - 0.3);
        }

        var after = Enumerable.Range(0, 200).Sum(_ => Wanted(controller.Sample(ref rng)));
        Assert.InRange(before, 10, 70);
        Assert.True(after > 150, $"{before} of 200 before, {after} after");
    }
}
