using TicketBot.Learning.Training;

namespace TicketBot.Learning.Tests;

/// <summary>Gene lists that together hold every layer with a weight matrix, skips with and without a projection, and what stands between them; and a task
/// for windows of six steps of three features.</summary>
internal static class GeneSamples
{
    public static readonly string[] All =
    [
        "flatten,dense:16/gelu,batchnorm/tanh,dense:8+0",
        "conv1d:6x3/gelu,lstm:5@0.2,layernorm,dense:7/tanh+1",
        "gru:6,batchnorm,mean",
        "attention:8x2+0,conv1d:5x2:valid/sigmoid,max,dense:6/leakyrelu@0.1",
        "dense:5/identity,skip+0,flatten,conv1d:9x2/tanh+1+3",
    ];

    public static Network Draw(string genes, ulong seed = 11)
    {
        var rng = new Rng(seed);
        return Network.Create(Architecture.Parse(genes, 3, 2, window: 6), ref rng);
    }

    /// <summary>Windows of noise; the label says whether the first channel is higher in the second half.</summary>
    public static TrainingSet Halves(int rows, ulong seed)
    {
        var rng = new Rng(seed);
        float[] features = new float[rows * 18];
        int[] labels = new int[rows];
        for (int i = 0; i < features.Length; i++)
        {
            features[i] = (float)rng.NextGaussian();
        }

        for (int r = 0; r < rows; r++)
        {
            float difference = 0f;
            for (int t = 0; t < 6; t++)
            {
                difference += (t < 3 ? -1f : 1f) * features[r * 18 + t * 3];
            }

            labels[r] = difference > 0 ? 1 : 0;
        }

        return new TrainingSet(features, 18, labels);
    }
}
