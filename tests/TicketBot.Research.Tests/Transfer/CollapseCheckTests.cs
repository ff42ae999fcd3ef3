using TicketBot.Research.Transfer;

namespace TicketBot.Research.Tests.Transfer;

public sealed class CollapseCheckTests
{
    private const double Uninformed = 0.6931471805599453;
    private static readonly float[] Features = [.. Enumerable.Range(0, 400).Select(i => (float)Math.Sin(i))];

    [Fact]
    public void Features_that_keep_their_spread_and_answers_that_keep_what_they_said_are_sound()
    {
        Assert.Null(CollapseCheck.Of(Features, Features, Scores(0.1, 195), Scores(0.1, 195), Uninformed));
        Assert.Null(CollapseCheck.Of(Features, [.. Features.Select(f => f / 2)], Scores(0.1, 195), Scores(0.25, 195), Uninformed));
    }

    [Fact]
    public void Constant_features_lost_rows_and_answers_that_hardly_say_anything_are_named()
    {
        Assert.Contains("hardly vary", CollapseCheck.Of(Features, [.. Features.Select(f => f / 50)], Scores(0.1, 195), Scores(0.1, 195), Uninformed), StringComparison.Ordinal);
        Assert.Contains("right on 170 of 200", CollapseCheck.Of(Features, Features, Scores(0.1, 195), Scores(0.2, 170), Uninformed), StringComparison.Ordinal);

        // The same rows right, but of 593 thousandths of a nat beyond the frequencies of the classes 93 are left.
        Assert.Contains("thousandths of a nat more", CollapseCheck.Of(Features, [.. Features.Select(f => f / 5)], Scores(0.1, 195), Scores(0.6, 195), Uninformed), StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_that_knew_nothing_has_nothing_to_lose() =>
        Assert.Null(CollapseCheck.Of(Features, Features, Scores(0.72, 104), Scores(0.9, 104), Uninformed));

    // Losses around a mean, the first rows right.
    private static RowScores Scores(double loss, int right) => new(
        [.. Enumerable.Range(0, 200).Select(i => loss + (0.05 * Math.Cos(i)))], [.. Enumerable.Range(0, 200).Select(i => i < right)], new double[200], new int[200]);
}
