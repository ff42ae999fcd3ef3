using Microsoft.Extensions.Logging;
using TicketBot.Domain;
using TicketBot.Market;
using TicketBot.Market.Regimes;
using TicketBot.Tickets;
using TicketBot.Trading;

namespace TicketBot.Research.Admission;

/// <summary>Brings the tickets of a search into the registry: no edge, no trade; and the newest is never preferred for being new.</summary>
/// <remarks>Without a champion (one that has expired is none), what passed goes live at once where that is allowed (the simulator), else into shadow. With one, a challenger always goes into
/// shadow and takes over only when it was better there on the same decisions (<see cref="ShadowTrial"/>). A regime set and its tickets are activated together or not at all. What was
/// refused stays a candidate.</remarks>
/// <param name="registry">Keeps tickets and states.</param>
/// <param name="options">Bootstrap figures of contests.</param>
/// <param name="trading">Confidence and costs.</param>
/// <param name="log">Log.</param>
public sealed class TicketAdmission(ITicketRegistry registry, ResearchOptions options, TradingOptions trading, ILogger<TicketAdmission> log)
{
    /// <summary>Stores what a search found and gives each ticket its state.</summary>
    /// <param name="input">What was searched: the contest is held on its candles.</param>
    /// <param name="result">What was found.</param>
    /// <param name="liveAtOnce">Whether passed tickets may trade without a time in shadow.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<AdmissionOutcome> AdmitAsync(SearchInput input, FactoryResult result, bool liveAtOnce, CancellationToken cancellationToken)
    {
        var (symbol, interval, at) = (input.Symbol, input.Interval, input.AsOf);
        await registry.AddAsync(symbol, interval, result.Regimes, result.Tickets, at, cancellationToken);
        var champion = await registry.ActiveSetAsync(symbol, interval, cancellationToken);
        champion = champion is null ? null : champion with { Tickets = [.. champion.Tickets.Where(t => t.ExpiresAt > at)] };
        var passed = result.Tickets.Where(t => t.Gates.Passed).ToList();
        if (champion is not null && champion.Tickets.Count > 0 && champion.Regimes.Id == result.Regimes.Id)
        {
            return await ChallengeOneByOneAsync(input, champion, passed, liveAtOnce, cancellationToken);
        }

        if (champion is null || champion.Tickets.Count == 0)
        {
            var state = liveAtOnce ? TicketState.Live : TicketState.Shadow;
            var reason = passed.Count == 0
                ? "no ticket passed its gates; regimes are shown, nothing trades"
                : $"no champion: {passed.Count} of {result.Tickets.Count} tickets passed every gate and go {(liveAtOnce ? "live at once" : "into shadow")}";
            return await ActivateAsync(input, result, passed.ToDictionary(t => t.Id, _ => state), null, reason, cancellationToken);
        }

        if (passed.Count == 0)
        {
            return new AdmissionOutcome(new Dictionary<TicketId, TicketState>(), false, null, "no ticket passed its gates; the champions stay");
        }

        var contest = ChampionContest.Of(input, champion, new TicketSet(symbol, interval, result.Regimes, passed), options, trading);
        var shadows = new Dictionary<TicketId, TicketState>();
        foreach (var ticket in passed)
        {
            await ChangeAsync(ticket, TicketState.Shadow, InShadow(contest), at, shadows, cancellationToken);
        }

        return new AdmissionOutcome(shadows, false, contest, InShadow(contest));
    }

    /// <summary>Retires live tickets that no longer hold; returns how many.</summary>
    public async Task<int> DemoteAsync(
        TicketSet live, IReadOnlyList<ReEvaluation> evaluations, Instant at, CancellationToken cancellationToken)
    {
        var retired = new Dictionary<TicketId, TicketState>();
        foreach (var evaluation in evaluations.Where(e => e.Demote))
        {
            var ticket = live.Tickets.Single(t => t.Id == evaluation.Ticket);
            await ChangeAsync(ticket, TicketState.Retired, $"gates re-run on newer rows: {evaluation.Reason}", at, retired, cancellationToken);
        }

        return retired.Count;
    }

    /// <summary>Holds the trial of every ticket in shadow of a series and carries out its verdicts; returns them.</summary>
    /// <param name="input">Candles and market time.</param>
    /// <param name="market">Settings of features and regimes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<ShadowTrial>> ChallengeAsync(SearchInput input, MarketOptions market, CancellationToken cancellationToken)
    {
        var shadows = await registry.ListAsync(input.Symbol, input.Interval, TicketState.Shadow, cancellationToken);
        if (shadows.Count == 0 || await registry.ActiveSetAsync(input.Symbol, input.Interval, cancellationToken) is not { } active)
        {
            return [];
        }

        Dictionary<string, RegimeSet> regimes = [];
        foreach (var id in shadows.Select(s => s.Ticket.RegimeSetId).Distinct())
        {
            regimes[id.Value] = await registry.FindRegimesAsync(id, cancellationToken) ?? throw new ResearchRefusedException($"regime set {id} of a ticket in shadow is not in the registry");
        }

        var trials = ShadowTrial.Of(input, active, shadows, regimes, options, market, trading, cancellationToken);
        var states = new Dictionary<TicketId, TicketState>();
        foreach (var trial in trials.Where(t => t.Verdict == ShadowVerdict.Retire))
        {
            await ChangeAsync(trial.Tickets[0], TicketState.Retired, $"in shadow: {trial.Reason}", input.AsOf, states, cancellationToken);
        }

        foreach (var trial in trials.Where(t => t.Verdict == ShadowVerdict.Promote))
        {
            var set = trial.Tickets[0].RegimeSetId;
            if (set == active.Regimes.Id)
            {
                await ChangeAsync(trial.Tickets[0], TicketState.Live, trial.Reason, input.AsOf, states, cancellationToken);
                continue;
            }

            await registry.ActivateAsync(
                input.Symbol, input.Interval, set, trial.Tickets.ToDictionary(t => t.Id, _ => TicketState.Live), trial.Reason, input.AsOf, cancellationToken);
            foreach (var ticket in trial.Tickets)
            {
                Log.TicketState(log, ticket.Id.Short, ticket.Regime, nameof(TicketState.Live), trial.Reason);
            }

            break; // What else would take over challenged a champion that is no more; it is judged again against the new one.
        }

        return trials;
    }

    private static string InShadow(ChampionContest contest) => $"{contest.Reason}; it trades in shadow first";

    private async Task<AdmissionOutcome> ActivateAsync(
        SearchInput input, FactoryResult result, Dictionary<TicketId, TicketState> states, ChampionContest? contest, string reason,
        CancellationToken cancellationToken)
    {
        await registry.ActivateAsync(input.Symbol, input.Interval, result.Regimes.Id, states, reason, input.AsOf, cancellationToken);
        foreach (var ticket in result.Tickets.Where(t => states.ContainsKey(t.Id)))
        {
            Log.TicketState(log, ticket.Id.Short, ticket.Regime, states[ticket.Id].ToString(), reason);
        }

        return new AdmissionOutcome(states, true, contest, reason);
    }

    // Fine-tuned tickets belong to the set in force: each challenges the champion of its own regime.
    private async Task<AdmissionOutcome> ChallengeOneByOneAsync(
        SearchInput input, TicketSet champion, IReadOnlyList<Ticket> passed, bool liveAtOnce, CancellationToken cancellationToken)
    {
        var states = new Dictionary<TicketId, TicketState>();
        ChampionContest? last = null;
        List<string> reasons = [];
        foreach (var ticket in passed.Where(t => champion.Tickets.All(c => c.Id != t.Id)))
        {
            var holder = champion.Tickets.FirstOrDefault(t => t.Regime == ticket.Regime);
            last = holder is null
                ? null
                : ChampionContest.Of(input, champion with { Tickets = [holder] }, champion with { Tickets = [ticket] }, options, trading);
            var wins = last is null && liveAtOnce;
            var reason = last is null ? $"no champion for {ticket.Regime}" : InShadow(last);
            reasons.Add($"{ticket.Regime}: {reason}");
            await ChangeAsync(ticket, wins ? TicketState.Live : TicketState.Shadow, reason, input.AsOf, states, cancellationToken);
        }

        return new AdmissionOutcome(
            states, false, last, reasons.Count == 0 ? "no new ticket passed its gates; the champions stay" : string.Join("; ", reasons));
    }

    private async Task ChangeAsync(
        Ticket ticket, TicketState state, string reason, Instant at, Dictionary<TicketId, TicketState> states, CancellationToken cancellationToken)
    {
        await registry.ChangeStateAsync(ticket.Id, state, reason, at, cancellationToken);
        states[ticket.Id] = state;
        Log.TicketState(log, ticket.Id.Short, ticket.Regime, state.ToString(), reason);
    }
}
