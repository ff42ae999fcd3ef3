using TicketBot.Domain;
using TicketBot.Storage.Csv;

namespace TicketBot.Storage.Tests.Csv;

public sealed class FundingCsvTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("f.csv"), InlineData("f.csv.gz")]
    public void What_is_written_is_read_back(string name)
    {
        FundingRate[] rates = [new(new Instant(1_700_000_000_000), 0.00013467m), new(new Instant(1_700_028_800_000), -0.000001m)];
        FundingCsv.Write(_folder[name], rates);
        Assert.Equal(rates, FundingCsv.Read(_folder[name]));
    }

    [Theory]
    [InlineData("1700000000000,x\n", 2, "number")]
    [InlineData("1700000000000,0.5\n", 2, "fraction")]
    [InlineData("1700000000000,0.0001\n1700000000000,0.0001\n", 3, "twice")]
    [InlineData("1700000000000,0.0001\n1600000000000,0.0001\n", 3, "ascend")]
    [InlineData("1700000000000\n", 2, "2 columns")]
    public void Names_the_line_and_the_fault(string rows, int line, string fault)
    {
        File.WriteAllText(_folder["f.csv"], "time_ms,funding_rate\n" + rows);
        var thrown = Assert.Throws<CandleFileException>(() => FundingCsv.Read(_folder["f.csv"]));
        Assert.Equal(line, thrown.Line);
        Assert.Contains(fault, thrown.Message, StringComparison.Ordinal);
    }
}
