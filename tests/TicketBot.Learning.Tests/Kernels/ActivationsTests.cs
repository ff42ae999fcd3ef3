using TicketBot.Learning.Kernels;
using TicketBot.Learning.Tests.Reference;

namespace TicketBot.Learning.Tests.Kernels;

public unsafe class ActivationsTests
{
    private static readonly float[] Special =
        [0f, -0f, float.PositiveInfinity, float.NegativeInfinity, 0.625f, -0.625f, 1e-40f, -1e-40f, -8f, 8f, -8.01f, -40f, -41f, 87f, 88f, 89f, -87f, -88f, 1e30f, -1e30f];

    public static TheoryData<Activation, int> Cases
    {
        get
        {
            var cases = new TheoryData<Activation, int>();
            foreach (Activation activation in Enum.GetValues<Activation>())
            {
                foreach (int length in new[] { 0, 1, 7, 8, 9, 16, 1003 })
                {
                    cases.Add(activation, length);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Wide_forms_give_the_bits_of_the_plain_one(Activation activation, int length)
    {
        (float[] plainValues, float[] plainGradient) = Run(activation, length, KernelForm.Scalar);
        foreach (KernelForm form in new[] { KernelForm.Vector256, KernelForm.Vector512 })
        {
            (float[] values, float[] gradient) = Run(activation, length, form);
            RecurrentCheck.SameBits(plainValues, values);
            RecurrentCheck.SameBits(plainGradient, gradient);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_no_number_stays_none(Activation activation, int length)
    {
        foreach (KernelForm form in Enum.GetValues<KernelForm>())
        {
            float[] values = [.. Enumerable.Repeat(float.NaN, length)];
            float[] slopes = new float[length];
            fixed (float* v = values, s = slopes)
            {
                Activations.Apply(activation, v, s, length, form);
            }

            Assert.All(values, value => Assert.True(float.IsNaN(value)));
            Assert.All(slopes, slope => Assert.Equal(Activations.NeedsSlopes(activation), float.IsNaN(slope)));
        }
    }

    [Theory]
    [InlineData(Activation.Identity)]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.LeakyRelu)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Sigmoid)]
    [InlineData(Activation.Gelu)]
    public void Single_values_agree_with_the_twin(Activation activation)
    {
        foreach (float x in Draw(1000, 3))
        {
            Assert.Equal(TwinActivation.Of(activation, x), Activations.Of(activation, x), 1e-6);
        }
    }

    private static (float[] Values, float[] Gradient) Run(Activation activation, int length, KernelForm form)
    {
        float[] values = [.. Special.Concat(Draw(1000, 1)).Take(length)];
        float[] slopes = new float[length];
        float[] gradient = Draw(length, 2);
        fixed (float* v = values, s = slopes, g = gradient)
        {
            Activations.Apply(activation, v, s, length, form);
            Activations.Backward(activation, v, s, g, length, form);
        }

        return (values, gradient);
    }

    private static float[] Draw(int count, ulong seed)
    {
        var rng = new Rng(seed);
        return [.. Enumerable.Range(0, count).Select(_ => 3f * (float)rng.NextGaussian())];
    }
}
