using TicketBot.Learning.Layers;

namespace TicketBot.Learning.Sparse;

/// <summary>The last step.</summary>
internal sealed class LastStage(Stage input) : Stage(new LayerShape(1, input.Shape.Channels), input)
{
    public override void FindConstants() => Input.Constants.CopyTo(Constants, 0);

    public override void RequireInputs() => RequireSame(Input);

    public override void Lay() => LayAs(Input);

    public override int SettledFrom(int[] inputs) => inputs[0] < Input.Shape.Steps ? 0 : 1;

    public override Signal ViewOf(Signal input) => new(input, input.Steps - 1, input.Width, input.Settled < input.Steps ? 0 : 1);

    public override StageRun Attach(Signal[] inputs, Signal output) => throw new InvalidOperationException("Invariant: a view computes nothing.");
}

/// <summary>All steps side by side in one; those that nothing needs are left out.</summary>
internal sealed class FlattenStage(Stage input) : Stage(new LayerShape(1, input.Shape.Rows), input)
{
    public override void FindConstants()
    {
        for (int i = 0; i < Constants.Length; i++)
        {
            Constants[i] = Input.Constants[i % Input.Shape.Channels];
        }
    }

    public override void RequireInputs()
    {
        for (int i = 0; i < Needed.Length; i++)
        {
            if (Needed[i])
            {
                Input.Require(i % Input.Shape.Channels, i / Input.Shape.Channels);
            }
        }
    }

    public override void Lay()
    {
        for (int i = 0; i < Slots.Length; i++)
        {
            int step = i / Input.Shape.Channels - Input.First;
            int slot = Input.Slots[i % Input.Shape.Channels];
            Slots[i] = step < 0 || slot < 0 ? -1 : step * Input.Width + slot;
        }

        Width = (Input.Shape.Steps - Input.First) * Input.Width;
    }

    public override int SettledFrom(int[] inputs) => 1;

    public override int Borrowed(int settled) => Input.Shape.Steps;

    public override Signal ViewOf(Signal input) => new(input, Input.First, Width, 1);

    public override StageRun Attach(Signal[] inputs, Signal output) => throw new InvalidOperationException("Invariant: a view computes nothing.");
}
