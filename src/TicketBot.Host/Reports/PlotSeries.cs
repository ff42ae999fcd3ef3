namespace TicketBot.Host.Reports;

/// <summary>A line of a plot.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Style">Its style class: <c>ticket</c>, <c>dense</c>, <c>random</c>, <c>reinit</c> or <c>shuffled</c>.</param>
/// <param name="Points">Its points.</param>
public sealed record PlotSeries(string Name, string Style, IReadOnlyList<PlotPoint> Points);

/// <summary>A point of a plot.</summary>
/// <param name="X">Place along the axis.</param>
/// <param name="Y">Height.</param>
/// <param name="Low">Lower end of its interval, or <c>null</c>.</param>
/// <param name="High">Upper end.</param>
public sealed record PlotPoint(double X, double Y, double? Low = null, double? High = null);
