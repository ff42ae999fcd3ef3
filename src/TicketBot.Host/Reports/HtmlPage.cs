using System.Net;
using System.Text;

namespace TicketBot.Host.Reports;

/// <summary>Writes one self-contained HTML page: style and pictures are in it, nothing is loaded. Not safe for use by several threads.</summary>
/// <param name="title">Its title.</param>
public sealed class HtmlPage(string title)
{
    private const string Style = """
        :root { color-scheme: light dark; --ground: #fbfcfd; --text: #1c2530; --muted: #5c6b7a; --line: #d5dce3; --ticket: #1f6fb5; --dense: #6b7782; --random: #c26a12;
          --reinit: #2d8a5c; --shuffled: #a4478f; --good: #23774e; --bad: #b83b39; }
        @media (prefers-color-scheme: dark) { :root { --ground: #0f1318; --text: #dfe6ec; --muted: #8494a3; --line: #2c3641; --ticket: #5aa0e6; --dense: #9aa7b3; --random: #e0963c;
          --reinit: #52bd8b; --shuffled: #d07fc0; --good: #3fb984; --bad: #e5605e; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 22px; max-width: 1240px; background: var(--ground); color: var(--text); font: 14px/1.5 system-ui, "Segoe UI", sans-serif; }
        h1 { font-size: 21px; margin: 0 0 2px; } h2 { font-size: 16px; margin: 30px 0 6px; padding-top: 12px; border-top: 1px solid var(--line); }
        p { margin: 4px 0 8px; max-width: 100ch; } .muted { color: var(--muted); }
        code { font: 12px ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
        .beside { display: flex; flex-wrap: wrap; gap: 14px 26px; align-items: flex-start; } .beside > * { min-width: 0; max-width: 100%; overflow-x: auto; }
        table { border-collapse: collapse; font-size: 12.5px; font-variant-numeric: tabular-nums; margin: 4px 0; }
        th { text-align: left; color: var(--muted); font-weight: 500; vertical-align: bottom; } th, td { padding: 2px 12px 2px 0; border-bottom: 1px solid var(--line); }
        td { vertical-align: top; } .good { color: var(--good); } .bad { color: var(--bad); } .label { font-weight: 600; }
        details { margin: 6px 0; } summary { cursor: pointer; color: var(--muted); }
        svg { max-width: 100%; height: auto; display: block; } svg text { fill: var(--text); font-size: 11.5px; } svg .tick { fill: var(--muted); font-size: 11px; }
        svg .inside { fill: var(--text); } .grid { stroke: var(--line); stroke-width: 1; } .zero { stroke: var(--muted); stroke-width: 1; } .null { stroke: var(--bad); stroke-width: 1.5; stroke-dasharray: 5 3; }
        .whisker { stroke-width: 1.4; } .line { fill: none; stroke-width: 2; } .line.random, .line.shuffled { stroke-dasharray: 6 3; } .line.dense { stroke-dasharray: 2 3; }
        .line.ticket, .whisker.ticket { stroke: var(--ticket); } .line.dense, .whisker.dense { stroke: var(--dense); } .line.random, .whisker.random { stroke: var(--random); } .line.reinit, .whisker.reinit { stroke: var(--reinit); } .line.shuffled, .whisker.shuffled { stroke: var(--shuffled); }
        .dot.ticket { fill: var(--ticket); } .dot.dense { fill: var(--dense); } .dot.random { fill: var(--random); } .dot.reinit { fill: var(--reinit); } .dot.shuffled { fill: var(--shuffled); }
        .area { stroke: none; fill-opacity: .14; } .area.ticket { fill: var(--ticket); } .area.bad { fill: var(--bad); } .line.bad { stroke: var(--bad); stroke-width: 1.4; }
        .figures td, .figures th { white-space: nowrap; } .number { text-align: right; } td code { display: inline-block; min-width: 24ch; } .verdict { font-size: 15px; } .plot svg { min-width: 470px; }
        .box { fill: var(--ticket); stroke: var(--ticket); stroke-width: 1.4; } .box.end { fill: var(--dense); stroke: var(--dense); } .wire { fill: none; stroke: var(--dense); stroke-width: 1.4; } .wire.skip { stroke: var(--random); } a { color: var(--ticket); }
        .bar { fill: var(--line); } .bar.above { fill: var(--reinit); } .cell { fill: var(--ticket); } .cell.same { fill: var(--line); }
        """;

    private readonly StringBuilder _body = new();

    /// <summary>Adds a heading of the first or second rank.</summary>
    public HtmlPage Heading(string text, int rank = 2) => Add($"<h{rank}>{Escape(text)}</h{rank}>");

    /// <summary>Adds a paragraph.</summary>
    public HtmlPage Paragraph(string text, string style = "") => Add($"<p class=\"{style}\">{Escape(text)}</p>");

    /// <summary>Adds links in one line.</summary>
    public HtmlPage Links(IEnumerable<(string Text, string Address)> links) => Add($"<p>{string.Join(" ", links.Select(l => $"<a href=\"{Escape(l.Address)}\">{Escape(l.Text)}</a>"))}</p>");

    /// <summary>Adds parts that stand beside each other where there is room: pictures and tables made before.</summary>
    public HtmlPage Beside(params ReadOnlySpan<string> parts)
    {
        Add("<div class=\"beside\">");
        foreach (var part in parts)
        {
            Add($"<div>{part}</div>");
        }

        return Add("</div>");
    }

    /// <summary>Adds a part that opens when its line is clicked.</summary>
    public HtmlPage Folded(string line, string part) => Add($"<details><summary>{Escape(line)}</summary>{part}</details>");

    /// <summary>Returns a table; the words <c>passed</c>, <c>REFUSED</c>, <c>above</c> alone in a cell are coloured.</summary>
    public static string Table(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows) => Table(head, rows, _ => false);

    /// <summary>Returns a table in which some columns hold numbers: these stand right, those below zero are coloured.</summary>
    /// <param name="head">Names of the columns.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="isNumber">Whether a column, counted from 0, holds numbers.</param>
    public static string Table(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows, Func<int, bool> isNumber) =>
        $"<table{(head.Where((_, i) => isNumber(i)).Any() ? " class=\"figures\"" : "")}><thead><tr>{string.Concat(head.Select((h, i) => $"<th{(isNumber(i) ? " class=\"number\"" : "")}>{Escape(h)}</th>"))}</tr></thead><tbody>"
        + string.Concat(rows.Select(row => $"<tr>{string.Concat(row.Select((cell, i) => isNumber(i) ? Number(cell) : Cell(cell)))}</tr>\n")) + "</tbody></table>";

    /// <summary>Returns the page.</summary>
    public override string ToString() =>
        $"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{Escape(title)}</title>\n"
        + $"<link rel=\"icon\" href=\"data:,\">\n<style>\n{Style}\n</style>\n</head>\n<body>\n{_body}</body>\n</html>\n";

    private static string Number(string text) => $"<td class=\"number{(text is ['-', >= '0' and <= '9', ..] ? " bad" : "")}\">{Escape(text)}</td>";

    private static string Cell(string text) =>
        $"<td{(text is "passed" or "above" or "met" ? " class=\"good\"" : text is "REFUSED" or "not met" or "found" ? " class=\"bad\"" : "")}>{(text.Length >= 40 && !text.Contains(' ', StringComparison.Ordinal) ? $"<code>{Escape(text)}</code>" : Escape(text))}</td>";

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    private HtmlPage Add(string text)
    {
        _body.Append(text).Append('\n');
        return this;
    }
}
