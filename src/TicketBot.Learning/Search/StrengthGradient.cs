using TicketBot.Learning.Training;

namespace TicketBot.Learning.Search;

/// <summary>Gradients of the validation loss by the strengths of operations (Liu et al. 2019, section 2.3). Weights and running statistics are left as they were.</summary>
internal sealed class StrengthGradient(CellNetwork network, OperationStrengths strengths)
{
    /// <summary>Length of the step by which the Hessian-vector product is differenced, over the norm of the vector (Liu et al. 2019: 0.01).</summary>
    public const double Probe = 0.01;

    /// <summary>First order: the weights are taken as they are. Returns the gradient and the loss.</summary>
    public (double[] Gradient, double Loss) FirstOrder(TrainingSet validation, ReadOnlySpan<int> rows, double auxiliarySkip, Rng noise)
    {
        float[][] statistics = network.CaptureStatistics();
        double loss = network.Backpropagate(validation, rows, strengths.Mixture(auxiliarySkip), noise);
        network.RestoreStatistics(statistics);
        return (strengths.Gradient(network.CoefficientGradients), loss);
    }

    /// <summary>Second order: the gradient of the validation loss after one step of plain gradient descent on the training batch, w' = w - xi dL_train/dw:
    /// dL_val(w')/dalpha - xi (dL_train(w+)/dalpha - dL_train(w-)/dalpha) / (2 eps), where w+- = w +- eps v, v = dL_val/dw' and eps = 0.01 / norm(v) (equations 7 and 8). Returns the
    /// gradient and the loss after the step.</summary>
    public (double[] Gradient, double Loss) SecondOrder(
        TrainingSet train, ReadOnlySpan<int> trainRows, TrainingSet validation, ReadOnlySpan<int> rows, double xi, double auxiliarySkip, Rng noise)
    {
        int[] batch = trainRows.ToArray();
        float[][] weights = network.CaptureWeights();
        CellMixture mixture = strengths.Mixture(auxiliarySkip);
        network.Backpropagate(train, batch, mixture, noise);
        float[][] descent = Gradients();
        Move(weights, descent, -xi);
        double loss = network.Backpropagate(validation, rows, mixture, noise);
        double[] gradient = strengths.Gradient(network.CoefficientGradients);
        float[][] direction = Gradients();
        double norm = Math.Sqrt(direction.Sum(values => values.Sum(value => (double)value * value)));
        if (norm > 0.0)
        {
            double step = Probe / norm;
            double[] above = OfTraining(step);
            double[] below = OfTraining(-step);
            for (int i = 0; i < gradient.Length; i++)
            {
                gradient[i] -= xi * (above[i] - below[i]) / (2.0 * step);
            }
        }

        network.RestoreWeights(weights);
        return (gradient, loss);

        double[] OfTraining(double step)
        {
            Move(weights, direction, step);
            network.Backpropagate(train, batch, mixture, noise);
            return strengths.Gradient(network.CoefficientGradients);
        }
    }

    /// <summary>The Hessian of the validation loss by the strengths, by central differences of the first-order gradient, made symmetric.</summary>
    /// <param name="validation">Rows to judge by.</param>
    /// <param name="rows">The batch.</param>
    /// <param name="step">Step of the differences in units of the strengths.</param>
    public double[,] Hessian(TrainingSet validation, ReadOnlySpan<int> rows, double step = 0.05)
    {
        int count = strengths.Count;
        double[,] hessian = new double[count, count];
        int column = 0;
        foreach (double[] row in strengths.Values)
        {
            for (int o = 0; o < row.Length; o++, column++)
            {
                double alpha = row[o];
                row[o] = alpha + step;
                double[] above = FirstOrder(validation, rows, 0.0, new Rng(0)).Gradient;
                row[o] = alpha - step;
                double[] below = FirstOrder(validation, rows, 0.0, new Rng(0)).Gradient;
                row[o] = alpha;
                for (int i = 0; i < count; i++)
                {
                    double slope = (above[i] - below[i]) / (4.0 * step);
                    hessian[i, column] += slope;
                    hessian[column, i] += slope;
                }
            }
        }

        return hessian;
    }

    private float[][] Gradients() => [.. network.Parameters.Select(parameter => parameter.Shape.IsTrained ? (float[])parameter.Gradient.Clone() : [])];

    private void Move(float[][] weights, float[][] direction, double step)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            float[] values = network.Parameters[i].Values;
            weights[i].CopyTo(values, 0);
            for (int j = 0; j < direction[i].Length; j++)
            {
                values[j] = (float)(weights[i][j] + step * direction[i][j]);
            }
        }
    }
}
