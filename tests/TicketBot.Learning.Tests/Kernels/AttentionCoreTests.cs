using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Tests.Kernels;

/// <summary>The kernels inside attention: all forms give the bits of the plain one, whatever blocks the sizes fall into.</summary>
public unsafe class AttentionCoreTests
{
    private static readonly KernelForm[] Forms = [KernelForm.Scalar, KernelForm.Vector256, KernelForm.Vector512];

    [Theory]
    [InlineData(1, 1, 16)]
    [InlineData(3, 2, 32)]
    [InlineData(4, 5, 64)]
    [InlineData(6, 4, 48)]
    [InlineData(9, 7, 64)]
    [InlineData(13, 1, 16)]
    public void Forward_and_backward_are_the_same_bits(int steps, int width, int lanes)
    {
        float[][] results = [.. Forms.Select(form => Run(steps, width, lanes, form))];
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
        Assert.All(results[0].Take(steps * width * lanes), value => Assert.NotEqual(0f, value));
    }

    [Fact]
    public void Probabilities_sum_to_one_and_far_ones_are_zero()
    {
        foreach (KernelForm form in Forms)
        {
            const int Steps = 5;
            (AttentionCorePanels q, AttentionCorePanels k, AttentionCorePanels v, AttentionCorePanels context, AttentionCorePanels p) =
                (new(Steps, 1, 1), new(Steps, 1, 1), new(Steps, 1, 1), new(Steps, 1, 1), new(Steps, 1, Steps));
            foreach (AttentionCorePanels panels in new[] { q, k, v, context, p })
            {
                panels.Reserve(1);
            }

            // Scores 10 t; values 1, so that the context is the sum of the probabilities.
            for (int t = 0; t < Steps; t++)
            {
                Pack(q, t, 10f, form);
                Pack(k, t, t, form);
                Pack(v, t, 1f, form);
            }

            AttentionCore.Forward(q.Of(0, 0, 0, form), k.Of(0, 0, 0, form), v.Of(0, 0, 0, form), p.Of(0, 0, 0, form), context.Of(0, 0, 0, form), Steps, 1, form);
            for (int t = 0; t < Steps; t++)
            {
                Assert.Equal(1f, *context.Of(0, 0, 0, form).At(t, 0), 1e-6f);
                Assert.Equal(0f, *p.Of(0, 0, 0, form).At(t, 0));
                Assert.Equal(0f, *p.Of(0, 0, 0, form).At(t, 1));
                Assert.Equal(Math.Exp(-20.0), *p.Of(0, 0, 0, form).At(t, 2), 1e-13);
                Assert.Equal(1.0, *p.Of(0, 0, 0, form).At(t, 4), 1e-4);
            }
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(4, 16)]
    public void What_is_packed_comes_back_and_no_two_elements_share_a_place(int heads, int columns)
    {
        foreach (KernelForm form in Forms)
        {
            var panels = new AttentionCorePanels(3, heads, columns);
            panels.Reserve(2);
            int length = heads * columns * Tile.Width;
            var from = new TileBuffer(length);
            var to = new TileBuffer(length);
            for (int pass = 0; pass < 2; pass++)
            {
                for (int at = 0; at < 6; at++)
                {
                    for (int i = 0; i < length; i++)
                    {
                        from.Pointer[i] = at * length + i;
                    }

                    if (pass == 0)
                    {
                        panels.Pack(at / 3, at % 3, from.Pointer, 2f, Tile.Width, form);
                    }
                    else
                    {
                        panels.Unpack(at / 3, at % 3, to.Pointer, 0.5f, Tile.Width, form);
                        Assert.Equal(from.Span.ToArray(), to.Span.ToArray());
                    }
                }
            }
        }
    }

    private static void Pack(AttentionCorePanels panels, int row, float value, KernelForm form)
    {
        float* rows = stackalloc float[Tile.Width];
        new Span<float>(rows, Tile.Width).Fill(value);
        panels.Pack(0, row, rows, 1f, Tile.Width, form);
    }

    // Context, then the gradients by q, k and v, as [array][step][channel][lane].
    private static float[] Run(int steps, int width, int lanes, KernelForm form)
    {
        AttentionCorePanels[] panels = [.. Enumerable.Range(0, 4).Select(_ => new AttentionCorePanels(steps, 1, width))];
        var p = new AttentionCorePanels(steps, 1, steps);
        var scores = new AttentionCorePanels(steps, 1, steps);
        foreach (AttentionCorePanels each in panels.Append(p).Append(scores))
        {
            each.Reserve(1);
        }

        var rng = new Rng(1);
        var rows = new TileBuffer(width * Tile.Width);
        var context = new TileBuffer(steps * width * Tile.Width);
        for (int t = 0; t < steps; t++)
        {
            foreach (AttentionCorePanels each in panels)
            {
                foreach (ref float value in rows.Span)
                {
                    value = (float)rng.NextGaussian();
                }

                each.Pack(0, t, rows.Pointer, 1f, lanes, form);
            }
        }

        int group = AttentionCoreProduct.LanesOf(form);
        for (int g = 0; g < lanes / group; g++)
        {
            AttentionCoreMatrix Of(int i) => panels[i].Of(0, 0, g, form);
            AttentionCore.Forward(Of(0), Of(1), Of(2), p.Of(0, 0, g, form), new AttentionCoreMatrix(context.Pointer + g * group, width * Tile.Width, Tile.Width), steps, width, form);
            AttentionCore.Backward(Of(0), Of(1), Of(2), p.Of(0, 0, g, form), Of(3), scores.Of(0, 0, 0, form), steps, width, form);
        }

        var result = new List<float>();
        for (int t = 0; t < steps; t++)
        {
            Add(context.Pointer + t * width * Tile.Width);
        }

        foreach (int i in new[] { 3, 1, 2 })
        {
            for (int t = 0; t < steps; t++)
            {
                panels[i].Unpack(0, t, rows.Pointer, 1f, lanes, form);
                Add(rows.Pointer);
            }
        }

        return [.. result];

        void Add(float* from)
        {
            for (int row = 0; row < width; row++)
            {
                result.AddRange(new ReadOnlySpan<float>(from + row * Tile.Width, lanes));
            }
        }
    }
}
