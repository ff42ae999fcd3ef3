using System.Globalization;
using TicketBot.Domain;
using TicketBot.Host.Searches;
using TicketBot.Research.ArchitectureSearch;
using TicketBot.Research.ArchitectureSearch.Candles;

namespace TicketBot.Host.Reports;

/// <summary>The page of a search for architectures: front, history, finalists with shrinkage, the tickets' verdict, and a drawing of each architecture; and the list of all searches.</summary>
public static class ArchitectureSearchPage
{
    private const double CeilingShare = 4;
    private const double LeastCeiling = 0.01;

    /// <summary>Returns the page of one search.</summary>
    /// <param name="search">The search.</param>
    /// <param name="back">Address of the page above; <c>null</c> where it stands alone.</param>
    public static string Of(SearchRecord search, string? back = null)
    {
        var page = new HtmlPage($"architectures: {search.Name}");
        if (back is not null)
        {
            page.Links([("all searches", back)]);
        }

        page.Heading($"Architectures for {search.Name}", 1).Paragraph(search.Source + (search.AsOfMs > 0 ? $", up to {new Instant(search.AsOfMs)}" : ""), "muted");
        if (!search.IsDone)
        {
            return page.Paragraph("This search is not done: it runs now or was interrupted. Trainings that were done are kept, and the next run goes on where it stood.").ToString();
        }

        page.Paragraph(search.Outcome() + ".")
            .Paragraph(Text($"{search.How}; {search.Rows[0]} rows to train ({search.Rows[1]} in a trial), {search.Rows[2]} to validate, {search.Rows[3]} to test; {search.Seconds:0} s. Space: {search.Space}."), "muted")
            .Heading("The front and the way to it")
            .Beside(Front(search, "parameters", "parameters", trial => trial.Parameters), History(search));
        if (search.Trials.All(trial => trial.LatencyUs is not null))
        {
            page.Beside(Front(search, "latency", "predicted microseconds of one prediction", trial => trial.LatencyUs!.Value));
        }

        page.Paragraph(Text($"Loss is the log-loss on validation rows in nats; the dashed line, {search.PriorLoss:0.0000}, is what saying the class frequencies has. The front of {string.Join(" and ", search.Objectives)} dominates {100 * search.Hypervolume:0.0} % of the box between nothing and both worst ends."), "muted")
            .Heading("Finalists: trained again from fresh seeds, judged on rows that nothing before has seen")
            .Beside(HtmlPage.Table(
                ["found by", "confirmed", "test rows", "from", "to", "shrinkage", "test accuracy, %", "parameters", "architecture"],
                search.Finalists.Select(f => (IReadOnlyList<string>)
                [
                    Text($"{f.SearchScore:0.0000}"), Text($"{f.ConfirmedScore:0.0000}"), Text($"{f.RetestScore:0.0000}"), Text($"{f.RetestLow:0.0000}"), Text($"{f.RetestHigh:0.0000}"),
                    Text($"{f.Shrinkage:0.0000}"), Text($"{100 * f.TestAccuracy:0.00}"), Text($"{f.Parameters}"), CandleSearch.NameOf(f.Architecture),
                ]),
                column => column < 8))
            .Paragraph("Scores are nats below saying the class frequencies, the interval holds 95 %; shrinkage is what was lost between the score it was found by and test rows. The first is the best by its confirmed score.", "muted");
        Verdict(page, search);
        page.Heading("Architectures of the front, smallest first");
        var front = search.Front.Select(number => search.Trials.First(trial => trial.Number == number)).OrderBy(trial => trial.Parameters).ToList();
        foreach (var trial in front)
        {
            page.Paragraph(Text($"trial {trial.Number}: {trial.Parameters} parameters, {trial.MultiplyAdds} multiply-adds, validation loss {trial.ValidationLoss:0.0000}, accuracy {100 * trial.ValidationAccuracy:0.00} %{(trial.LatencyUs is { } us ? FormattableString.Invariant($", {us:0.0} us") : "")}{Role(search, trial.Architecture)}"))
                .Beside(ArchitectureDrawing.Of(trial.Architecture));
        }

        var others = search.Finalists.Where(f => front.TrueForAll(t => t.Architecture != f.Architecture)).ToList();
        if (others.Count > 0)
        {
            page.Heading("Finalists that lie behind the front");
            foreach (var finalist in others)
            {
                page.Paragraph(Text($"{finalist.Parameters} parameters{Role(search, finalist.Architecture)}")).Beside(ArchitectureDrawing.Of(finalist.Architecture));
            }
        }

        foreach (var remark in search.Remarks)
        {
            page.Paragraph(remark, "muted");
        }

        return page.ToString();
    }

    /// <summary>Returns the list of all searches.</summary>
    /// <param name="searches">The searches with the address of each one's page.</param>
    public static string List(IReadOnlyList<(string Address, SearchRecord Search)> searches)
    {
        var page = new HtmlPage("TicketBot: architectures").Links([("dashboard", "/")]).Heading("Searches for architectures", 1);
        if (searches.Count == 0)
        {
            return page.Paragraph("No search is kept here yet. The job architectureSearch makes one for each contract that is traded; it runs when its time comes, or at once:")
                .Beside("<code>ticketbot job run architectureSearch</code>")
                .Paragraph("A search of your own, on candles of the store, a candle file or any labelled table, is shown here too:")
                .Beside("<code>ticketbot search --symbol BTCUSDT --interval 1h</code><br><code>ticketbot search --data bybit_BTCUSDT_1h.csv.gz</code><br><code>ticketbot search --dataset table.csv --label class</code>")
                .ToString();
        }

        foreach (var (address, search) in searches)
        {
            page.Heading(search.Name).Paragraph(search.Source + (search.AsOfMs > 0 ? $", up to {new Instant(search.AsOfMs)}" : ""), "muted").Paragraph(search.Outcome() + ".").Links([("front, history, drawings", address)]);
        }

        return page.ToString();
    }

    private static void Verdict(HtmlPage page, SearchRecord search)
    {
        if (search.Chosen is not { } chosen)
        {
            return;
        }

        page.Heading(search.Verdict is null ? "Chosen for tickets, which were not asked for" : $"Tickets drawn from it: {(search.Verdict == "eligible" ? "eligible" : "not eligible")}")
            .Paragraph($"{CandleSearch.NameOf(chosen)}: {search.Reason}.").Paragraph($"The rule: {FinalistChoice.Rule}.", "muted");
        if (search.Admission.Length > 0)
        {
            page.Paragraph($"Registry: {search.Admission}.");
        }

        if (search.Tickets.Count > 0)
        {
            page.Beside(HtmlPage.Table(
                ["ticket", "regime", "density, %", "trades", "net bp", "gate", "value", "held against", "n", "verdict", "reason"],
                search.Tickets.SelectMany(ticket => ticket.Gates.Where(g => g.Passed is not null).Select(g => (IReadOnlyList<string>)
                [
                    ticket.Id[..Math.Min(8, ticket.Id.Length)], ticket.Regime, Text($"{100 * ticket.Density:0.0}"), Text($"{ticket.Trades}"), ticket.Trades == 0 ? "-" : Text($"{ticket.NetBp:0.0}"), g.Name,
                    g.Value is { } value ? Text($"{value:G6}") : "-", Text($"{g.Threshold:G6}"), Text($"{g.N}"), g.Passed == true ? "passed" : "REFUSED", g.Reason,
                ]))));
            foreach (var ticket in search.Tickets.Where(t => t.Gates.Any(g => g.Passed is null)))
            {
                page.Paragraph($"{ticket.Regime}: not run after the refusal: {string.Join(", ", ticket.Gates.Where(g => g.Passed is null).Select(g => g.Name))}.", "muted");
            }
        }
    }

    private static string Role(SearchRecord search, string architecture) => string.Concat(
        search.Finalists[0].Architecture == architecture ? "; the best finalist" : search.Finalists.Any(f => f.Architecture == architecture) ? "; a finalist" : "",
        search.Chosen == architecture ? "; tickets were drawn from it" : "");

    // The front is a line only between the two objectives it is the front of.
    private static string Front(SearchRecord search, string objective, string axis, Func<TrialReport, double> costOf)
    {
        var front = search.Front.ToHashSet();
        PlotSeries Dots(string name, string style, IEnumerable<TrialReport> trials) => new(name, style, [.. trials.OrderBy(costOf).Select(t => new PlotPoint(costOf(t), t.ValidationLoss))]);
        return ScatterPlot.Of(
            $"validation loss by {axis}", axis,
            [Dots("trials", "dense", search.Trials.Where(t => !front.Contains(t.Number))), Dots("front", "ticket", search.Trials.Where(t => front.Contains(t.Number)))],
            isLogarithmic: true, series => series.Name == "front" && search.Objectives.Count == 2 && search.Objectives.Contains(objective), search.PriorLoss, Ceiling(search),
            (series, point) => Text($"{CandleSearch.NameOf(search.Trials.First(t => costOf(t) == point.X && t.ValidationLoss.Equals(point.Y)).Architecture)}: {point.X:0.#}, loss {point.Y:0.0000}"));
    }

    private static string History(SearchRecord search)
    {
        var best = double.PositiveInfinity;
        List<PlotPoint> soFar = [];
        foreach (var trial in search.Trials)
        {
            best = Math.Min(best, trial.ValidationLoss);
            soFar.Add(new PlotPoint(trial.Number, best));
        }

        return ScatterPlot.Of(
            "validation loss by trial", "trial",
            [new PlotSeries("trials", "dense", [.. search.Trials.Select(t => new PlotPoint(t.Number, t.ValidationLoss))]), new PlotSeries("best so far", "ticket", soFar)],
            isLogarithmic: false, series => series.Name == "best so far", search.PriorLoss, Ceiling(search));
    }

    // A network that learned noise by heart would press all others flat.
    private static double Ceiling(SearchRecord search)
    {
        var lowest = search.Trials.Min(t => t.ValidationLoss);
        return Math.Max(search.PriorLoss, lowest) + Math.Max(LeastCeiling, CeilingShare * Math.Max(0, search.PriorLoss - lowest));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
