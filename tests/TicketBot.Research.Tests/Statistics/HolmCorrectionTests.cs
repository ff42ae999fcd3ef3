using TicketBot.Research.Statistics;

namespace TicketBot.Research.Tests.Statistics;

public sealed class HolmCorrectionTests
{
    [Fact]
    public void Equals_statsmodels()
    {
        foreach (var family in GoldenNumbers.Read("family").GetProperty("holm").EnumerateArray())
        {
            GoldenNumbers.AreEqual(family.Numbers("adjusted"), HolmCorrection.Adjust(family.Numbers("pValues")), 1e-15);
        }
    }

    [Fact]
    public void Nothing_given_nothing_returned() => Assert.Empty(HolmCorrection.Adjust([]));

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void What_is_no_p_value_is_refused_by_its_place(double value) =>
        Assert.Contains("number 1", Assert.Throws<ArgumentOutOfRangeException>(() => HolmCorrection.Adjust([0.5, value])).Message, StringComparison.Ordinal);
}
