using TicketBot.Research.ArchitectureSearch.OneShot;
using TicketBot.Research.ArchitectureSearch.Spaces;

namespace TicketBot.Research.Tests.ArchitectureSearch.OneShot;

public class CellMappingTests
{
    [Fact]
    public void A_path_is_the_candidate_of_the_same_genes_without_normalisation()
    {
        var mapping = new CellMapping(OneShotRows.Space(places: 4), "darts");
        int[] path = [At(0, "lstm:16"), At(1, "conv1d:16x5"), At(2, "skip")];

        Assert.Equal("dense:16,batchnorm,lstm:16,batchnorm,conv1d:16x5,batchnorm,skip+4", mapping.Cell.ArchitectureOf(path).Genes);
        Assert.Equal("dense:16,lstm:16,conv1d:16x5+2", mapping.Of(path, 16)!.ToString());
        Assert.Equal("dense:8,lstm:8,conv1d:8x5+2", mapping.Of(path, 8)!.ToString());

        int At(int position, string operation) => mapping.Cell.OperationsAt(position).ToList().IndexOf(operation);
    }

    [Fact]
    public void Every_path_is_a_candidate_of_the_space()
    {
        var space = OneShotRows.Space(places: 3);
        var mapping = new CellMapping(space, "darts");
        for (var first = 0; first < mapping.Cell.OperationsAt(0).Count; first++)
        {
            for (var second = 0; second < mapping.Cell.OperationsAt(1).Count; second++)
            {
                var candidate = mapping.Of([first, second], 16)!;

                // Skips fold into the gene before them, so the shared weights' own text may be longer, but the layers are the same.
                Assert.Equal(candidate, space.Of(candidate.Choices));
                Assert.Equal(
                    mapping.Cell.ArchitectureOf([first, second]).Layers.Count(gene => gene is Learning.Gene.Dense or Learning.Gene.Lstm or Learning.Gene.Gru or Learning.Gene.Conv1D or Learning.Gene.Attention),
                    candidate.Architecture.Layers.Count(gene => gene is Learning.Gene.Dense or Learning.Gene.Lstm or Learning.Gene.Gru or Learning.Gene.Conv1D or Learning.Gene.Attention));
            }
        }
    }

    [Fact]
    public void A_parameter_limit_narrows_the_cell_and_leaves_larger_candidates_out()
    {
        var mapping = new CellMapping(OneShotRows.Space(mostParameters: 2_000), "darts");

        Assert.Equal(8, mapping.Width);
        Assert.Null(mapping.Of([.. Enumerable.Repeat(mapping.Cell.OperationsAt(0).ToList().IndexOf("lstm:8"), 2)], 16));
    }

    [Fact]
    public void Without_a_window_activations_are_what_positions_choose_between()
    {
        var space = new ArchitectureSpace(new SpaceOptions { Inputs = 5, Outputs = 2, Places = 3, Widths = [8, 16] });

        Assert.Equal(["identity", "dense:16", "dense:16/gelu", "dense:16/tanh"], new CellMapping(space, "darts").Cell.OperationsAt(0));
    }

    [Fact]
    public void Spaces_without_a_choice_are_refused_by_option_and_strategy()
    {
        Assert.Contains("--places", Refusal(OneShotRows.Space(places: 1)), StringComparison.Ordinal);
        Assert.Contains("--kinds", Refusal(OneShotRows.Space(kinds: [GeneKind.Lstm, GeneKind.Gru])), StringComparison.Ordinal);
        Assert.Contains("--strategy darts", Refusal(OneShotRows.Space(kinds: [GeneKind.Dense, GeneKind.Skip])), StringComparison.Ordinal);

        static string Refusal(ArchitectureSpace space) => Assert.Throws<ResearchRefusedException>(() => new CellMapping(space, "darts")).Message;
    }
}
