using System.CommandLine;
using System.Globalization;
using TicketBot.Bybit;
using TicketBot.Domain;
using TicketBot.Host.Configuration;
using TicketBot.Host.Running;
using TicketBot.Market;
using TicketBot.Market.Features;
using TicketBot.Market.Regimes;
using TicketBot.Storage;
using TicketBot.Storage.Csv;

namespace TicketBot.Host.Verbs;

/// <summary>Market data in and out: candles of the store as CSV, and features of a file.</summary>
public static class DataVerbs
{
    private static readonly Option<string> Data = new("--data") { Description = "Candles: VENUE_SYMBOL_INTERVAL.csv[.gz]", HelpName = "FILE", Required = true };
    private static readonly Option<string?> OnlySymbol = new("--symbol") { Description = "Contract, when the file's name does not say it" };
    private static readonly Option<string?> Length = new("--interval") { Description = "Candle length, when the file's name does not say it" };
    private static readonly Option<string> Target = new("--output") { Description = "CSV to write", HelpName = "FILE", Required = true };
    private static readonly Option<string?> Reference = new("--reference") { Description = "Candles of the reference symbol", HelpName = "FILE" };

    /// <summary>Returns the verbs.</summary>
    public static IEnumerable<Command> Make(VerbMaker make)
    {
        yield return make.Verb("import", "Read candles of a CSV file into the store", ImportAsync, Data, OnlySymbol, Length, VerbContext.Json);
        yield return make.Verb("export", "Write candles of the store to a CSV file", ExportAsync, Data, OnlySymbol, Length, VerbContext.Json);
        yield return make.Verb(
            "features", "Write one row per closed candle of a file: every feature unscaled, the regime and its probabilities", FeaturesAsync,
            Data, OnlySymbol, Length, Target, Reference, VerbContext.Json);
    }

    private static async Task<int> ImportAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        var file = CandleFiles.Read(verb.Get(Data)!, verb.Get(OnlySymbol), verb.Get(Length));
        using var store = Store(verb.Settings());
        var changed = await store.WriteAsync(file.Symbol, file.Interval, file.Candles, cancellationToken);
        return Tell(verb, new { symbol = file.Symbol, interval = file.Interval, candles = file.Candles.Count, newOrChanged = changed }, $"{file.Symbol}/{file.Interval}: {file.Candles.Count} candles read, {changed} new or changed");
    }

    private static async Task<int> ExportAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        var path = verb.Get(Data)!;
        var (symbol, interval) = SeriesOf(path, verb.Get(OnlySymbol), verb.Get(Length));
        using var store = Store(verb.Settings());
        var candles = await store.ReadAsync(symbol, interval, null, null, cancellationToken);
        if (candles.Count == 0)
        {
            throw new UsageException($"the store has no candle of {symbol}/{interval}");
        }

        CandleCsv.Write(path, candles);
        return Tell(verb, new { symbol, interval, candles = candles.Count, file = path }, $"{symbol}/{interval}: {candles.Count} candles written to {path}");
    }

    private static Task<int> FeaturesAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        var file = CandleFiles.Read(verb.Get(Data)!, verb.Get(OnlySymbol), verb.Get(Length));
        var other = verb.Get(Reference) is { } path ? CandleFiles.Read(path, null, null) : null;
        if (other is not null && other.Interval != file.Interval)
        {
            throw new UsageException($"data and reference must have one interval, '{file.Path}' has {file.Interval}, '{other.Path}' has {other.Interval}");
        }

        var options = verb.Settings().Get<MarketOptions>();
        var schema = FeatureSchema.Default(other?.Symbol, options.UseObservations);
        var series = file.ToSeries();
        var reference = other?.ToSeries();
        var regimes = RegimeHistory.Of(series, options.Regimes, cancellationToken);
        var builder = new FeatureBuilder(schema);
        var row = new float[schema.Names.Count];
        var states = options.Regimes.States;
        var written = 0;
        var target = verb.Get(Target)!;
        using (var csv = new StreamWriter(target + ".new"))
        {
            csv.WriteLine(string.Join(',', ["open_time_ms", .. schema.Names, "regime", .. Enumerable.Range(0, states).Select(s => $"regime_probability_{s}")]));
            for (var index = 0; index < series.Count; index++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var ready = builder.Build(series, reference, index, row) == FeatureStatus.Ready;
                IEnumerable<string> features = ready
                    ? row.Select(v => v.ToString("R", CultureInfo.InvariantCulture))
                    : row.Select(_ => "");
                var probabilities = regimes.ProbabilitiesAt(index).ToArray();
                csv.WriteLine(string.Join(',',
                [
                    series.OpenTimes[index].ToString(CultureInfo.InvariantCulture), .. features, regimes.At(index)?.Name ?? "",
                    .. Enumerable.Range(0, states).Select(s => s < probabilities.Length ? probabilities[s].ToString("R", CultureInfo.InvariantCulture) : ""),
                ]));
                written++;
            }
        }

        File.Move(target + ".new", target, overwrite: true);
        return Task.FromResult(Tell(
            verb, new { symbol = file.Symbol, interval = file.Interval, rows = written, features = schema.Names.Count, schema = schema.Hash, file = target },
            $"{written} rows of {schema.Names.Count} features written to {target}"));
    }

    private static (Domain.Symbol Symbol, Interval Interval) SeriesOf(string path, string? symbol, string? interval)
    {
        try
        {
            if (symbol is not null && interval is not null)
            {
                return (new Domain.Symbol(symbol), Interval.Parse(interval));
            }

            var name = CandleFileName.Parse(path);
            return (name.Symbol, name.Interval);
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or CandleFileException)
        {
            throw new UsageException(fault.Message, fault);
        }
    }

    private static SqliteCandleStore Store(Settings settings) =>
        SqliteCandleStore.Open(DataFolder.OfLastRun(settings.Get<StorageOptions>().DataFolder, settings.Get<BybitOptions>().Environment).MarketDatabase);

    private static int Tell(VerbContext verb, object document, string text)
    {
        if (verb.WantsJson)
        {
            verb.WriteJson(document);
        }
        else
        {
            verb.Output.WriteLine(text);
        }

        return Exit.Done;
    }
}
