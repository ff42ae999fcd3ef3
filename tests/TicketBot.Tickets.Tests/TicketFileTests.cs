using System.Buffers.Binary;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using TicketBot.Market.Features;
using TicketBot.Testing;

namespace TicketBot.Tickets.Tests;

/// <summary>Invariants: a ticket survives its file to the bit; the same ticket gives the same bytes; any changed bit is refused.</summary>
public sealed class TicketFileTests : IDisposable
{
    private static readonly Ticket Ticket = TestTickets.Direction();
    private readonly string _folder = Directory.CreateTempSubdirectory("ticketbot-test-").FullName;

    private string TicketPath => Path.Combine(_folder, "ticket.safetensors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_ticket_survives_its_file_to_the_bit()
    {
        TicketFile.Write(TicketPath, Ticket);
        var read = TicketFile.Read(TicketPath, Ticket.Id);
        Assert.Equal(
            Ticket, read with { Weights = Ticket.Weights, Mask = Ticket.Mask, RewindWeights = Ticket.RewindWeights, Gates = Ticket.Gates });
        Assert.Equal(Ticket.Weights.Select(Bits), read.Weights.Select(Bits));
        Assert.Equal(Ticket.RewindWeights.Select(Bits), read.RewindWeights.Select(Bits));
        Assert.Equal(Ticket.Mask, read.Mask);
        Assert.Equal(Ticket.Gates.Judgements, read.Gates.Judgements);
        Assert.Equal([Path.GetFileName(TicketPath)], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void The_same_ticket_gives_the_same_bytes_and_another_ticket_another_id()
    {
        Assert.Equal(TicketFile.ToBytes(Ticket), TicketFile.ToBytes(TestTickets.Direction()));
        Ticket[] others =
        [
            TestTickets.Direction(seed: 2), Ticket.Seal(Ticket with { Temperature = Math.BitIncrement(Ticket.Temperature) }),
            Ticket.Seal(Ticket with { Regime = "calm-sideways" }), Ticket.Seal(Ticket with { ExpiresAt = Ticket.ExpiresAt.Plus(1) }),
            Ticket.Seal(Ticket with { Lineage = Ticket.Lineage with { Trials = 4 } }), TestTickets.Direction(passed: false),
        ];
        Assert.Equal(others.Length + 1, others.Append(Ticket).Select(t => t.Id).Distinct().Count());
    }

    [Fact]
    public void Any_flipped_bit_is_refused_with_the_file_and_both_hashes()
    {
        var whole = TicketFile.ToBytes(Ticket);
        Prop.ForAll(Gen.Choose(0, (whole.Length * 8) - 1).ToArbitrary(), bit =>
        {
            var flipped = (byte[])whole.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            return Record.Exception(() => TicketFile.Parse(flipped, "some.safetensors")) is TicketFileException thrown
                && thrown.Message.Contains("some.safetensors", StringComparison.Ordinal);
        }).QuickCheckThrowOnFailure();

        var last = (byte[])whole.Clone();
        last[^1] ^= 1;
        var refused = Assert.Throws<TicketFileException>(() => TicketFile.Parse(last, "some.safetensors"));
        Assert.Contains(Ticket.Id.Value, refused.Message, StringComparison.Ordinal);
        Assert.Matches($"(?s){Ticket.Id.Value}.*hashes to (?!{Ticket.Id.Value})[0-9a-f]{{64}}", refused.Message);
    }

    [Fact]
    public void Every_bit_of_the_header_and_the_id_is_covered()
    {
        var whole = TicketFile.ToBytes(Ticket);
        for (var bit = 0; bit < 300 * 8; bit++)
        {
            whole[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<TicketFileException>(() => TicketFile.Parse(whole, "x"));
            whole[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Equal(Ticket.Id, TicketFile.Parse(whole, "x").Id);
    }

    [Fact]
    public void A_file_cut_short_or_of_anything_else_is_refused()
    {
        var whole = TicketFile.ToBytes(Ticket);
        foreach (var length in (int[])[0, 7, 8, 100, whole.Length / 2, whole.Length - 1])
        {
            Assert.Throws<TicketFileException>(() => TicketFile.Parse(whole[..length], "x"));
        }

        Assert.Throws<TicketFileException>(() => TicketFile.Parse([.. whole, 0], "x"));
        Assert.Contains(
            "cannot be read", Assert.Throws<TicketFileException>(() => TicketFile.Read(Path.Combine(_folder, "none"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_whole_file_of_another_ticket_is_refused_where_one_is_expected()
    {
        var other = TestTickets.Direction(seed: 2);
        TicketFile.Write(TicketPath, other);
        var refused = Assert.Throws<TicketFileException>(() => TicketFile.Read(TicketPath, Ticket.Id));
        Assert.Contains(Ticket.Id.Value, refused.Message, StringComparison.Ordinal);
        Assert.Contains(other.Id.Value, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_safetensors_reader_finds_the_tensors()
    {
        var bytes = TicketFile.ToBytes(Ticket);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, (8 + length) % 8);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, length));
        var weights = header.RootElement.GetProperty("weights.layer1.weight");
        Assert.Equal("F32", weights.GetProperty("dtype").GetString());
        Assert.Equal([8, Ticket.Architecture.Inputs], weights.GetProperty("shape").EnumerateArray().Select(n => n.GetInt32()));
        var from = 8 + length + weights.GetProperty("data_offsets")[0].GetInt32();
        Assert.Equal(Ticket.Weights[0][0], BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(from)));
        Assert.Equal("BOOL", header.RootElement.GetProperty("mask.layer1.weight").GetProperty("dtype").GetString());
        Assert.Equal("F32", header.RootElement.GetProperty("rewind.output.bias").GetProperty("dtype").GetString());
        var metadata = header.RootElement.GetProperty("__metadata__");
        Assert.Equal(Ticket.Id.Value, metadata.GetProperty("id").GetString());
        using var manifest = JsonDocument.Parse(metadata.GetProperty("manifest").GetString()!);
        Assert.Equal("calm-bull", manifest.RootElement.GetProperty("regime").GetString());
        Assert.Equal(FeatureSchema.Default().Hash, manifest.RootElement.GetProperty("schema").GetProperty("hash").GetString());
    }

    [Fact]
    public void An_unsealed_or_changed_ticket_is_not_written()
    {
        Assert.Throws<ArgumentException>(() => TicketFile.ToBytes(Ticket with { Id = default }));
        Assert.Throws<ArgumentException>(() => TicketFile.Write(TicketPath, Ticket with { Temperature = 2 }));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_refused_gates_number_that_is_not_finite_survives()
    {
        var gates = new GateReport([GateJudgement.Of("profitFactor", double.PositiveInfinity, 1, 0, false, "no losing trade"), GateJudgement.NotRun("replay", 0)]);
        var ticket = Ticket.Seal(Ticket with { Gates = gates });
        Assert.Equal(gates.Judgements, TicketFile.Parse(TicketFile.ToBytes(ticket), "x").Gates.Judgements);
    }

    [Fact]
    public void What_does_not_fit_together_is_not_sealed()
    {
        var short1 = Ticket.Weights.ToArray();
        short1[0] = short1[0][1..];
        var unmasked = Ticket.Weights.Select(w => (float[])w.Clone()).ToArray();
        unmasked[0][Array.IndexOf(Ticket.Mask[0]!, false)] = 0.1f;
        var infinite = Ticket.RewindWeights.Select(w => (float[])w.Clone()).ToArray();
        infinite[2][1] = float.PositiveInfinity;
        (Ticket Draft, string Fault)[] faults =
        [
            (Ticket with { Weights = short1 }, "layer1.weight must have"),
            (Ticket with { Weights = unmasked }, "masked and must be zero"),
            (Ticket with { RewindWeights = infinite }, "must be finite"),
            (Ticket with { Mask = [null, .. Ticket.Mask.Skip(1)] }, "must have a mask"),
            (Ticket with { Density = 0.1 }, "density"),
            (Ticket with { Temperature = 0 }, "temperature"),
            (Ticket with { HorizonCandles = 0 }, "horizon"),
            (Ticket with { Regime = "" }, "must be named"),
            (Ticket with { Gates = new GateReport([new GateJudgement("g", null, 0, 1, true, "")]) }, "needs its number"),
            (Ticket with { Gates = new GateReport([new GateJudgement("g", double.NaN, 0, 1, true, "")]) }, "needs its number"),
            (Ticket with { Scaler = new Scaler([0], [1]) }, "same features"),
        ];
        foreach (var (draft, fault) in faults)
        {
            Assert.Contains(fault, Assert.Throws<ArgumentException>(() => Ticket.Seal(draft)).Message, StringComparison.Ordinal);
        }
    }

    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];
}
