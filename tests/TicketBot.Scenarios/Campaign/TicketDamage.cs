using TicketBot.Testing;

namespace TicketBot.Scenarios.Campaign;

/// <summary>Damages the stored tickets of a data folder.</summary>
internal static class TicketDamage
{
    /// <summary>Overwrites some bytes of every stored ticket; returns whether there was one.</summary>
    internal static bool Strike(string folder, SeededRandom random)
    {
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(f => !Path.GetFileName(f).Contains(".db", StringComparison.Ordinal)).ToList();
        foreach (var path in files)
        {
            var content = File.ReadAllBytes(path);
            var at = (int)(random.NextDouble() * (content.Length - 8));
            for (var i = 0; i < 8; i++)
            {
                content[at + i] ^= 0x5A;
            }

            File.WriteAllBytes(path, content);
        }

        return files.Count > 0;
    }
}
