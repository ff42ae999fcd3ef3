using TicketBot.Learning;
using TicketBot.Testing;

namespace TicketBot.Tickets.Tests;

public sealed class CompiledTicketTests
{
    private static readonly Ticket Ticket = TestTickets.Direction();
    private static readonly int Features = Ticket.Architecture.Inputs;

    [Fact]
    public void Answers_what_the_dense_masked_network_answers_after_temperature()
    {
        var compiled = new CompiledTicket(Ticket);
        var network = new Network(Ticket.Architecture);
        network.RestoreWeights(Ticket.Weights);
        var rows = TestTickets.Rows(200, Features, seed: 9);
        var answers = new HashSet<double>();
        for (var i = 0; i < rows.Length; i += Features)
        {
            var scaled = new float[Features];
            Ticket.Scaler.Apply(rows.AsSpan(i, Features), scaled);
            var logits = new float[2];
            network.LogitsOf(scaled, 1, logits);
            var expected = 1 / (1 + Math.Exp((logits[0] - (double)logits[1]) / Ticket.Temperature));
            var found = compiled.ProbabilityUp(rows.AsSpan(i, Features));
            Assert.Equal(expected, found, 1e-12);
            answers.Add(found);
        }

        Assert.True(answers.Count > 100);
    }

    [Theory]
    [InlineData("conv1d:8x3/relu,dense:4")]
    [InlineData("gru:6")]
    [InlineData("lstm:5,dense:4/tanh")]
    [InlineData("attention:8x2,flatten,dense:4/tanh")]
    public void A_ticket_that_reads_a_window_answers_what_its_dense_masked_network_answers_of_the_window_and_allocates_nothing(string genes)
    {
        const int Window = 6;
        var ticket = TestTickets.Direction(genes: genes, window: Window);
        var compiled = new CompiledTicket(ticket);
        var network = new Network(ticket.Architecture);
        network.RestoreWeights(ticket.Weights);
        var rows = TestTickets.Rows(60, Features, seed: 9);
        var scaled = new float[rows.Length];
        ticket.Scaler.ApplyEach(rows, scaled);
        var answers = new HashSet<double>();
        for (var last = Window; last <= 60; last++)
        {
            var span = new Range((last - Window) * Features, last * Features);
            var logits = new float[2];
            network.LogitsOf(scaled.AsSpan(span), 1, logits);
            var found = compiled.ProbabilityUp(rows.AsSpan(span));
            Assert.Equal(1 / (1 + Math.Exp((logits[0] - (double)logits[1]) / ticket.Temperature)), found, 1e-9);
            answers.Add(found);
        }

        Assert.True(answers.Count > 30, $"{answers.Count}");
        Assert.Equal(ticket.Schema.Window + Window - 1, ticket.Lookback);
        Assert.NotNull(compiled.SimilarityOf(TestTickets.Rows(ticket.Similarity.WindowRows, Features)));
        Assert.Throws<ArgumentException>(() => compiled.ProbabilityUp(rows.AsSpan(0, Features)));
        Assert.Equal(0, AllocatedBytes.LeastOf(() =>
        {
            for (var last = Window; last <= 60; last++)
            {
                compiled.ProbabilityUp(rows.AsSpan((last - Window) * Features, Window * Features));
            }
        }));
    }

    [Fact]
    public void A_higher_temperature_only_pulls_towards_one_half()
    {
        var (sharp, flat) = (new CompiledTicket(Ticket), new CompiledTicket(Ticket.Seal(Ticket with { Temperature = 3 * Ticket.Temperature })));
        var rows = TestTickets.Rows(50, Features, seed: 9);
        var undecided = 0;
        for (var i = 0; i < rows.Length; i += Features)
        {
            var (p, q) = (sharp.ProbabilityUp(rows.AsSpan(i, Features)), flat.ProbabilityUp(rows.AsSpan(i, Features)));
            Assert.Equal(p > 0.5, q > 0.5);
            Assert.True(p == 0.5 ? q == 0.5 : Math.Abs(q - 0.5) < Math.Abs(p - 0.5), $"{p} and {q}");
            undecided += p == 0.5 ? 1 : 0;
        }

        Assert.True(undecided < 25, $"{undecided} of 50 undecided");
    }

    [Fact]
    public void Predicting_and_measuring_similarity_allocate_nothing()
    {
        var compiled = new CompiledTicket(Ticket);
        var rows = TestTickets.Rows(120, Features, seed: 9);
        compiled.ProbabilityUp(rows.AsSpan(0, Features));
        compiled.SimilarityOf(rows);
        Assert.Equal(0, AllocatedBytes.LeastOf(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                compiled.ProbabilityUp(rows.AsSpan(i * Features, Features));
                compiled.SimilarityOf(rows);
            }
        }));
    }

    [Fact]
    public void Refuses_a_row_with_a_value_that_is_not_finite_or_of_another_length()
    {
        var compiled = new CompiledTicket(Ticket);
        var row = TestTickets.Rows(1, Features);
        row[3] = float.NaN;
        Assert.Throws<ArgumentException>(() => compiled.ProbabilityUp(row));
        Assert.Throws<ArgumentException>(() => compiled.ProbabilityUp(row.AsSpan(1)));
    }

    [Fact]
    public void Logits_that_overflow_are_no_answer()
    {
        var weights = Ticket.Weights.Select((w, p) => w.Select((x, i) => Ticket.Mask[p] is { } m && !m[i] ? 0 : float.MaxValue).ToArray()).ToArray();
        var compiled = new CompiledTicket(Ticket.Seal(Ticket with { Weights = weights }));
        Assert.Throws<InvalidOperationException>(() => compiled.ProbabilityUp(TestTickets.Rows(1, Features)));
    }

    [Fact]
    public void Similarity_looks_at_the_newest_rows_and_is_null_before_there_are_enough()
    {
        var compiled = new CompiledTicket(Ticket);
        var window = Ticket.Similarity.WindowRows;
        var rows = TestTickets.Rows(window + 40, Features, seed: 1);
        Assert.Null(compiled.SimilarityOf(rows.AsSpan(0, (window - 1) * Features)));
        var strange = rows.ToArray();
        Array.Fill(strange, 500f, 0, 40 * Features);
        Assert.Equal(compiled.SimilarityOf(rows), compiled.SimilarityOf(strange));
        Array.Fill(strange, 500f, 40 * Features, window * Features);
        Assert.Equal(0, compiled.SimilarityOf(strange));
        Assert.InRange(compiled.SimilarityOf(rows.AsSpan(0, window * Features))!.Value, 0.8, 1);
    }

    [Fact]
    public void A_ticket_of_another_task_is_not_compiled()
    {
        Assert.Throws<ArgumentException>(() => new CompiledTicket(Ticket.Seal(Ticket with { Task = PredictionTask.Volatility })));
    }
}
