using System.CommandLine;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using TicketBot.Host.Configuration;
using TicketBot.Storage;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Verbs;

/// <summary>The command line: its verbs, and what every outcome is as an exit code.</summary>
public static class CommandLine
{
    /// <summary>Runs a command line to its exit code; SIGINT and SIGTERM cancel the verb.</summary>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        using var interrupted = new CancellationTokenSource();
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            interrupted.Cancel();
        }

        using var sigint = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var sigterm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await RunAsync(arguments, output, error, interrupted.Token);
    }

    /// <summary>Runs a command line to its exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var root = Root(output, error);
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var fault in parsed.Errors)
            {
                await error.WriteLineAsync(PlainWords(fault.Message));
            }

            await error.WriteLineAsync($"see: {string.Join(' ', ["ticketbot", .. Names(parsed.CommandResult), "--help"])}");
            return Exit.Usage;
        }

        try
        {
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = output, Error = error,
            };
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (Exception fault) when (CodeOf(fault) is { } code)
        {
            await error.WriteLineAsync(fault is OperationCanceledException ? "interrupted" : fault.Message);
            return code;
        }
    }

    // The parser names types of the runtime; an operator thinks in numbers and words.
    private static string PlainWords(string message)
    {
        var at = message.IndexOf(" as expected type ", StringComparison.Ordinal);
        if (at < 0)
        {
            return message;
        }

        var type = message[at..];
        var wanted = type.Contains("Int", StringComparison.Ordinal) ? "a whole number"
            : type.Contains("Double", StringComparison.Ordinal) || type.Contains("Decimal", StringComparison.Ordinal) ? "a number"
            : type.Contains("Boolean", StringComparison.Ordinal) ? "true or false"
            : "a value of another form";
        return $"{message[..at]}: expected {wanted}.";
    }

    private static int? CodeOf(Exception fault) => fault switch
    {
        SettingsException or UsageException => Exit.Usage,
        OperationCanceledException => Exit.Interrupted,
        ExchangeException or StorageException or IOException or SocketException or HttpRequestException or UnauthorizedAccessException => Exit.World,
        _ => null,
    };

    private static RootCommand Root(TextWriter output, TextWriter error)
    {
        var make = new VerbMaker(output, error);
        var root = new RootCommand("TicketBot trades Bybit perpetuals with sparse networks that passed their gates; on paper by default.");
        root.Options.Add(VerbContext.ConfigFile);
        root.Options.Add(VerbContext.DataFolderPath);
        root.Options.Add(VerbContext.Set);
        foreach (var option in RunVerb.Options)
        {
            root.Options.Add(option);
        }

        make.Act(root, RunVerb.RunAsync);
        Command[] verbs =
        [
            make.Verb("run", "Run the daemon (the default)", RunVerb.RunAsync, [.. RunVerb.Options]),
            CheckVerb.Make(make),
            .. ClientVerbs.Make(make),
            JobVerb.Make(make),
            SimulateVerb.Make(make),
            FetchVerb.Make(make),
            .. DataVerbs.Make(make),
            TicketVerbs.Make(make),
            ArchitectureSearchVerb.Make(make),
            EvaluateVerb.Make(make),
            TransferVerb.Make(make),
            BacktestVerb.Make(make),
            ReplayVerb.Make(make),
            .. FolderVerbs.Make(make),
            CompletionVerb.Make(make),
        ];
        foreach (var verb in verbs)
        {
            root.Subcommands.Add(verb);
        }

        return root;
    }

    private static IEnumerable<string> Names(System.CommandLine.Parsing.CommandResult result) =>
        result.Parent is System.CommandLine.Parsing.CommandResult parent ? [.. Names(parent), result.Command.Name] : [];
}
