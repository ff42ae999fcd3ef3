using System.ComponentModel.DataAnnotations;

namespace TicketBot.Storage;

/// <summary>Options of the Storage room (section <c>Storage</c>).</summary>
public sealed class StorageOptions
{
    /// <summary>Folder of the databases and ticket files; each environment keeps its own folder below it. Default <c>data</c>.</summary>
    [Required(AllowEmptyStrings = false)]
    public string DataFolder { get; set; } = "data";
}
