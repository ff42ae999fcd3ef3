using TicketBot.Learning;

namespace TicketBot.Research.ArchitectureSearch.Spaces;

/// <summary>What a space of architectures is made of.</summary>
public sealed record SpaceOptions
{
    /// <summary>Features of a step, at least 1.</summary>
    public required int Inputs { get; init; }

    /// <summary>Classes, at least 1.</summary>
    public required int Outputs { get; init; }

    /// <summary>Steps of a row, at least 1; without a window only dense layers and skips are searched.</summary>
    public int Window { get; init; } = 1;

    /// <summary>Places for genes, 1 to 12; 4 by default. A place may stay empty.</summary>
    public int Places { get; init; } = 4;

    /// <summary>What a place may hold; null (the default) is every kind with a window, and nothing, dense and skip without.</summary>
    public IReadOnlyList<GeneKind>? Kinds { get; init; }

    /// <summary>Widths of layers, ascending; 16, 32, 64, 128, 256 by default.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [16, 32, 64, 128, 256];

    /// <summary>Activations of dense layers and convolutions; relu, gelu and tanh by default.</summary>
    public IReadOnlyList<Activation> Activations { get; init; } = [Activation.Relu, Activation.Gelu, Activation.Tanh];

    /// <summary>Steps convolutions see, ascending; 3 and 5 by default. Those above the window are left out; of too short a window its length remains.</summary>
    public IReadOnlyList<int> Kernels { get; init; } = [3, 5];

    /// <summary>Heads of attention, a divisor of every width; 4 by default.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Dropout rates, 0 to below 1; 0 and 0.2 by default.</summary>
    public IReadOnlyList<double> Dropouts { get; init; } = [0.0, 0.2];

    /// <summary>Whether a gene may add the output of an earlier one; true by default.</summary>
    public bool Skips { get; init; } = true;

    /// <summary>How a window is read before the head, of <c>last</c>, <c>mean</c>, <c>max</c>, <c>flatten</c>; all four by default. Not read without a window.</summary>
    public IReadOnlyList<string> Readings { get; init; } = ["last", "mean", "max", "flatten"];

    /// <summary>Most parameters an architecture may have; null (the default) does not limit them.</summary>
    public long? MaxParameters { get; init; }

    /// <summary>Longest predicted time of one prediction in microseconds; null (the default) does not limit it.</summary>
    public double? MaxLatencyUs { get; init; }
}
