namespace TicketBot.Learning.Tests.Reference;

/// <summary>The plain double-precision twin of a layer: loops as in a textbook. Values of a batch are one array
/// <c>[sample][step][channel]</c>; parameters have the order and layout of the float layer;
/// running statistics move in <c>Forward</c>.</summary>
public abstract class TwinLayer(double[][] parameters)
{
    public double[][] Parameters { get; } = parameters;

    /// <summary>Gradients of the parameters after <see cref="Backward"/>.</summary>
    public double[][] Gradients { get; } = [.. parameters.Select(values => new double[values.Length])];

    /// <summary>False for a pass that only evaluates.</summary>
    public bool Training { get; set; } = true;

    /// <summary>Smallest distance of any argument from a kink in the last forward pass; central differences mean nothing near one.</summary>
    public double ClosestKink { get; protected set; } = double.PositiveInfinity;

    /// <summary>Returns the outputs <c>[sample][step][channel]</c>.</summary>
    public abstract double[] Forward(double[] x, int samples);

    /// <summary>Sets <see cref="Gradients"/> and returns the gradient by the inputs of the last <see cref="Forward"/>.</summary>
    public abstract double[] Backward(double[] dy);
}
