using TicketBot.Domain;

namespace TicketBot.Simulator.Faults;

/// <summary>The rules by which a running simulator fails, and what has struck. Safe for use by several threads.</summary>
/// <remarks>Each rule draws from its own seeded stream of chance, once per occasion it meets: the same rules and occasions give the same strikes.</remarks>
public sealed class FaultDesk
{
    private const int StrikesKept = 200_000;
    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly ulong _defaultSeed;
    private readonly List<Armed> _rules = [];
    private readonly List<Window> _windows = [];
    private readonly List<FaultStrike> _log = [];
    private ulong _seed;
    private long _struck;
    private int _added;

    internal FaultDesk(ulong seed, TimeProvider clock)
    {
        (_seed, _defaultSeed, _clock) = (seed, seed, clock);
        Clock = new SkewedClock(clock);
    }

    /// <summary>Called after each strike, on the thread and inside the lock of whatever was struck: it must be short and must not wait.</summary>
    public Action<FaultStrike>? Struck { get; set; }

    /// <summary>Seed of the rules added from now on.</summary>
    public ulong Seed
    {
        get
        {
            lock (_lock)
            {
                return _seed;
            }
        }
    }

    /// <summary>The rules in force, in the order they were added.</summary>
    public IReadOnlyList<FaultRule> Rules
    {
        get
        {
            lock (_lock)
            {
                return [.. _rules.Select(r => r.Rule)];
            }
        }
    }

    /// <summary>What has struck, oldest first; the newest 200,000.</summary>
    public IReadOnlyList<FaultStrike> Log
    {
        get
        {
            lock (_lock)
            {
                return [.. _log];
            }
        }
    }

    /// <summary>The venue's wall clock.</summary>
    internal SkewedClock Clock { get; }

    /// <summary>Steps played and market time.</summary>
    internal Func<(long Step, Instant Time)> Now { get; set; } = () => default;

    /// <summary>Carries out a strike that changes the venue or its sockets; takes the venue's lock.</summary>
    internal Action<FaultRule> Carry { get; set; } = _ => { };

    /// <summary>Adds a rule; returns its id. A fault of the venue itself with nothing to wait for strikes at once.</summary>
    /// <exception cref="ArgumentException">The rule is not one, or its id is taken; the message says what to change.</exception>
    public string Add(FaultRule rule)
    {
        if (rule.Fault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(rule));
        }

        Armed armed;
        lock (_lock)
        {
            _added++;
            var id = rule.Id.Length > 0 ? rule.Id : $"r{_added}";
            if (_rules.Exists(r => r.Rule.Id == id))
            {
                throw new ArgumentException($"a rule with the id '{id}' is in force already; remove it first or choose another id", nameof(rule));
            }

            armed = new Armed(rule with { Id = id }, new Chance(_seed, (ulong)_added));
            _rules.Add(armed);
        }

        if (rule is { Nth: 1, Probability: 1 } && rule.Occasion == FaultOccasion.Step)
        {
            foreach (var struck in Meet(new FaultMoment(FaultOccasion.Step, "added"), armed, onlyFirst: true))
            {
                Carry(struck);
            }
        }

        return armed.Rule.Id;
    }

    /// <summary>Sets the seed of a script and adds its rules; returns their ids.</summary>
    /// <exception cref="ArgumentException">A rule cannot be added.</exception>
    public IReadOnlyList<string> Load(FaultScript script)
    {
        lock (_lock)
        {
            _seed = script.Seed ?? _seed;
        }

        return [.. script.Rules.Select(Add)];
    }

    /// <summary>Removes a rule and ends the state it brought about; returns whether there was one.</summary>
    public bool Remove(string id)
    {
        lock (_lock)
        {
            _windows.RemoveAll(w => w.Rule.Id == id);
            return _rules.RemoveAll(r => r.Rule.Id == id) > 0;
        }
    }

    /// <summary>Removes all rules, ends all states, sets the clock right and begins again with the first seed; what has struck stays in the log.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _rules.Clear();
            _windows.Clear();
            (_added, _seed) = (0, _defaultSeed);
        }

        Clock.Shift(0, 0);
    }

    /// <summary>Returns the rules that strike now, the first one only for a message: a message can go wrong in one way.</summary>
    internal IReadOnlyList<FaultRule> Meet(in FaultMoment moment) => Meet(moment, null, onlyFirst: moment.Occasion == FaultOccasion.Message);

    /// <summary>Returns the rule of a state that holds now, or <c>null</c>.</summary>
    internal FaultRule? Active(FaultKind kind, string? account = null, string topic = "")
    {
        lock (_lock)
        {
            if (_windows.Count == 0)
            {
                return null;
            }

            var (time, wall) = (Now().Time, _clock.GetTimestamp());
            _windows.RemoveAll(w => w.Until <= time || w.UntilWall <= wall);
            return _windows.Find(w => w.Rule.Kind == kind
                && (w.Rule.Account is null || w.Rule.Account == account)
                && (w.Rule.Topic is null || topic.StartsWith(w.Rule.Topic, StringComparison.Ordinal)))?.Rule;
        }
    }

    private List<FaultRule> Meet(in FaultMoment moment, Armed? only, bool onlyFirst)
    {
        List<FaultStrike>? strikes = null;
        List<FaultRule>? rules = null;
        lock (_lock)
        {
            if (_rules.Count > 0)
            {
                var (step, time) = Now();
                foreach (var armed in _rules)
                {
                    if ((only is null || armed == only) && moment.IsMetBy(armed.Rule) && armed.Strikes(step, time))
                    {
                        var strike = new FaultStrike(++_struck, armed.Rule.Id, armed.Rule.Kind, time, step, moment.On);
                        _log.Add(strike);
                        (strikes ??= []).Add(strike);
                        (rules ??= []).Add(armed.Rule);
                        Begin_NeedsLock(armed.Rule, time);
                        if (onlyFirst)
                        {
                            break;
                        }
                    }
                }

                if (_log.Count > StrikesKept)
                {
                    _log.RemoveRange(0, StrikesKept / 4);
                }
            }
        }

        foreach (var strike in strikes ?? [])
        {
            Struck?.Invoke(strike);
        }

        return rules ?? [];
    }

    private void Begin_NeedsLock(FaultRule rule, Instant time)
    {
        switch (rule.Kind)
        {
            case FaultKind.ClockSkew:
                Clock.Shift(rule.OffsetMs, rule.SlewMs);
                break;
            case FaultKind.RestoreKey:
                _windows.RemoveAll(w => w.Rule.Kind == FaultKind.RevokeKey && (rule.Account is null || w.Rule.Account == rule.Account));
                break;
            case FaultKind.Outage or FaultKind.RevokeKey or FaultKind.SilentTopic:
                var forever = rule.DurationMs is null;
                _windows.Add(new Window(
                    rule,
                    forever || rule.WallTime ? null : time.Plus(rule.DurationMs!.Value),
                    forever || !rule.WallTime ? null : _clock.GetTimestamp() + (rule.DurationMs!.Value * _clock.TimestampFrequency / 1_000)));
                break;
            default:
                break;
        }
    }

    /// <summary>A rule with its memory.</summary>
    private sealed class Armed(FaultRule rule, Chance chance)
    {
        private Chance _chance = chance;
        private long _met;
        private int _strikes;

        internal FaultRule Rule { get; } = rule;

        internal bool Strikes(long step, Instant time)
        {
            if (Rule.From > time || Rule.Until <= time || Rule.FromStep > step || _strikes >= Rule.Count || ++_met < Rule.Nth
                || (Rule.Probability < 1 && _chance.NextDouble() >= Rule.Probability))
            {
                return false;
            }

            _strikes++;
            return true;
        }
    }

    /// <summary>A state that a strike brought about.</summary>
    private sealed record Window(FaultRule Rule, Instant? Until, long? UntilWall);
}
