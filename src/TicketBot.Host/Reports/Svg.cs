using System.Globalization;
using System.Net;
using System.Text;

namespace TicketBot.Host.Reports;

/// <summary>Writes one inline SVG picture: shapes in pixels from the upper left corner, coloured by the page's style classes. Not safe for use by several threads.</summary>
/// <param name="width">Width, pixels.</param>
/// <param name="height">Height, pixels.</param>
/// <param name="label">What the picture shows, for readers that do not see it.</param>
public sealed class Svg(int width, int height, string label)
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds a line.</summary>
    public Svg Line(double x1, double y1, double x2, double y2, string style) =>
        Add($"<line x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\" class=\"{style}\"/>");

    /// <summary>Adds a rectangle; <paramref name="opacity"/> 0..1 is how strongly it is filled, and a title shows under the pointer.</summary>
    public Svg Rectangle(double x, double y, double wide, double high, string style, double opacity = 1, string title = "") =>
        Add($"<rect x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{Math.Max(0, wide):0.#}\" height=\"{Math.Max(0, high):0.#}\" class=\"{style}\" fill-opacity=\"{opacity:0.###}\">{Title(title)}</rect>");

    /// <summary>Adds a dot; a title shows under the pointer.</summary>
    public Svg Dot(double x, double y, string style, string title = "") =>
        Add($"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"3.5\" class=\"{style}\">{Title(title)}</circle>");

    /// <summary>Adds a line through points.</summary>
    public Svg Path(IEnumerable<(double X, double Y)> points, string style) =>
        Add($"<polyline points=\"{string.Join(' ', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:0.#},{p.Y:0.#}")))}\" class=\"{style}\"/>");

    /// <summary>Adds text; the anchor is <c>start</c>, <c>middle</c> or <c>end</c>, the turn in degrees clockwise about its place.</summary>
    public Svg Text(double x, double y, string text, string anchor = "start", string style = "", double turn = 0) =>
        Add($"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\" class=\"{style}\"{(turn == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" transform=\"rotate({turn:0.#} {x:0.#} {y:0.#})\""))}>{WebUtility.HtmlEncode(text)}</text>");

    /// <summary>Returns the picture.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(label)}\">{_text}</svg>");

    private static string Title(string title) => title.Length == 0 ? "" : $"<title>{WebUtility.HtmlEncode(title)}</title>";

    private Svg Add(FormattableString shape)
    {
        _text.Append(shape.ToString(CultureInfo.InvariantCulture));
        return this;
    }
}
