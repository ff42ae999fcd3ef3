using System.CommandLine;

namespace TicketBot.Host.Verbs;

/// <summary>Makes verbs that write to given streams.</summary>
/// <param name="output">Standard output.</param>
/// <param name="error">Standard error.</param>
public sealed class VerbMaker(TextWriter output, TextWriter error)
{
    /// <summary>Returns a verb with its options and arguments.</summary>
    public Command Verb(string name, string description, Func<VerbContext, CancellationToken, Task<int>> action, params Symbol[] words)
    {
        var command = new Command(name, description);
        Act(command, action);
        foreach (var word in words)
        {
            switch (word)
            {
                case Option option:
                    command.Options.Add(option);
                    break;
                case Argument argument:
                    command.Arguments.Add(argument);
                    break;
                case Command child:
                    command.Subcommands.Add(child);
                    break;
            }
        }

        return command;
    }

    /// <summary>Returns a verb that only groups others.</summary>
    public static Command Group(string name, string description, params Command[] children)
    {
        var command = new Command(name, description);
        foreach (var child in children)
        {
            command.Subcommands.Add(child);
        }

        return command;
    }

    /// <summary>Sets what a command does.</summary>
    public void Act(Command command, Func<VerbContext, CancellationToken, Task<int>> action) =>
        command.SetAction((parsed, cancellationToken) => action(new VerbContext(parsed, output, error), cancellationToken));
}
