using TicketBot.Learning;

namespace TicketBot.Research.ArchitectureSearch.Spaces;

/// <summary>Genes put one after the other by place, written in the one form their graph has: places that pass their input on vanish, and a skip whose input nobody else
/// reads becomes a skip of the gene before it.</summary>
/// <param name="places">Places there will be.</param>
internal sealed class GeneSequence(int places)
{
    private readonly List<(Gene Gene, SortedSet<int> Skips)> _genes = [];
    private readonly List<int> _outputs = new(places + 1) { 0 };

    /// <summary>Adds what the next place holds.</summary>
    /// <param name="layer">Its gene without skips; an identity for a skip, <c>null</c> for an empty place.</param>
    /// <param name="source">Place whose output is added, 0 for the input; <c>null</c> for none.</param>
    public void Add(Gene? layer, int? source)
    {
        var from = source is { } place ? _outputs[place] : (int?)null;
        if (layer is null || (layer is Gene.Identity && (from is null || from == _outputs[^1])))
        {
            _outputs.Add(_outputs[^1]);
            return;
        }

        _genes.Add((layer, from is { } gene ? [gene] : []));
        _outputs.Add(_genes.Count);
    }

    /// <summary>Returns the gene list.</summary>
    /// <param name="reading"><c>last</c>, <c>mean</c>, <c>max</c> or <c>flatten</c>.</param>
    public string Text(string reading)
    {
        for (var number = _genes.Count; number >= 2; number--)
        {
            if (CanFold(number))
            {
                Fold(number);
            }
        }

        var words = _genes.Select(entry => (entry.Gene with { Skips = [.. entry.Skips] }).ToString());
        return string.Join(',', reading == "last" ? words : words.Append(reading));
    }

    private bool CanFold(int number)
    {
        var (gene, skips) = _genes[number - 1];
        return gene is Gene.Identity
            && !skips.Contains(number - 1)
            && !_genes[number - 2].Skips.Overlaps(skips)
            && !_genes.Where((_, i) => i != number - 1).Any(other => other.Skips.Contains(number - 1));
    }

    // The gene before takes the sources over; later genes count one less.
    private void Fold(int number)
    {
        _genes[number - 2].Skips.UnionWith(_genes[number - 1].Skips);
        _genes.RemoveAt(number - 1);
        for (var i = 0; i < _genes.Count; i++)
        {
            _genes[i] = (_genes[i].Gene, [.. _genes[i].Skips.Select(source => source >= number ? source - 1 : source)]);
        }
    }
}
