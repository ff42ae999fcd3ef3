using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>Parameter updates; lanes are parameters, so no order of sums is involved. Divide and square root are exact. Values too small
/// to matter are set to zero by fixed thresholds, because moments that decay into denormals slow a step by an order of magnitude.
/// Where the keep bits are zero, moments and weight come out as exactly +0, whatever the gradient.</summary>
internal static unsafe class Updates
{
    public const float GradientFloor = 1e-15f;
    public const float MomentFloor = 1e-30f;
    public const float SquareFloor = 1e-34f;

    /// <summary>Constants of one Adam step.</summary>
    public readonly record struct AdamStep(float Rate, float Decay, float GradientScale, float Beta1, float Beta2, float Correction1, float Correction2, float Epsilon);

    /// <summary>Constants of one step of gradient descent with momentum.</summary>
    public readonly record struct DescentStep(float Rate, float Decay, float GradientScale, float Momentum);

    /// <summary>Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019).</summary>
    public static void Adam(float* w, float* g, float* m, float* v, int* keep, int count, in AdamStep s, KernelForm form)
    {
        float beta1Rest = 1f - s.Beta1;
        float beta2Rest = 1f - s.Beta2;
        float shrink = s.Rate * s.Decay;
        int i = 0;
        if (form != KernelForm.Scalar)
        {
            for (; i + 8 <= count; i += 8)
            {
                Vector256<float> gi = Vector256.Load(g + i) * s.GradientScale;
                Vector256<float> wi = Vector256.Load(w + i);
                Vector256<float> bits = keep != null ? Vector256.Load(keep + i).AsSingle() : Vector256<float>.AllBitsSet;

                gi = Vector256.AndNot(gi, Vector256.LessThan(Vector256.Abs(gi), Vector256.Create(GradientFloor)));
                Vector256<float> mi = Vector256.Load(m + i) * s.Beta1 + gi * beta1Rest;
                mi = Vector256.AndNot(mi, Vector256.LessThan(Vector256.Abs(mi), Vector256.Create(MomentFloor)));
                Vector256<float> vi = Vector256.Load(v + i) * s.Beta2 + gi * gi * beta2Rest;
                vi = Vector256.AndNot(vi, Vector256.LessThan(vi, Vector256.Create(SquareFloor)));
                Vector256<float> step = (mi / Vector256.Create(s.Correction1)) / (Vector256.Sqrt(vi / Vector256.Create(s.Correction2)) + Vector256.Create(s.Epsilon));
                wi = (wi - wi * shrink) - step * s.Rate;
                wi = Vector256.AndNot(wi, Vector256.LessThan(Vector256.Abs(wi), Vector256.Create(MomentFloor)));
                (mi & bits).Store(m + i);
                (vi & bits).Store(v + i);
                (wi & bits).Store(w + i);
            }
        }

        for (; i < count; i++)
        {
            if (keep != null && keep[i] == 0)
            {
                w[i] = m[i] = v[i] = 0f;
                continue;
            }

            float gi = g[i] * s.GradientScale;
            float wi = w[i];
            gi = MathF.Abs(gi) < GradientFloor ? 0f : gi;
            float mi = m[i] * s.Beta1 + gi * beta1Rest;
            mi = MathF.Abs(mi) < MomentFloor ? 0f : mi;
            float vi = v[i] * s.Beta2 + gi * gi * beta2Rest;
            vi = vi < SquareFloor ? 0f : vi;
            float step = (mi / s.Correction1) / (MathF.Sqrt(vi / s.Correction2) + s.Epsilon);
            wi = (wi - wi * shrink) - step * s.Rate;
            wi = MathF.Abs(wi) < MomentFloor ? 0f : wi;
            m[i] = mi;
            v[i] = vi;
            w[i] = wi;
        }
    }

    /// <summary>g = scale g + decay w, by fused multiply-add: the coupled weight decay of plain Adam.</summary>
    public static void AddDecay(float* w, float* g, int count, float scale, float decay, KernelForm form)
    {
        int i = 0;
        if (form != KernelForm.Scalar)
        {
            for (; i + 8 <= count; i += 8)
            {
                Vector256.FusedMultiplyAdd(Vector256.Load(w + i), Vector256.Create(decay), Vector256.Load(g + i) * scale).Store(g + i);
            }
        }

        for (; i < count; i++)
        {
            g[i] = MathF.FusedMultiplyAdd(w[i], decay, g[i] * scale);
        }
    }

    /// <summary>Gradient descent with heavy-ball momentum (Polyak 1964): u = momentum * u + g, w = w - rate * u; weight decay is decoupled.</summary>
    public static void Descent(float* w, float* g, float* u, int* keep, int count, in DescentStep s, KernelForm form)
    {
        float shrink = s.Rate * s.Decay;
        int i = 0;
        if (form != KernelForm.Scalar)
        {
            for (; i + 8 <= count; i += 8)
            {
                Vector256<float> gi = Vector256.Load(g + i) * s.GradientScale;
                Vector256<float> wi = Vector256.Load(w + i);
                Vector256<float> bits = keep != null ? Vector256.Load(keep + i).AsSingle() : Vector256<float>.AllBitsSet;

                gi = Vector256.AndNot(gi, Vector256.LessThan(Vector256.Abs(gi), Vector256.Create(GradientFloor)));
                Vector256<float> ui = Vector256.Load(u + i) * s.Momentum + gi;
                ui = Vector256.AndNot(ui, Vector256.LessThan(Vector256.Abs(ui), Vector256.Create(MomentFloor)));
                wi = (wi - wi * shrink) - ui * s.Rate;
                wi = Vector256.AndNot(wi, Vector256.LessThan(Vector256.Abs(wi), Vector256.Create(MomentFloor)));
                (ui & bits).Store(u + i);
                (wi & bits).Store(w + i);
            }
        }

        for (; i < count; i++)
        {
            if (keep != null && keep[i] == 0)
            {
                w[i] = u[i] = 0f;
                continue;
            }

            float gi = g[i] * s.GradientScale;
            float wi = w[i];
            gi = MathF.Abs(gi) < GradientFloor ? 0f : gi;
            float ui = u[i] * s.Momentum + gi;
            ui = MathF.Abs(ui) < MomentFloor ? 0f : ui;
            wi = (wi - wi * shrink) - ui * s.Rate;
            wi = MathF.Abs(wi) < MomentFloor ? 0f : wi;
            u[i] = ui;
            w[i] = wi;
        }
    }
}
