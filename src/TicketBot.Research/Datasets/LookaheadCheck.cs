using TicketBot.Domain;
using TicketBot.Learning;
using TicketBot.Market.Candles;
using TicketBot.Market.Features;

namespace TicketBot.Research.Datasets;

/// <summary>Looks for rows that know the future: each sampled row is built again from the candles up to its own close alone and must have the same bits.</summary>
/// <param name="Checked">Rows compared.</param>
/// <param name="Findings">One line per feature that changed, with the candle and both values; empty when none looks ahead.</param>
public sealed record LookaheadCheck(int Checked, IReadOnlyList<string> Findings)
{
    /// <summary>Writes the row of the candle at an index; returns whether there is one.</summary>
    public delegate bool RowBuilder(CandleSeries series, int index, Span<float> destination);

    /// <summary>Checks the rows of a schema.</summary>
    public static LookaheadCheck Of(CandleSeries series, CandleSeries? reference, FeatureSchema schema, int samples, Rng rng)
    {
        var builder = new FeatureBuilder(schema);
        return Of(series, schema.Names, samples, rng, (s, index, row) => builder.Build(s, reference, index, row) == FeatureStatus.Ready);
    }

    /// <summary>Checks the rows of any builder.</summary>
    public static LookaheadCheck Of(CandleSeries series, IReadOnlyList<string> names, int samples, Rng rng, RowBuilder build)
    {
        var findings = new List<string>();
        var whole = new float[names.Count];
        var cut = new float[names.Count];
        var compared = 0;
        for (var sample = 0; sample < samples && series.Count > 1; sample++)
        {
            var index = rng.NextInt(series.Count - 1);
            if (!build(series, index, whole))
            {
                continue;
            }

            compared++;
            var start = Math.Max(0, index - 4_000);
            var candles = new List<Candle>(index - start + 1);
            for (var i = start; i <= index; i++)
            {
                candles.Add(series[i]);
            }

            var past = CandleSeries.Of(series.Symbol, series.Interval, candles, series.Hours);
            if (!build(past, past.Count - 1, cut))
            {
                findings.Add($"row at {new Instant(series.OpenTimes[index])} exists only with later candles");
                continue;
            }

            for (var f = 0; f < names.Count; f++)
            {
                if (BitConverter.SingleToInt32Bits(whole[f]) != BitConverter.SingleToInt32Bits(cut[f]))
                {
                    findings.Add($"{names[f]} at {new Instant(series.OpenTimes[index])} is {whole[f]} with later candles and {cut[f]} without");
                }
            }
        }

        return new LookaheadCheck(compared, findings);
    }
}
