namespace TicketBot.Learning.Layers;

/// <summary>One step of a network's forward and backward pass over all tiles of a batch. Owns what it must remember between the two.</summary>
internal abstract class Layer
{
    protected Layer(LayerShape input, LayerShape output, params Parameter[] parameters)
    {
        Input = input;
        Output = output;
        Parameters = parameters;
    }

    public LayerShape Input { get; }

    public LayerShape Output { get; }

    /// <summary>The arrays it uses, in the order of the architecture; empty for most.</summary>
    public Parameter[] Parameters { get; }

    /// <summary>True while its parameters stay as they are; batch normalisation then uses and keeps its running statistics.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>Its weight matrices; empty for most.</summary>
    public virtual WeightMatrix[] Matrices => [];

    /// <summary>Flows it reads beside its input; empty for all but skips.</summary>
    public virtual Flow[] OtherInputs => [];

    /// <summary>Zero rows it reads before step 0 of its input.</summary>
    public virtual int LeadingRows => 0;

    /// <summary>Draws the first weights and sets the other parameters to their start.</summary>
    public virtual void Initialize(ref Rng rng)
    {
    }

    /// <summary>Makes room for what is remembered of so many tiles.</summary>
    public virtual void Reserve(int tiles)
    {
    }

    public abstract void Forward(Flow input, Flow output, in Pass pass);

    /// <summary>Adds to the gradients of the parameters and, where <see cref="Flow.WantsGradient"/>, to the gradient of the input. The output's gradient is
    /// complete and may be overwritten.</summary>
    public abstract void Backward(Flow input, Flow output, in Pass pass);

    /// <summary>Clears the gradients of the parameters.</summary>
    public void BeginGradients()
    {
        foreach (Parameter parameter in Parameters)
        {
            if (!parameter.IsPrunable)
            {
                Array.Clear(parameter.Gradient);
            }
        }

        foreach (WeightMatrix matrix in Matrices)
        {
            matrix.BeginGradient();
        }
    }

    /// <summary>Brings the gradients of the weight matrices into their parameters.</summary>
    public void FinishGradients()
    {
        foreach (WeightMatrix matrix in Matrices)
        {
            matrix.FinishGradient();
        }
    }
}
