namespace TicketBot.Learning.Tests.Reference;

/// <summary>A twin whose masked parameters have no gradient. They must be zero: a mask is then nothing but that.</summary>
public sealed class MaskedTwin(TwinLayer twin, bool[]?[] masks) : TwinLayer(twin.Parameters)
{
    public override double[] Forward(double[] x, int samples)
    {
        twin.Training = Training;
        double[] y = twin.Forward(x, samples);
        ClosestKink = twin.ClosestKink;
        return y;
    }

    public override double[] Backward(double[] dy)
    {
        double[] dx = twin.Backward(dy);
        for (int p = 0; p < Gradients.Length; p++)
        {
            for (int i = 0; i < Gradients[p].Length; i++)
            {
                Gradients[p][i] = masks[p]?[i] ?? true ? twin.Gradients[p][i] : 0.0;
            }
        }

        return dx;
    }
}
