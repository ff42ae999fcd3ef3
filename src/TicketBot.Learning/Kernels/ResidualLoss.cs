using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>Huber's loss and its gradient over a tile; lanes are samples. With c the residual d clamped to +-delta the loss is c (d - c / 2) and its slope c, so an
/// infinite delta gives half the squared error. A lane adds its outputs ascending. NaN passes through.</summary>
internal static unsafe class ResidualLoss
{
    /// <summary>Writes the scaled gradient and each lane's loss, not scaled.</summary>
    /// <param name="outputs"><c>[rows][64]</c>.</param>
    /// <param name="targets"><c>[rows][64]</c>.</param>
    /// <param name="gradient"><c>[rows][64]</c>; below 1e-12 it is zero.</param>
    /// <param name="rows">Outputs of a sample.</param>
    /// <param name="lanes">Lanes in use, a multiple of 16.</param>
    /// <param name="delta">Where squared becomes absolute, above 0; infinity never.</param>
    /// <param name="scales">Factor of the gradient per lane, zero without a sample.</param>
    /// <param name="losses">Loss per lane.</param>
    /// <param name="form">Which form runs.</param>
    public static void Run(float* outputs, float* targets, float* gradient, int rows, int lanes, float delta, float* scales, float* losses, KernelForm form)
    {
        if (form == KernelForm.Scalar)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                float loss = 0f;
                for (int at = lane; at < rows * Tile.Width; at += Tile.Width)
                {
                    float d = outputs[at] - targets[at];
                    float c = d < -delta ? -delta : d > delta ? delta : d;
                    float g = c * scales[lane];
                    gradient[at] = MathF.Abs(g) < SoftmaxCrossEntropy.GradientFloor ? 0f : g;
                    loss = MathF.FusedMultiplyAdd(c, MathF.FusedMultiplyAdd(c, -0.5f, d), loss);
                }

                losses[lane] = loss;
            }

            return;
        }

        Vector256<float> high = Vector256.Create(delta);
        Vector256<float> low = Vector256.Create(-delta);
        Vector256<float> floor = Vector256.Create(SoftmaxCrossEntropy.GradientFloor);
        for (int lane = 0; lane < lanes; lane += 8)
        {
            Vector256<float> scale = Vector256.Load(scales + lane);
            Vector256<float> loss = Vector256<float>.Zero;
            for (int at = lane; at < rows * Tile.Width; at += Tile.Width)
            {
                Vector256<float> d = Vector256.Load(outputs + at) - Vector256.Load(targets + at);
                Vector256<float> c = Vector256.ConditionalSelect(Vector256.GreaterThan(d, high), high, d);
                c = Vector256.ConditionalSelect(Vector256.LessThan(d, low), low, c);
                Vector256<float> g = c * scale;
                Vector256.AndNot(g, Vector256.LessThan(Vector256.Abs(g), floor)).Store(gradient + at);
                loss = Vector256.FusedMultiplyAdd(c, Vector256.FusedMultiplyAdd(c, Vector256.Create(-0.5f), d), loss);
            }

            loss.Store(losses + lane);
        }
    }
}
