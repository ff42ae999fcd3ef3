using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>Activations and their derivatives, in place over tiles. Lanes are independent elements; lengths are multiples of 8.
/// A NaN passes through, so that divergence is seen at the loss and not hidden by a ReLU.</summary>
internal static unsafe class Activations
{
    /// <summary>Slope of the leaky ReLU below zero (Maas et al. 2013).</summary>
    public const float LeakySlope = 0.01f;

    public static float Of(Activation activation, float x) => activation switch
    {
        Activation.Relu => x < 0f ? 0f : x,
        Activation.LeakyRelu => x < 0f ? x * LeakySlope : x,
        Activation.Tanh => Exponential.Tanh(x),
        _ => x,
    };

    public static void Apply(Activation activation, float* values, int count, KernelForm form)
    {
        if (activation == Activation.Identity)
        {
            return;
        }

        if (form == KernelForm.Scalar)
        {
            for (int i = 0; i < count; i++)
            {
                values[i] = Of(activation, values[i]);
            }

            return;
        }

        for (int i = 0; i < count; i += 8)
        {
            Vector256<float> x = Vector256.Load(values + i);
            Vector256<float> below = Vector256.LessThan(x, Vector256<float>.Zero);
            Vector256<float> y = activation switch
            {
                Activation.Relu => Vector256.AndNot(x, below),
                Activation.LeakyRelu => Vector256.ConditionalSelect(below, x * LeakySlope, x),
                _ => Exponential.Tanh(x),
            };
            y.Store(values + i);
        }
    }

    /// <summary>Multiplies the gradient by the slope at the outputs; at the kink of the ReLU family the slope is the lower one.</summary>
    public static void Backward(Activation activation, float* outputs, float* gradient, int count, KernelForm form)
    {
        if (activation == Activation.Identity)
        {
            return;
        }

        if (form == KernelForm.Scalar)
        {
            for (int i = 0; i < count; i++)
            {
                float y = outputs[i];
                gradient[i] = activation switch
                {
                    Activation.Relu => y > 0f ? gradient[i] : 0f,
                    Activation.LeakyRelu => y > 0f ? gradient[i] : gradient[i] * LeakySlope,
                    _ => gradient[i] * MathF.FusedMultiplyAdd(-y, y, 1f),
                };
            }

            return;
        }

        for (int i = 0; i < count; i += 8)
        {
            Vector256<float> y = Vector256.Load(outputs + i);
            Vector256<float> g = Vector256.Load(gradient + i);
            Vector256<float> above = Vector256.GreaterThan(y, Vector256<float>.Zero);
            g = activation switch
            {
                Activation.Relu => g & above,
                Activation.LeakyRelu => Vector256.ConditionalSelect(above, g, g * LeakySlope),
                _ => g * Vector256.FusedMultiplyAdd(-y, y, Vector256<float>.One),
            };
            g.Store(gradient + i);
        }
    }

    /// <summary>Applies to <c>rows</c> rows of a tile; a full tile is one run, a short one leaves the unused lanes of each row alone.</summary>
    public static void ApplyRows(Activation activation, float* values, int rows, int lanes, KernelForm form)
    {
        if (lanes == Tile.Width)
        {
            Apply(activation, values, rows * Tile.Width, form);
            return;
        }

        for (int row = 0; row < rows; row++)
        {
            Apply(activation, values + row * Tile.Width, lanes, form);
        }
    }

    /// <summary>The backward form of <see cref="ApplyRows"/>.</summary>
    public static void BackwardRows(Activation activation, float* outputs, float* gradient, int rows, int lanes, KernelForm form)
    {
        if (lanes == Tile.Width)
        {
            Backward(activation, outputs, gradient, rows * Tile.Width, form);
            return;
        }

        for (int row = 0; row < rows; row++)
        {
            Backward(activation, outputs + row * Tile.Width, gradient + row * Tile.Width, lanes, form);
        }
    }
}
