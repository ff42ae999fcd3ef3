namespace TicketBot.Learning.Pruning;

/// <summary>One linear operation of a <see cref="PathFlow"/>: adds to its output, and backward to the gradient of its input.</summary>
internal abstract class PathOperation
{
    private PathOperation(PathValues input, PathValues output)
    {
        Input = input;
        Output = output;
    }

    public PathValues Input { get; }

    public PathValues Output { get; }

    public abstract void Forward(double[][] sizes);

    public abstract void Backward(double[][] sizes, double[][] gradients);

    /// <summary>Output step t adds the product of a matrix with the input steps from t + shift on, as many as the matrix has columns for; steps that do not exist are zero.
    /// The rows of all gates of a channel add up.</summary>
    public sealed class Product(int parameter, ParameterShape shape, PathValues input, PathValues output, int shift) : PathOperation(input, output)
    {
        public override void Forward(double[][] sizes)
        {
            for (int t = 0; t < Output.Steps; t++)
            {
                (int from, int skipped, int length) = Reach(t);
                for (int row = 0; row < shape.Rows; row++)
                {
                    int at = row * shape.Columns + skipped;
                    double sum = 0.0;
                    for (int i = 0; i < length; i++)
                    {
                        sum += sizes[parameter][at + i] * Input.Values[from + i];
                    }

                    Output.Values[t * Output.Channels + row % Output.Channels] += sum;
                }
            }
        }

        public override void Backward(double[][] sizes, double[][] gradients)
        {
            for (int t = 0; t < Output.Steps; t++)
            {
                (int from, int skipped, int length) = Reach(t);
                for (int row = 0; row < shape.Rows; row++)
                {
                    int at = row * shape.Columns + skipped;
                    double gradient = Output.Gradient[t * Output.Channels + row % Output.Channels];
                    for (int i = 0; i < length; i++)
                    {
                        gradients[parameter][at + i] += gradient * Input.Values[from + i];
                        Input.Gradient[from + i] += gradient * sizes[parameter][at + i];
                    }
                }
            }
        }

        // Where the inputs of an output step begin, how many columns lie before the first step, and how many inputs there are.
        private (int From, int Skipped, int Length) Reach(int t)
        {
            int from = (t + shift) * Input.Channels;
            int skipped = Math.Min(Math.Max(-from, 0), shape.Columns);
            return (from + skipped, skipped, shape.Columns - skipped);
        }
    }

    /// <summary>Adds the last steps of the input.</summary>
    public sealed class Pass(PathValues input, PathValues output) : PathOperation(input, output)
    {
        private int First => Input.Values.Length - Output.Values.Length;

        public override void Forward(double[][] sizes)
        {
            for (int i = 0; i < Output.Values.Length; i++)
            {
                Output.Values[i] += Input.Values[First + i];
            }
        }

        public override void Backward(double[][] sizes, double[][] gradients)
        {
            for (int i = 0; i < Output.Values.Length; i++)
            {
                Input.Gradient[First + i] += Output.Gradient[i];
            }
        }
    }

    /// <summary>Adds the mean over the input's steps to every step of the output.</summary>
    public sealed class Mean(PathValues input, PathValues output) : PathOperation(input, output)
    {
        public override void Forward(double[][] sizes)
        {
            for (int c = 0; c < Input.Channels; c++)
            {
                double sum = 0.0;
                for (int t = 0; t < Input.Steps; t++)
                {
                    sum += Input.Values[t * Input.Channels + c];
                }

                for (int t = 0; t < Output.Steps; t++)
                {
                    Output.Values[t * Input.Channels + c] += sum / Input.Steps;
                }
            }
        }

        public override void Backward(double[][] sizes, double[][] gradients)
        {
            for (int c = 0; c < Input.Channels; c++)
            {
                double sum = 0.0;
                for (int t = 0; t < Output.Steps; t++)
                {
                    sum += Output.Gradient[t * Input.Channels + c];
                }

                for (int t = 0; t < Input.Steps; t++)
                {
                    Input.Gradient[t * Input.Channels + c] += sum / Input.Steps;
                }
            }
        }
    }

    /// <summary>Adds the largest of the input's steps, the first of equals, to the one step of the output.</summary>
    public sealed class Maximum(PathValues input, PathValues output) : PathOperation(input, output)
    {
        public override void Forward(double[][] sizes)
        {
            for (int c = 0; c < Input.Channels; c++)
            {
                Output.Values[c] += Input.Values[Largest(c)];
            }
        }

        public override void Backward(double[][] sizes, double[][] gradients)
        {
            for (int c = 0; c < Input.Channels; c++)
            {
                Input.Gradient[Largest(c)] += Output.Gradient[c];
            }
        }

        private int Largest(int channel)
        {
            int largest = channel;
            for (int i = channel + Input.Channels; i < Input.Values.Length; i += Input.Channels)
            {
                largest = Input.Values[i] > Input.Values[largest] ? i : largest;
            }

            return largest;
        }
    }
}
