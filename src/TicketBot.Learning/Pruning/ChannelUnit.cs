namespace TicketBot.Learning.Pruning;

/// <summary>Channels that live and die together: one neuron with everything that makes it and reads it, or several that skip connections add up.</summary>
internal sealed class ChannelUnit(Architecture architecture)
{
    /// <summary>Name of the first weights that make it; empty for an input.</summary>
    public string Layer { get; set; } = "";

    /// <summary>Features of a step that are part of it; empty for a neuron.</summary>
    public List<int> Features { get; } = [];

    /// <summary>Rows of matrices that make it.</summary>
    public List<(int Parameter, int Row)> Incoming { get; } = [];

    /// <summary>Columns of matrices that read it.</summary>
    public List<(int Parameter, int Column)> Outgoing { get; } = [];

    /// <summary>Its scales in batch normalisation.</summary>
    public List<(int Parameter, int Channel)> Scales { get; } = [];

    public bool IsAlive(bool[]?[] masks)
    {
        bool alive = false;
        Visit(incoming: true, outgoing: true, (p, i) => alive |= masks[p]![i]);
        return alive;
    }

    public void Remove(bool[]?[] masks) => Visit(incoming: true, outgoing: true, (p, i) => masks[p]![i] = false);

    /// <summary>Root mean square of its weights, masked ones as zero.</summary>
    public double NormOf(IReadOnlyList<float[]> weights, bool[]?[] masks, bool incoming, bool outgoing)
    {
        double squares = 0.0;
        int count = 0;
        Visit(incoming, outgoing, (p, i) =>
        {
            squares += masks[p]![i] ? (double)weights[p][i] * weights[p][i] : 0.0;
            count++;
        });
        return count == 0 ? 0.0 : Math.Sqrt(squares / count);
    }

    /// <summary>Size of its largest scale.</summary>
    public double ScaleOf(IReadOnlyList<float[]> weights)
    {
        double largest = 0.0;
        foreach ((int p, int channel) in Scales)
        {
            double size = Math.Abs((double)weights[p][channel]);
            largest = size > largest || double.IsNaN(size) ? size : largest;
        }

        return largest;
    }

    // A weight from the unit to itself is incoming and outgoing; with both asked for it is visited once.
    private void Visit(bool incoming, bool outgoing, Action<int, int> visit)
    {
        if (incoming)
        {
            foreach ((int p, int row) in Incoming)
            {
                int columns = architecture.Parameters[p].Columns;
                for (int column = 0; column < columns; column++)
                {
                    visit(p, row * columns + column);
                }
            }
        }

        if (outgoing)
        {
            foreach ((int p, int column) in Outgoing)
            {
                int columns = architecture.Parameters[p].Columns;
                for (int row = 0; row < architecture.Parameters[p].Rows; row++)
                {
                    if (!incoming || !Incoming.Contains((p, row)))
                    {
                        visit(p, row * columns + column);
                    }
                }
            }
        }
    }
}
