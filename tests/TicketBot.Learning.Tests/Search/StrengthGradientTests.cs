using TicketBot.Learning.Search;
using TicketBot.Learning.Training;
using TicketBot.Testing;

namespace TicketBot.Learning.Tests.Search;

/// <summary>Gradients by strengths against central differences. The functions are smooth (no rectifiers), steps are those at which a loss in float still has four figures.</summary>
public class StrengthGradientTests
{
    private const double Step = 0.02;

    private static readonly CellSpace Space = new(2, 2, 6, 8, 2, ["dense:8/tanh", "conv1d:8x3/gelu", "lstm:8", "attention:8x2", "skip", "identity"]);
    private static readonly TrainingSet Train = MemoryTask.Of(64, 6, 2, 1);
    private static readonly TrainingSet Validation = MemoryTask.Of(64, 6, 2, 2);
    private static readonly int[] Rows = [.. Enumerable.Range(0, 64)];

    [Theory]
    [InlineData(OperationGate.Softmax)]
    [InlineData(OperationGate.Sigmoid)]
    public void The_first_order_gradient_is_that_of_the_validation_loss(OperationGate gate)
    {
        (CellNetwork cell, OperationStrengths strengths, StrengthGradient gradient) = Make(gate);

        double[] found = gradient.FirstOrder(Validation, Rows, 0.5, new Rng(1)).Gradient;

        RequireEqual(Differences(strengths, () => cell.Backpropagate(Validation, Rows, strengths.Mixture(0.5), new Rng(1))), found);
    }

    [Fact]
    public void The_second_order_gradient_is_that_of_the_validation_loss_after_one_step_of_training()
    {
        (CellNetwork cell, OperationStrengths strengths, StrengthGradient gradient) = Make(OperationGate.Softmax);
        const double xi = 0.3;
        float[][] before = cell.CaptureWeights();

        double[] found = gradient.SecondOrder(Train, Rows, Validation, Rows, xi, 0.5, new Rng(1)).Gradient;

        double[] expected = Differences(strengths, AfterOneStep);
        RequireEqual(expected, found);

        // The part that the first order leaves out is large enough here to be seen.
        double[] first = gradient.FirstOrder(Validation, Rows, 0.5, new Rng(1)).Gradient;
        Assert.True(expected.Zip(first, (a, b) => Math.Abs(a - b)).Max() > 0.01);
        Assert.Equal(Tasks.HashOf(before), Tasks.HashOf(cell.CaptureWeights()));

        double AfterOneStep()
        {
            cell.RestoreWeights(before);
            cell.Backpropagate(Train, Rows, strengths.Mixture(0.5), new Rng(1));
            foreach (Parameter parameter in cell.Parameters.Where(parameter => parameter.Shape.IsTrained))
            {
                for (int i = 0; i < parameter.Values.Length; i++)
                {
                    parameter.Values[i] -= (float)(xi * parameter.Gradient[i]);
                }
            }

            double loss = cell.Backpropagate(Validation, Rows, strengths.Mixture(0.5), new Rng(1));
            cell.RestoreWeights(before);
            return loss;
        }
    }

    [Fact]
    public void A_step_of_no_length_makes_the_second_order_the_first()
    {
        (_, _, StrengthGradient gradient) = Make(OperationGate.Softmax);

        double[] still = gradient.SecondOrder(Train, Rows, Validation, Rows, 1e-9, 0.0, new Rng(1)).Gradient;

        RequireEqual(gradient.FirstOrder(Validation, Rows, 0.0, new Rng(1)).Gradient, still);
    }

    [Fact]
    public void The_zero_one_loss_has_the_gradient_of_its_formula()
    {
        (_, OperationStrengths strengths, _) = Make(OperationGate.Sigmoid);
        double[] found = new double[strengths.Count];

        strengths.AddZeroOne(found, 2.0);

        RequireEqual(Differences(strengths, () => -2.0 * strengths.Mixture().Coefficients.SelectMany(row => row).Average(c => (c - 0.5) * (c - 0.5))), found);
    }

    [Fact]
    public void The_largest_eigenvalue_is_the_steepest_curvature_of_the_validation_loss()
    {
        (_, OperationStrengths strengths, StrengthGradient gradient) = Make(OperationGate.Softmax);
        double[,] hessian = gradient.Hessian(Validation, Rows);

        double found = SymmetricEigenvalues.Largest((double[,])hessian.Clone());

        // No direction is steeper, and the direction that repeated multiplication finds is as steep.
        var rng = new Rng(3);
        double[] direction = [.. Enumerable.Range(0, strengths.Count).Select(_ => rng.NextGaussian())];
        double steepest = double.NegativeInfinity;
        double shift = Enumerable.Range(0, strengths.Count).Max(i => Enumerable.Range(0, strengths.Count).Sum(j => Math.Abs(hessian[i, j])));
        for (int turn = 0; turn < 3_000; turn++)
        {
            double norm = Math.Sqrt(direction.Sum(x => x * x));
            direction = [.. direction.Select(x => x / norm)];
            double[] product = [.. Enumerable.Range(0, direction.Length).Select(i => direction.Select((x, j) => hessian[i, j] * x).Sum())];
            steepest = product.Zip(direction, (a, b) => a * b).Sum();
            Assert.True(steepest <= found + 1e-9);
            direction = [.. product.Zip(direction, (a, b) => a + shift * b)];
        }

        Assert.Equal(found, steepest, 1e-6);
    }

    // Golden: numpy 1.24.2 linalg.eigvalsh of the same matrix.
    [Fact]
    public void Eigenvalues_agree_with_a_known_matrix() =>
        Assert.Equal(GoldenLargest, SymmetricEigenvalues.Largest(new[,] { { 4.0, -2.0, 1.0, 0.5 }, { -2.0, 3.0, 0.0, -1.5 }, { 1.0, 0.0, -5.0, 2.0 }, { 0.5, -1.5, 2.0, 1.0 } }), 1e-12);

    private const double GoldenLargest = 6.077559242426687;

    private static (CellNetwork, OperationStrengths, StrengthGradient) Make(OperationGate gate)
    {
        var rng = new Rng(4);
        CellNetwork cell = CellNetwork.Create(Space, null, ref rng);
        var strengths = new OperationStrengths(Space, gate, 0.5, ref rng);
        return (cell, strengths, new StrengthGradient(cell, strengths));
    }

    private static double[] Differences(OperationStrengths strengths, Func<double> loss)
    {
        var differences = new List<double>();
        foreach (double[] row in strengths.Values)
        {
            for (int o = 0; o < row.Length; o++)
            {
                double alpha = row[o];
                double Slope(double step)
                {
                    row[o] = alpha + step;
                    double above = loss();
                    row[o] = alpha - step;
                    double below = loss();
                    row[o] = alpha;
                    return (above - below) / (2 * step);
                }

                // Richardson: the error of the second power cancels.
                differences.Add((4 * Slope(Step) - Slope(2 * Step)) / 3);
            }
        }

        return [.. differences];
    }

    private static void RequireEqual(double[] expected, double[] found)
    {
        double scale = expected.Max(Math.Abs);
        Assert.True(scale > 1e-3, $"nothing to compare: the largest expected gradient is {scale}");
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - found[i]) < 0.01 * scale, $"gradient {i}: {expected[i]} by differences, {found[i]} found, scale {scale}");
        }
    }
}
