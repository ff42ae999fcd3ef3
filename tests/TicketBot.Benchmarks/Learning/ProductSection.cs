using System.Globalization;
using System.Runtime.Intrinsics.X86;
using TicketBot.Learning.Kernels;

namespace TicketBot.Benchmarks.Learning;

/// <summary>The matrix product that everything else is made of, against the most that the core can do in the same rounds.</summary>
internal static unsafe class ProductSection
{
    private static readonly (int Rows, int Lanes, int Inner, bool Transposed, string Use)[] Shapes =
    [
        (128, 64, 24, false, "forward of 24-128"),
        (64, 64, 128, false, "forward of 128-64"),
        (128, 64, 64, true, "input gradient of 128-64"),
        (64, 128, 64, false, "weight gradient of 128-64"),
        (512, 64, 512, false, "forward of 512-512"),
        (256, 64, 88, false, "gates of an LSTM of 64"),
    ];

    public static void Run(Bench bench)
    {
        const string Title = "Matrix product, one thread";
        if (!Shapes.Any(s => bench.Settings.Wants(Title, NameOf(s.Rows, s.Lanes, s.Inner))))
        {
            return;
        }

        bench.Results.Section(Title, "peer/ours", "ours us", "peer us");
        foreach (var (rows, lanes, inner, transposed, use) in Shapes)
        {
            var name = NameOf(rows, lanes, inner);
            if (!bench.Settings.Wants(Title, name))
            {
                continue;
            }

            var peak = new LoopSide(Avx512F.IsSupported ? PeakLoop.Run512 : PeakLoop.Run256);
            var peakWork = Avx512F.IsSupported ? PeakLoop.Operations512 : PeakLoop.Operations256;
            var ours = new LoopSide(Product(rows, lanes, inner, transposed));
            var other = bench.Ask(bench.Peer, string.Create(CultureInfo.InvariantCulture, $"product {rows} {lanes} {inner}"));
            var paired = Paired.Run(other is null ? [ours, peak] : [ours, peak, other], bench.Settings);
            // Operations a second of ours over those of the peak, in the same round.
            var share = paired.Ratio(1, 0).Times(2.0 * rows * lanes * inner / peakWork);
            bench.Results.Add(new Row($"product {name}", $"{name} {use}{(transposed ? ", A transposed" : "")}")
            {
                Ratio = other is null ? null : paired.Ratio(2, 0),
                Ours = paired.Cost(0),
                Other = other is null ? null : paired.Cost(2),
                Figure = share.Median,
                Note = string.Create(CultureInfo.InvariantCulture, $"{share.Median:P0} of the peak (best {share.Max:P0}), {2e-3 * rows * lanes * inner / paired.Cost(0).Median:F0} GFLOP/s"),
            });
        }
    }

    private static string NameOf(int rows, int lanes, int inner) => string.Create(CultureInfo.InvariantCulture, $"{rows}x{lanes}x{inner}");

    private static Action<int> Product(int rows, int lanes, int inner, bool transposed)
    {
        var a = Filled(rows * inner);
        var x = Filled(inner * lanes);
        var start = Filled(rows);
        var c = new TileBuffer(rows * lanes);
        return steps =>
        {
            for (var i = 0; i < steps; i++)
            {
                TileProduct.Run(a.Pointer, transposed ? 1 : inner, transposed ? rows : 1, x.Pointer, lanes, start.Pointer, c.Pointer, lanes, rows, inner, lanes, KernelForms.Best);
            }
        };
    }

    private static TileBuffer Filled(int length)
    {
        var buffer = new TileBuffer(length);
        for (var i = 0; i < length; i++)
        {
            buffer.Pointer[i] = 0.01f * (i % 97 - 48);
        }

        return buffer;
    }
}
