using TicketBot.Learning;
using TicketBot.Research.ArchitectureSearch.Spaces;

namespace TicketBot.Research.ArchitectureSearch;

/// <summary>Asks a strategy and tells it what came of each candidate, in the order of the asks. How many asks run ahead of the tells is fixed, so that what is asked
/// does not depend on which trial is done first or on how many run side by side.</summary>
/// <param name="strategy">The strategy.</param>
/// <param name="trials">Different architectures to try.</param>
/// <param name="ahead">Asks ahead of the tells, at least 1.</param>
/// <param name="inBrackets">Whether so many are asked together and told before the next is asked.</param>
internal sealed class AskTellLoop(ISearchStrategy strategy, int trials, int ahead, bool inBrackets = false)
{
    /// <summary>Asks in a row that may bring nothing new before the search ends.</summary>
    public const int MostRepeats = 2_000;

    private readonly Dictionary<Architecture, Task<Outcome>> _known = [];
    private readonly Queue<(Candidate Candidate, Task<Outcome> Outcome)> _open = new();
    private bool _isDraining;

    /// <summary>Whether the strategy had nothing new to ask before the trials were used up.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>Waited for after each tell, in the order of the asks; or <c>null</c>.</summary>
    public Func<Candidate, ValueTask>? Told { get; init; }

    /// <summary>Runs to the last trial.</summary>
    /// <param name="try">Begins a trial of an architecture that was not tried before, or refuses it at no cost, which counts as no trial.</param>
    /// <param name="mayBegin">Whether another trial may begin.</param>
    /// <param name="beforeWait">Called when no more is asked before something is told.</param>
    public async Task RunAsync(Func<Candidate, (bool IsTrial, Task<Outcome> Outcome)> @try, Func<bool> mayBegin, Action beforeWait)
    {
        var (begun, repeats) = (0, 0);
        while (true)
        {
            var before = begun;
            while (!_isDraining && (inBrackets ? begun - before : _open.Count) < ahead && begun < trials && repeats < MostRepeats && mayBegin() && strategy.Ask() is { } candidate)
            {
                repeats++;
                if (!_known.TryGetValue(candidate.Architecture, out var outcome))
                {
                    (var isTrial, outcome) = @try(candidate);
                    _known[candidate.Architecture] = outcome;
                    (begun, repeats) = isTrial ? (begun + 1, 0) : (begun, repeats);
                }

                _open.Enqueue((candidate, outcome));
            }

            beforeWait();
            _isDraining = inBrackets && _open.Count > 1;
            if (!_open.TryDequeue(out var first))
            {
                IsExhausted = begun < trials && mayBegin();
                return;
            }

            strategy.Tell(first.Candidate, await first.Outcome);
            if (Told is { } told)
            {
                await told(first.Candidate);
            }
        }
    }
}
