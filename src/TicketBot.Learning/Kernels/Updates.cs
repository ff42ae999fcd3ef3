using System.Runtime.CompilerServices;
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

    /// <summary>Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019). The corrections of both moments are taken out of the
    /// element's quotient, as the end of section 2 of the first paper proposes, but without touching epsilon:
    /// w = w - (rate / correction1) * m / (sqrt(v) / sqrt(correction2) + epsilon), the two factors made once in double. One division and one root remain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Adam(float* w, float* g, float* m, float* v, int* keep, int count, in AdamStep s, KernelForm form)
    {
        float beta1Rest = 1f - s.Beta1;
        float beta2Rest = 1f - s.Beta2;
        float shrink = -(s.Rate * s.Decay);
        float rate = -(float)((double)s.Rate / s.Correction1);
        float root = (float)(1.0 / Math.Sqrt(s.Correction2));
        nint i = 0;
        if (form == KernelForm.Vector512)
        {
            Vector512<float> scale = Vector512.Create(s.GradientScale);
            Vector512<float> beta1 = Vector512.Create(s.Beta1);
            Vector512<float> beta1Rests = Vector512.Create(beta1Rest);
            Vector512<float> beta2 = Vector512.Create(s.Beta2);
            Vector512<float> beta2Rests = Vector512.Create(beta2Rest);
            Vector512<float> roots = Vector512.Create(root);
            Vector512<float> epsilon = Vector512.Create(s.Epsilon);
            Vector512<float> rates = Vector512.Create(rate);
            Vector512<float> shrinks = Vector512.Create(shrink);
            for (; i + 16 <= count; i += 16)
            {
                Vector512<float> gi = Vector512.Load(g + i) * scale;
                gi = Vector512.AndNot(gi, Vector512.LessThan(Vector512.Abs(gi), Vector512.Create(GradientFloor)));
                Vector512<float> mi = Vector512.FusedMultiplyAdd(gi, beta1Rests, Vector512.Load(m + i) * beta1);
                mi = Vector512.AndNot(mi, Vector512.LessThan(Vector512.Abs(mi), Vector512.Create(MomentFloor)));
                Vector512<float> vi = Vector512.FusedMultiplyAdd(gi * gi, beta2Rests, Vector512.Load(v + i) * beta2);
                vi = Vector512.AndNot(vi, Vector512.LessThan(vi, Vector512.Create(SquareFloor)));
                Vector512<float> wi = Vector512.Load(w + i);
                wi = Vector512.FusedMultiplyAdd(wi, shrinks, wi);
                wi = Vector512.FusedMultiplyAdd(mi / Vector512.FusedMultiplyAdd(Vector512.Sqrt(vi), roots, epsilon), rates, wi);
                wi = Vector512.AndNot(wi, Vector512.LessThan(Vector512.Abs(wi), Vector512.Create(MomentFloor)));
                if (keep != null)
                {
                    Vector512<float> bits = Vector512.Load(keep + i).AsSingle();
                    mi &= bits;
                    vi &= bits;
                    wi &= bits;
                }

                mi.Store(m + i);
                vi.Store(v + i);
                wi.Store(w + i);
            }
        }

        if (form != KernelForm.Scalar)
        {
            Vector256<float> scale = Vector256.Create(s.GradientScale);
            Vector256<float> beta1 = Vector256.Create(s.Beta1);
            Vector256<float> beta1Rests = Vector256.Create(beta1Rest);
            Vector256<float> beta2 = Vector256.Create(s.Beta2);
            Vector256<float> beta2Rests = Vector256.Create(beta2Rest);
            Vector256<float> roots = Vector256.Create(root);
            Vector256<float> epsilon = Vector256.Create(s.Epsilon);
            Vector256<float> rates = Vector256.Create(rate);
            Vector256<float> shrinks = Vector256.Create(shrink);
            for (; i + 8 <= count; i += 8)
            {
                Vector256<float> gi = Vector256.Load(g + i) * scale;
                gi = Vector256.AndNot(gi, Vector256.LessThan(Vector256.Abs(gi), Vector256.Create(GradientFloor)));
                Vector256<float> mi = Vector256.FusedMultiplyAdd(gi, beta1Rests, Vector256.Load(m + i) * beta1);
                mi = Vector256.AndNot(mi, Vector256.LessThan(Vector256.Abs(mi), Vector256.Create(MomentFloor)));
                Vector256<float> vi = Vector256.FusedMultiplyAdd(gi * gi, beta2Rests, Vector256.Load(v + i) * beta2);
                vi = Vector256.AndNot(vi, Vector256.LessThan(vi, Vector256.Create(SquareFloor)));
                Vector256<float> wi = Vector256.Load(w + i);
                wi = Vector256.FusedMultiplyAdd(wi, shrinks, wi);
                wi = Vector256.FusedMultiplyAdd(mi / Vector256.FusedMultiplyAdd(Vector256.Sqrt(vi), roots, epsilon), rates, wi);
                wi = Vector256.AndNot(wi, Vector256.LessThan(Vector256.Abs(wi), Vector256.Create(MomentFloor)));
                if (keep != null)
                {
                    Vector256<float> bits = Vector256.Load(keep + i).AsSingle();
                    mi &= bits;
                    vi &= bits;
                    wi &= bits;
                }

                mi.Store(m + i);
                vi.Store(v + i);
                wi.Store(w + i);
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
            gi = MathF.Abs(gi) < GradientFloor ? 0f : gi;
            float mi = MathF.FusedMultiplyAdd(gi, beta1Rest, m[i] * s.Beta1);
            mi = MathF.Abs(mi) < MomentFloor ? 0f : mi;
            float vi = MathF.FusedMultiplyAdd(gi * gi, beta2Rest, v[i] * s.Beta2);
            vi = vi < SquareFloor ? 0f : vi;
            float quotient = mi / MathF.FusedMultiplyAdd(MathF.Sqrt(vi), root, s.Epsilon);
            float wi = MathF.FusedMultiplyAdd(quotient, rate, MathF.FusedMultiplyAdd(w[i], shrink, w[i]));
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Descent(float* w, float* g, float* u, int* keep, int count, in DescentStep s, KernelForm form)
    {
        float shrink = s.Rate * s.Decay;
        nint i = 0;
        if (form == KernelForm.Vector512)
        {
            Vector512<float> scale = Vector512.Create(s.GradientScale);
            Vector512<float> momentum = Vector512.Create(s.Momentum);
            Vector512<float> rate = Vector512.Create(s.Rate);
            Vector512<float> shrinks = Vector512.Create(shrink);
            for (; i + 16 <= count; i += 16)
            {
                Vector512<float> gi = Vector512.Load(g + i) * scale;
                gi = Vector512.AndNot(gi, Vector512.LessThan(Vector512.Abs(gi), Vector512.Create(GradientFloor)));
                Vector512<float> ui = Vector512.Load(u + i) * momentum + gi;
                ui = Vector512.AndNot(ui, Vector512.LessThan(Vector512.Abs(ui), Vector512.Create(MomentFloor)));
                Vector512<float> wi = Vector512.Load(w + i);
                wi = (wi - wi * shrinks) - ui * rate;
                wi = Vector512.AndNot(wi, Vector512.LessThan(Vector512.Abs(wi), Vector512.Create(MomentFloor)));
                if (keep != null)
                {
                    Vector512<float> bits = Vector512.Load(keep + i).AsSingle();
                    ui &= bits;
                    wi &= bits;
                }

                ui.Store(u + i);
                wi.Store(w + i);
            }
        }

        if (form != KernelForm.Scalar)
        {
            Vector256<float> scale = Vector256.Create(s.GradientScale);
            Vector256<float> momentum = Vector256.Create(s.Momentum);
            Vector256<float> rate = Vector256.Create(s.Rate);
            Vector256<float> shrinks = Vector256.Create(shrink);
            for (; i + 8 <= count; i += 8)
            {
                Vector256<float> gi = Vector256.Load(g + i) * scale;
                gi = Vector256.AndNot(gi, Vector256.LessThan(Vector256.Abs(gi), Vector256.Create(GradientFloor)));
                Vector256<float> ui = Vector256.Load(u + i) * momentum + gi;
                ui = Vector256.AndNot(ui, Vector256.LessThan(Vector256.Abs(ui), Vector256.Create(MomentFloor)));
                Vector256<float> wi = Vector256.Load(w + i);
                wi = (wi - wi * shrinks) - ui * rate;
                wi = Vector256.AndNot(wi, Vector256.LessThan(Vector256.Abs(wi), Vector256.Create(MomentFloor)));
                if (keep != null)
                {
                    Vector256<float> bits = Vector256.Load(keep + i).AsSingle();
                    ui &= bits;
                    wi &= bits;
                }

                ui.Store(u + i);
                wi.Store(w + i);
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
