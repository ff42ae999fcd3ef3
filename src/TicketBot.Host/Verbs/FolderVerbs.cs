using System.CommandLine;
using System.IO.Compression;
using TicketBot.Bybit;
using TicketBot.Host.Running;
using TicketBot.Storage;

namespace TicketBot.Host.Verbs;

/// <summary>The verbs over the data folder: make a configuration, back up, restore.</summary>
public static class FolderVerbs
{
    private static readonly Argument<string> Backup = new("FILE") { Description = "A zip file" };
    private static readonly Argument<string?> Target = new("FILE") { Description = "File to write (default: ticketbot.json)", DefaultValueFactory = _ => "ticketbot.json" };
    private static readonly Option<bool> Force = new("--force") { Description = "Replace what is there" };

    /// <summary>Returns the verbs.</summary>
    public static IEnumerable<Command> Make(VerbMaker make)
    {
        yield return make.Verb("init", "Write a configuration file with every option at its value in force, to be edited and given with --config", InitAsync, Target, Force);
        yield return make.Verb("backup", "Write the data folder (journal, tickets, candles, venue) to a zip file; the daemon must be stopped", BackupAsync, Backup, Force);
        yield return make.Verb("restore", "Read a backup into an empty data folder", RestoreAsync, Backup);
    }

    private static Task<int> InitAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        var path = verb.Parsed.GetValue(Target)!;
        RefuseExisting(verb, path);
        verb.Settings().WriteEffective(path);
        verb.Say($"wrote {path}; edit it and start with: ticketbot run --config {path}");
        return Task.FromResult(Exit.Done);
    }

    private static Task<int> BackupAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(verb.Parsed.GetValue(Backup)!);
        RefuseExisting(verb, path);
        var folder = FolderOf(verb);
        if (!Directory.Exists(folder))
        {
            throw new UsageException($"there is no data folder '{folder}' to back up");
        }

        using var alone = Alone(folder);
        var temporary = path + ".new";
        File.Delete(temporary);
        var count = 0;
        using (var zip = ZipFile.Open(temporary, ZipArchiveMode.Create))
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) is not ("daemon.json" or "daemon.lock")).Order(StringComparer.Ordinal))
            {
                cancellationToken.ThrowIfCancellationRequested();
                zip.CreateEntryFromFile(file, Path.GetRelativePath(folder, file).Replace('\\', '/'));
                count++;
            }
        }

        File.Move(temporary, path, overwrite: true);
        verb.Say($"{count} files of {folder} are in {path}");
        return Task.FromResult(Exit.Done);
    }

    private static Task<int> RestoreAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        var path = verb.Parsed.GetValue(Backup)!;
        var folder = FolderOf(verb);
        if (Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.db", SearchOption.AllDirectories).Any())
        {
            throw new UsageException($"the data folder '{folder}' is not empty: a journal is never overwritten; move it away or name another with --data-folder");
        }

        if (!File.Exists(path))
        {
            throw new UsageException($"the backup '{path}' does not exist");
        }

        try
        {
            Directory.CreateDirectory(folder);
            using var alone = Alone(folder);
            ZipFile.ExtractToDirectory(path, folder);
        }
        catch (InvalidDataException fault)
        {
            throw new UsageException($"'{path}' is not a backup: {fault.Message}", fault);
        }

        verb.Say($"{path} is restored to {folder}");
        return Task.FromResult(Exit.Done);
    }

    private static string FolderOf(VerbContext verb)
    {
        var settings = verb.Settings();
        return DataFolder.EnvironmentFolder(settings.Get<StorageOptions>().DataFolder, settings.Get<BybitOptions>().Environment);
    }

    private static FileStream Alone(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, DataFolder.LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault)
        {
            throw new IOException($"a daemon runs on '{folder}': stop it first", fault);
        }
    }

    private static void RefuseExisting(VerbContext verb, string path)
    {
        if (File.Exists(path) && !verb.Get(Force))
        {
            throw new UsageException($"'{path}' exists; say --force to replace it");
        }
    }
}
