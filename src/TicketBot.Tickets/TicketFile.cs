using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TicketBot.Learning;
using TicketBot.Market.Features;

namespace TicketBot.Tickets;

/// <summary>Tickets as files: a safetensors container with weights, mask, rewind weights, scaler and similarity as tensors and the rest as
/// a JSON manifest in its metadata. Anyone's safetensors reader opens it.</summary>
/// <remarks>The id is the SHA-256 of the file's bytes with the 64 digits of the id itself written as zeros, so the file carries its own id
/// and any changed bit, of the id or of anything else, is noticed whatever the file is called. The same ticket gives the same bytes.</remarks>
public static class TicketFile
{
    /// <summary>Ending of a ticket file's name.</summary>
    public const string Extension = ".safetensors";

    private const string Format = "ticketbot.ticket.1";
    private const int IdLength = 64;
    private static readonly string NoId = new('0', IdLength);
    private static readonly byte[] IdMark = Encoding.UTF8.GetBytes("\"id\":\"");

    /// <summary>Returns the id of a ticket's content; the ticket's own <see cref="Ticket.Id"/> plays no part.</summary>
    /// <exception cref="ArgumentException">The ticket's parts do not fit together.</exception>
    public static TicketId IdOf(Ticket ticket) => HashOf(Assemble(ticket));

    /// <summary>Returns the file of a sealed ticket.</summary>
    /// <exception cref="ArgumentException">The ticket is not sealed (its id is not that of its content), or its parts do not fit together.</exception>
    public static byte[] ToBytes(Ticket ticket)
    {
        var bytes = Assemble(ticket);
        var id = HashOf(bytes);
        if (id != ticket.Id)
        {
            throw new ArgumentException($"the ticket's id must be that of its content, expected {id}, was {ticket.Id}; seal it with Ticket.Seal", nameof(ticket));
        }

        Encoding.ASCII.GetBytes(id.Value).CopyTo(IdDigits(bytes));
        return bytes;
    }

    /// <summary>Writes a sealed ticket; the file appears whole or not at all.</summary>
    public static void Write(string path, Ticket ticket)
    {
        var bytes = ToBytes(ticket);
        var temporary = $"{path}.{Environment.ProcessId}.tmp"; // Two processes that store the same ticket must not share a temporary file.
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Reads and verifies a ticket.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">The id it must have, or <c>null</c> for the one it carries.</param>
    /// <exception cref="TicketFileException">The file is absent, damaged, another ticket, or made for a schema this program does not compute.</exception>
    public static Ticket Read(string path, TicketId? expected = null)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TicketFileException($"{path} cannot be read: {exception.Message}", exception);
        }

        return Parse(bytes, path, expected);
    }

    /// <summary>Reads and verifies a ticket from the bytes of its file.</summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="expected">The id it must have, or <c>null</c> for the one it carries.</param>
    /// <exception cref="TicketFileException">As <see cref="Read"/>.</exception>
    public static Ticket Parse(byte[] bytes, string name, TicketId? expected = null)
    {
        var id = Verify(bytes, name, expected);
        try
        {
            return Disassemble(Safetensors.Parse(bytes), id);
        }
        catch (TicketFileException exception)
        {
            throw new TicketFileException($"{name} (ticket {id.Short}): {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is FormatException or JsonException or ArgumentException)
        {
            throw new TicketFileException(
                $"{name} (ticket {id.Short}) is whole, but this program cannot read it: {exception.Message}. It may be of another program version", exception);
        }
    }

    private static TicketId Verify(byte[] bytes, string name, TicketId? expected)
    {
        var digits = IdDigits(bytes);
        var carried = digits.Length == IdLength ? Encoding.ASCII.GetString(digits) : "none";
        var copy = (byte[])bytes.Clone();
        IdDigits(copy).Fill((byte)'0');
        var found = HashOf(copy);
        if (carried != found.Value)
        {
            throw new TicketFileException(
                $"{name} is damaged or no ticket: it carries the id {carried}, its content hashes to {found}. Restore it from a backup, or let research make the ticket again");
        }

        return expected is null || expected == found
            ? found
            : throw new TicketFileException($"{name} is another ticket: expected {expected}, found {found}. Restore the right file from a backup");
    }

    private static Span<byte> IdDigits(byte[] bytes)
    {
        var at = bytes.AsSpan().IndexOf(IdMark) + IdMark.Length;
        return at >= IdMark.Length && at + IdLength <= bytes.Length ? bytes.AsSpan(at, IdLength) : [];
    }

    private static TicketId HashOf(byte[] bytes) => new(Convert.ToHexStringLower(SHA256.HashData(bytes)));

    private static byte[] Assemble(Ticket ticket)
    {
        TicketChecks.RefuseUnfit(ticket);
        var file = new Safetensors();
        file.Metadata.Add("format", Format);
        file.Metadata.Add("id", NoId); // Before the manifest in the file, so that its mark is the first of its kind.
        file.Metadata.Add("manifest", TicketManifest.Of(ticket).ToJson());
        var features = ticket.Architecture.Inputs;
        file.Add("scaler.means", [features], ticket.Scaler.Means);
        file.Add("scaler.deviations", [features], ticket.Scaler.Deviations);
        file.Add("similarity.centres", [features, SimilarityReference.StatisticsPerFeature], ticket.Similarity.Centres);
        file.Add("similarity.deviations", [features, SimilarityReference.StatisticsPerFeature], ticket.Similarity.Deviations);
        var shapes = ticket.Architecture.Parameters;
        for (var i = 0; i < shapes.Count; i++)
        {
            int[] shape = shapes[i].Columns == 1 && !shapes[i].IsPrunable ? [shapes[i].Rows] : [shapes[i].Rows, shapes[i].Columns];
            file.Add("weights." + shapes[i].Name, shape, ticket.Weights[i]);
            file.Add("rewind." + shapes[i].Name, shape, ticket.RewindWeights[i]);
            if (ticket.Mask[i] is { } mask)
            {
                file.Add("mask." + shapes[i].Name, shape, mask);
            }
        }

        return file.ToBytes();
    }

    private static Ticket Disassemble(Safetensors file, TicketId id)
    {
        if (!file.Metadata.TryGetValue("format", out var format) || format != Format)
        {
            throw new FormatException($"the format must be {Format}, was {format ?? "not given"}");
        }

        var manifest = TicketManifest.Parse(file.Metadata.TryGetValue("manifest", out var json) ? json : throw new FormatException("the manifest is missing"));
        var architecture = Architecture.Parse(manifest.Architecture.Genes, manifest.Architecture.Inputs, manifest.Architecture.Outputs, manifest.Architecture.Window);
        var names = architecture.Parameters.Select(shape => shape.Name).ToArray();
        var ticket = manifest.ToTicket(
            id,
            new Scaler(file.Floats("scaler.means"), file.Floats("scaler.deviations")),
            architecture,
            new SimilarityReference(
                manifest.Similarity.WindowRows, file.Doubles("similarity.centres"), file.Doubles("similarity.deviations"), manifest.Similarity.Limit),
            [.. names.Select(name => file.Floats("weights." + name))],
            [.. names.Select(name => file.Contains("mask." + name) ? file.Bools("mask." + name) : null)],
            [.. names.Select(name => file.Floats("rewind." + name))]);
        TicketChecks.RefuseUnfit(ticket);
        return ticket;
    }
}
