using System.CommandLine;

namespace TicketBot.Host.Verbs;

/// <summary>Writes a shell script that completes verbs and options; the words come from the program itself when completing.</summary>
public static class CompletionVerb
{
    private static readonly Argument<string> Shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" }.AcceptOnlyFromAmong("bash", "zsh", "fish");

    /// <summary>Returns the verb.</summary>
    public static Command Make(VerbMaker make) => make.Verb(
        "completion", "Write a completion script, for example: ticketbot completion bash > /etc/bash_completion.d/ticketbot", WriteAsync, Shell);

    private static Task<int> WriteAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        // "[suggest:N]" makes the program list the words that can stand at position N of a command line.
        verb.Output.WriteLine(verb.Parsed.GetValue(Shell) switch
        {
            "bash" => """
                _ticketbot() {
                  local IFS=$'\n'
                  COMPREPLY=($(compgen -W "$(ticketbot "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
                }
                complete -F _ticketbot ticketbot
                """,
            "zsh" => """
                _ticketbot() {
                  compadd -- ${(f)"$(ticketbot "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)"}
                }
                compdef _ticketbot ticketbot
                """,
            _ => """
                complete -f -c ticketbot -a '(ticketbot "[suggest:"(commandline -C)"]" (commandline -cp) 2>/dev/null)'
                """,
        });
        return Task.FromResult(Exit.Done);
    }
}
