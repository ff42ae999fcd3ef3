using System.Globalization;
using System.Runtime.Intrinsics.X86;

namespace TicketBot.Benchmarks.Learning;

/// <summary>What was wanted beside what was measured. Targets of speed against the peer were set on a machine with AVX-512; without it those that
/// arithmetic bounds are halved (times doubled), and the table says so.</summary>
internal static class TargetTable
{
    private enum Kind
    {
        AtLeast,
        AtLeastByArithmetic,
        AtMost,
        AtMostByArithmetic,
    }

    private static readonly (string Measure, string Key, double? Must, double? Ambitious, Kind Kind)[] Targets =
    [
        ("product 64x64x128, share of the peak", "product 64x64x128", 0.85, 0.93, Kind.AtLeast),
        ("step 24-128-64-2 B64, peer/ours", "step mlp24 B64 1 x1", 20, 30, Kind.AtLeastByArithmetic),
        ("step 24-128-64-2 B256, peer/ours", "step mlp24 B256 1 x1", 8, 13, Kind.AtLeastByArithmetic),
        ("step 512-512-256-2 B64, peer/ours", "step mlp512 B64 1 x1", 3, 4.5, Kind.AtLeastByArithmetic),
        ("step 512-512-256-2 B256, peer/ours", "step mlp512 B256 1 x1", 1.5, 2.5, Kind.AtLeastByArithmetic),
        ("step LSTM, peer/ours", "step lstm B64 1 x1", 5, 8, Kind.AtLeastByArithmetic),
        ("step convolution, peer/ours", "step conv B64 1 x1", 4, 7, Kind.AtLeastByArithmetic),
        ("step attention, peer/ours", "step attention B64 1 x1", 4.5, 8, Kind.AtLeastByArithmetic),
        ("step at density 0.1, 24-128-64-2 B64, own dense/ours", "own step mlp24 B64 0.1 x1", 2.5, 4, Kind.AtLeast),
        ("step at density 0.1, 512-512-256-2 B64, own dense/ours", "own step mlp512 B64 0.1 x1", 5, 8, Kind.AtLeast),
        ("step at density 0.1, 24-128-64-2 B64, masked peer/ours", "step mlp24 B64 0.1 x1", 80, 150, Kind.AtLeastByArithmetic),
        ("epoch at density 0.1, 24-128-64-2, masked/dense", "round mlp24 0.1", 0.40, null, Kind.AtMost),
        ("epoch at density 0.2, 24-128-64-2, masked/dense", "round mlp24 0.2", 0.60, null, Kind.AtMost),
        ("epoch at density 0.1, 256-256-256-2, masked/dense", "round mlp256 0.1", 0.25, null, Kind.AtMost),
        ("epoch at density 0.2, 256-256-256-2, masked/dense", "round mlp256 0.2", 0.45, null, Kind.AtMost),
        ("epoch at density 0.1, 512-512-256-2, masked/dense", "round mlp512 0.1", 0.25, null, Kind.AtMost),
        ("epoch at density 0.2, 512-512-256-2, masked/dense", "round mlp512 0.2", 0.45, null, Kind.AtMost),
        ("prediction 24-128-64-2, peer/ours", "predict mlp24 1", 50, 80, Kind.AtLeastByArithmetic),
        ("prediction 512-512-256-2, peer/ours", "predict mlp512 1", 1.8, 2.5, Kind.AtLeast),
        ("prediction at density 0.1, 24-128-64-2, us", "predict mlp24 0.1", 0.3, 0.2, Kind.AtMostByArithmetic),
        ("prediction at density 0.1, 512-512-256-2, us", "predict mlp512 0.1", 10, 6, Kind.AtMostByArithmetic),
        ("search, one job, peer/ours", "search 1", 20, 35, Kind.AtLeastByArithmetic),
        ("search, two jobs on two threads, peer/ours", "search 2", null, 60, Kind.AtLeastByArithmetic),
        ("past convergence, last/first epoch, dense", "converged dense", 1.3, 1.1, Kind.AtMost),
        ("past convergence, last/first epoch, masked", "converged random", 1.3, 1.1, Kind.AtMost),
    ];

    public static void Print(Results results)
    {
        var halved = !Avx512F.IsSupported;
        var remark = halved ? "no AVX-512 here: targets marked * are bound by arithmetic and halved (times doubled)" : "AVX-512 is in use: targets as set";
        results.Line($"\nTargets ({remark})\n{"measured",10}{"must",10}{"",9}{"ambitious",11}{"",9}  measure", $"\n## Targets\n\n{remark}\n\n| measured | must | | ambitious | | measure |\n|---|---|---|---|---|---|");
        foreach (var (measure, key, must, ambitious, kind) in Targets)
        {
            if (results.Of(key) is not { } row || (row.Figure ?? row.Ratio?.Median) is not { } value)
            {
                results.Line($"{"absent",10}{Text(must),10}{"",9}{Text(ambitious),11}{"",9}  {measure}", $"| absent | {Text(must)} | | {Text(ambitious)} | | {measure} |");
                continue;
            }

            var byArithmetic = kind is Kind.AtLeastByArithmetic or Kind.AtMostByArithmetic;
            var atLeast = kind is Kind.AtLeast or Kind.AtLeastByArithmetic;
            var factor = !halved || !byArithmetic ? 1.0 : atLeast ? 0.5 : 2.0;
            var wanted = must * factor;
            var hoped = ambitious * factor;
            var mark = halved && byArithmetic ? " *" : "";
            results.Line(
                $"{Text(value),10}{Text(wanted),10}{Verdict(wanted),9}{Text(hoped),11}{Verdict(hoped),9}  {measure}{mark}",
                $"| {Text(value)} | {Text(wanted)} | {Verdict(wanted)} | {Text(hoped)} | {Verdict(hoped)} | {measure}{mark} |");

            string Verdict(double? target) => target is null ? "" : (atLeast ? value >= target : value <= target) ? "met" : "not met";
        }
    }

    private static string Text(double? value) => value?.ToString(value >= 100 ? "F0" : value >= 10 ? "F1" : "F2", CultureInfo.InvariantCulture) ?? "-";
}
