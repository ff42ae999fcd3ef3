using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;

namespace TicketBot.Learning.Training;

/// <summary>What is added to the task's loss of one update: a domain objective on the features of one gene, and the weight of the task itself.</summary>
/// <param name="domain">The objective, or null.</param>
/// <param name="gene">Gene whose features it sees, counted from 1.</param>
/// <param name="taskWeight">Factor of the task's gradient.</param>
internal sealed unsafe class JointObjective(DomainObjective? domain, int gene, double taskWeight)
{
    /// <summary>Factor of the domain objective in the next update.</summary>
    public double Weight { get; set; } = 1.0;

    /// <summary>Value of the domain objective in the last update, without its factor; null without one.</summary>
    public double? Value { get; private set; }

    public void Run(LayerGraph graph, in Pass pass)
    {
        for (int tile = 0; taskWeight != 1.0 && tile < pass.Tiles; tile++)
        {
            var gradient = new Span<float>(graph.Output.Gradient(tile), graph.Output.Shape.Rows * Tile.Width);
            foreach (ref float value in gradient)
            {
                value *= (float)taskWeight;
            }
        }

        Value = domain?.Run(graph.OutputOf(gene), pass, Weight);
    }
}
