using System.Collections.Concurrent;
using TicketBot.Tickets;

namespace TicketBot.Storage;

/// <summary>The folder of ticket files, each named by its id. Safe for use by several threads and processes: a file of a given name can have
/// only one content.</summary>
internal sealed class TicketFolder(string folder)
{
    private const int KeptInMemory = 256;
    private readonly ConcurrentDictionary<TicketId, Ticket> _loaded = new();

    /// <summary>Stores a sealed ticket unless it is there already.</summary>
    public void Write(Ticket ticket)
    {
        var path = PathOf(ticket.Id);
        if (File.Exists(path))
        {
            TicketFile.Read(path, ticket.Id);
            return;
        }

        Directory.CreateDirectory(folder);
        TicketFile.Write(path, ticket);
    }

    /// <summary>Returns a ticket, verified when it is first loaded.</summary>
    /// <exception cref="TicketFileException">The file is absent or damaged.</exception>
    public Ticket Read(TicketId id)
    {
        if (_loaded.TryGetValue(id, out var ticket))
        {
            return ticket;
        }

        ticket = TicketFile.Read(PathOf(id), id);
        if (_loaded.Count >= KeptInMemory)
        {
            _loaded.Clear();
        }

        _loaded[id] = ticket;
        return ticket;
    }

    private string PathOf(TicketId id) => Path.Combine(folder, id.Value + TicketFile.Extension);
}
