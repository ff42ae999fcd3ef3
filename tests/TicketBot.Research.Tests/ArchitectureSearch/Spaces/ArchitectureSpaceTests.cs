using TicketBot.Learning;
using TicketBot.Research.ArchitectureSearch.Spaces;

namespace TicketBot.Research.Tests.ArchitectureSearch.Spaces;

public sealed class ArchitectureSpaceTests
{
    private static readonly SpaceOptions Windowed = new() { Inputs = 3, Outputs = 2, Window = 8 };

    [Fact]
    public void Every_combination_stands_for_an_architecture_that_can_be_read_back()
    {
        var space = new ArchitectureSpace(Windowed);
        var rng = new Rng(1);
        var kinds = new HashSet<string>();
        for (var i = 0; i < 2_000; i++)
        {
            var candidate = space.Draw(ref rng);
            Assert.Equal(candidate.Architecture, Architecture.Parse(candidate.Architecture.Genes, 3, 2, 8));
            Assert.Equal(candidate, space.Of(candidate.Choices));
            kinds.UnionWith(candidate.Architecture.Layers.Select(gene => gene.GetType().Name));
        }

        Assert.Superset(new HashSet<string> { "Dense", "Conv1D", "Lstm", "Gru", "Attention", "Identity", "Pool", "Flatten" }, kinds);
    }

    [Fact]
    public void Options_without_effect_do_not_make_another_architecture()
    {
        var space = new ArchitectureSpace(Windowed with { Places = 2 });
        var one = Choose(space, (DecisionKind.Kind, 1, "identity"), (DecisionKind.Width, 1, "128"), (DecisionKind.Kind, 2, "lstm"), (DecisionKind.Activation, 2, "tanh"), (DecisionKind.Kernel, 2, "5"));
        var other = Choose(space, (DecisionKind.Kind, 1, "lstm"), (DecisionKind.Kind, 2, "identity"), (DecisionKind.Dropout, 2, "0.2"));
        Assert.Equal("lstm:16", one.Architecture.Genes);
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.Equal(0, one.Choices[1]);
    }

    [Theory]
    [InlineData("dense:16,skip+0", "dense:16+0")] // Nobody else reads the dense output: its gene can add the input itself.
    [InlineData("dense:16,skip+0,dense:32+1", "dense:16,skip+0,dense:32+1")] // The third gene reads the dense output alone.
    [InlineData("dense:16+0,skip+0", "dense:16+0,skip+0")] // Added twice is not added once.
    [InlineData("dense:16,skip+1", "dense:16")] // A place that adds its own input is written as an empty one.
    [InlineData("dense:16,identity,dense:32+2", "dense:16,dense:32+1")] // The empty place stands for what it passes on.
    [InlineData("skip+0,dense:16", "dense:16")]
    [InlineData("dense:16,skip+0,skip+1", "dense:16,skip+0+1")] // Doubles the first output, which no gene can do by itself.
    public void Equal_graphs_have_one_form(string places, string genes)
    {
        var words = places.Split(',');
        var space = new ArchitectureSpace(new SpaceOptions { Inputs = 3, Outputs = 2, Places = words.Length });
        var choices = new List<(DecisionKind, int, string)>();
        for (var place = 1; place <= words.Length; place++)
        {
            var parts = words[place - 1].Split('+');
            choices.Add((DecisionKind.Kind, place, parts[0].Split(':')[0]));
            choices.Add((DecisionKind.Width, place, parts[0].Contains(':') ? parts[0].Split(':')[1] : "16"));
            choices.Add((DecisionKind.Skip, place, parts.Length > 1 ? parts[1] : "none"));
        }

        Assert.Equal(genes, Choose(space, [.. choices]).Architecture.Genes);
    }

    [Fact]
    public void A_small_space_is_enumerated_once_each_and_its_size_bounds_the_count()
    {
        var space = new ArchitectureSpace(new SpaceOptions
        {
            Inputs = 2, Outputs = 2, Places = 2, Widths = [16, 32], Activations = [Activation.Relu], Dropouts = [0.0], Kinds = [GeneKind.Identity, GeneKind.Dense], Skips = false,
        });
        // Nothing, one layer of two widths, two layers of two widths each.
        Assert.Equal(["", "dense:16", "dense:16,dense:16", "dense:16,dense:32", "dense:32", "dense:32,dense:16", "dense:32,dense:32"], space.Enumerate().Select(c => c.Architecture.Genes).Order(StringComparer.Ordinal));
        Assert.Equal(9, (int)space.Combinations);
    }

    [Fact]
    public void The_default_space_of_a_window_holds_tens_of_billions_of_combinations()
    {
        // Per place: nothing 1; dense 5 widths x 3 activations x 2 dropouts x (1 + place) skips; convolution twice that; lstm, gru, attention 5 x 2 x (1 + place) each; skip 1 + place.
        long PerPlace(int place) => 1 + ((30 + 60 + 30 + 1) * (1 + place));
        Assert.Equal(4 * PerPlace(1) * PerPlace(2) * PerPlace(3) * PerPlace(4), (long)new ArchitectureSpace(Windowed).Combinations);
    }

    [Fact]
    public void Draws_mutations_and_children_keep_the_parameter_limit()
    {
        var space = new ArchitectureSpace(Windowed with { MaxParameters = 1_500 });
        var rng = new Rng(3);
        Candidate one = space.Draw(ref rng), other = space.Draw(ref rng);
        for (var i = 0; i < 300; i++)
        {
            (one, other) = (Variation.Mutate(space, one, ref rng), Variation.Cross(space, one, other, ref rng));
            Assert.InRange(ArchitectureCost.ParametersOf(one.Architecture), 1, 1_500);
            Assert.InRange(ArchitectureCost.ParametersOf(other.Architecture), 1, 1_500);
        }
    }

    [Fact]
    public void A_limit_below_the_smallest_architecture_is_refused_with_its_size()
    {
        var space = new ArchitectureSpace(Windowed with { MaxParameters = 3 });
        var refusal = Assert.Throws<ResearchRefusedException>(() =>
        {
            var rng = new Rng(1);
            space.Draw(ref rng);
        });
        Assert.Contains("has 8 parameters, more than 3", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mutation_is_another_architecture_one_decision_away()
    {
        var space = new ArchitectureSpace(Windowed);
        var rng = new Rng(5);
        var parent = space.Draw(ref rng);
        for (var i = 0; i < 300; i++)
        {
            var child = Variation.Mutate(space, parent, ref rng);
            Assert.NotEqual(parent, child);
            var changed = Enumerable.Range(0, parent.Choices.Count).Where(d => parent.Choices[d] != child.Choices[d]).Select(d => space.Decisions[d]).ToList();
            Assert.Single(changed.Select(d => d.Place).Distinct());
            Assert.True(changed.Count == 1 || changed.Any(d => d.Kind == DecisionKind.Kind));
            parent = child;
        }
    }

    [Theory]
    [InlineData(GeneKind.Lstm, "--kinds: expected identity, dense and skip without a window")]
    public void Kinds_that_need_steps_are_refused_without_a_window(GeneKind kind, string expected)
    {
        var refusal = Assert.Throws<ResearchRefusedException>(() => new ArchitectureSpace(new SpaceOptions { Inputs = 2, Outputs = 2, Kinds = [kind] }));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    internal static Candidate Choose(ArchitectureSpace space, params (DecisionKind Kind, int Place, string Word)[] words)
    {
        var choices = new int[space.Decisions.Count];
        foreach (var (kind, place, word) in words)
        {
            var decision = Enumerable.Range(0, choices.Length).Single(i => space.Decisions[i].Kind == kind && space.Decisions[i].Place == place);
            choices[decision] = space.Decisions[decision].Options.ToList().IndexOf(word);
        }

        return space.Of(choices);
    }
}
