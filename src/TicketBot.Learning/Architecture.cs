namespace TicketBot.Learning;

/// <summary>A stack of layers from inputs to class logits, described by a comma list of genes such as <c>dense:64,dense:32</c>.</summary>
public sealed record Architecture
{
    /// <summary>Reads the gene list; the output layer of <paramref name="outputs"/> logits is added.</summary>
    /// <exception cref="FormatException">A gene is unknown or out of range; the message names it.</exception>
    public static Architecture Parse(string genes, int inputs, int outputs) => throw new NotImplementedException();

    /// <summary>Features of a row.</summary>
    public int Inputs => throw new NotImplementedException();

    /// <summary>Class logits.</summary>
    public int Outputs => throw new NotImplementedException();

    /// <summary>The canonical gene list (without inputs and outputs).</summary>
    public string Genes => throw new NotImplementedException();
}
