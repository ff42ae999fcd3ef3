using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;

namespace TicketBot.Learning.Sparse;

/// <summary>One computation of a network that is being compiled. Going forward it finds which channels are constant; going backward which channels and steps
/// are needed; then it gives each needed channel a slot and packs its weights.</summary>
internal abstract class Stage
{
    protected Stage(LayerShape shape, params Stage[] inputs)
    {
        Shape = shape;
        Inputs = inputs;
        Constants = new float?[shape.Channels];
        Needed = new bool[shape.Channels];
        Slots = new int[shape.Channels];
        First = shape.Steps;
    }

    public LayerShape Shape { get; }

    public Stage[] Inputs { get; }

    /// <summary>The value of each channel that has the same at every step of every window.</summary>
    public float?[] Constants { get; }

    /// <summary>Channels that can reach an output.</summary>
    public bool[] Needed { get; }

    /// <summary>The first step that can reach an output; none before it is computed.</summary>
    public int First { get; private set; }

    /// <summary>Place of each channel within a step, -1 for those that have none.</summary>
    public int[] Slots { get; protected set; }

    /// <summary>Floats of a step.</summary>
    public int Width { get; protected set; }

    /// <summary>Zero rows that its readers want before step 0.</summary>
    public int Leading { get; private set; }

    /// <summary>Channels that are computed for each row; 0 for stages without weights.</summary>
    public virtual int LiveNeurons => 0;

    public bool IsNeeded => First < Shape.Steps;

    protected Stage Input => Inputs[0];

    public virtual void FindConstants()
    {
    }

    /// <summary>Marks what it needs of its inputs.</summary>
    public abstract void RequireInputs();

    /// <summary>Gives slots to the needed channels, ascending.</summary>
    public virtual void Lay()
    {
        int next = 0;
        for (int c = 0; c < Slots.Length; c++)
        {
            Slots[c] = Needed[c] ? next++ : -1;
        }

        Width = next;
    }

    public virtual void Pack(KernelForm form)
    {
    }

    /// <summary>The first step that does not depend on where the window begins, given the same of its inputs.</summary>
    public abstract int SettledFrom(int[] inputs);

    /// <summary>Settled steps of its inputs that it wants to read right behind unsettled ones.</summary>
    public virtual int Borrowed(int settled) => 0;

    /// <summary>Returns what computes the steps of <paramref name="output"/>.</summary>
    public abstract StageRun Attach(Signal[] inputs, Signal output);

    /// <summary>Returns its output as a view of an input's, or null if it has an output of its own.</summary>
    public virtual Signal? ViewOf(Signal input) => null;

    public void Require(int channel, int firstStep)
    {
        Needed[channel] = true;
        First = Math.Min(First, firstStep);
    }

    public void RequireLeading(int rows) => Leading = Math.Max(Leading, rows);

    /// <summary>Requires of an input, from a step on, the channels that are needed here.</summary>
    protected void RequireSame(Stage input)
    {
        for (int c = 0; c < Needed.Length; c++)
        {
            if (Needed[c])
            {
                input.Require(c, First + input.Shape.Steps - Shape.Steps);
            }
        }
    }

    protected void LayAs(Stage input)
    {
        Slots = input.Slots;
        Width = input.Width;
    }

    /// <summary>Returns the values of the needed channels by slot, with room for whole vectors.</summary>
    protected TileBuffer BySlot(Func<int, float> valueOf)
    {
        var values = new TileBuffer(Width + RowMatrix.RowGroup);
        for (int c = 0; c < Slots.Length; c++)
        {
            if (Slots[c] >= 0)
            {
                values.Span[Slots[c]] = valueOf(c);
            }
        }

        return values;
    }
}
