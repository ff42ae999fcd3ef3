using TicketBot.Bybit;
using TicketBot.Domain;
using TicketBot.Host.Configuration;
using TicketBot.Research.Admission;
using TicketBot.Trading;
using TicketBot.Trading.Journal;

namespace TicketBot.Host.Running;

/// <summary>Where the daemon is in its life.</summary>
public enum DaemonPhase
{
    /// <summary>Opening stores and the venue.</summary>
    Starting = 0,

    /// <summary>Loading history.</summary>
    LoadingHistory = 1,

    /// <summary>Looking for the first tickets.</summary>
    Identifying = 2,

    /// <summary>Trading.</summary>
    Trading = 3,

    /// <summary>The replay is played to its end.</summary>
    Finished = 4,

    /// <summary>Stopping.</summary>
    Stopping = 5,
}

/// <summary>What the page, the API and health see of the daemon; filled in as it starts. Safe for use by several threads.</summary>
public sealed class DaemonState
{
    private static readonly TradingStatus Nothing = new();
    private volatile Func<TradingStatus>? _read;
    private volatile Func<OperatorCommand, string, Symbol?, CancellationToken, Task>? _command;
    private volatile Func<ConnectorCounts>? _connector;
    private volatile Func<IReadOnlyList<TrackRecordView>>? _records;
    private ConfigurationEdit? _configuration;
    private volatile object _phase = (DaemonPhase.Starting, "");

    /// <summary>Makes the state of a daemon that starts.</summary>
    /// <param name="environment">Venue: simulator, testnet, demo or live.</param>
    /// <param name="market">What market it is, in plain words.</param>
    public DaemonState(string environment, string market) => (Environment, Market) = (environment, market);

    /// <summary>Venue: simulator, testnet, demo or live.</summary>
    public string Environment { get; }

    /// <summary>What market it is, in plain words, for the banner.</summary>
    public string Market { get; }

    /// <summary>Where the daemon is in its life.</summary>
    public DaemonPhase Phase => (((DaemonPhase Phase, string))_phase).Phase;

    /// <summary>What it is doing, in plain words.</summary>
    public string Doing => (((DaemonPhase, string Doing))_phase).Doing;

    /// <summary>The trader's latest picture; empty before it runs.</summary>
    public TradingStatus Trading => _read?.Invoke() ?? Nothing;

    /// <summary>Reads what happened at the connector so far; <c>null</c> before there is one.</summary>
    public Func<ConnectorCounts>? Connector
    {
        get => _connector;
        set => _connector = value;
    }

    /// <summary>Reads how the records of live tickets stand; <c>null</c> before there are any.</summary>
    public Func<IReadOnlyList<TrackRecordView>>? Records
    {
        get => _records;
        set => _records = value;
    }

    /// <summary>Whether a trader can take commands.</summary>
    public bool HasTrader => _command is not null;

    /// <summary>The last edit of a configuration file since the start, or <c>null</c>.</summary>
    public ConfigurationEdit? Configuration
    {
        get => Volatile.Read(ref _configuration);
        set => Volatile.Write(ref _configuration, value);
    }

    /// <summary>Moves on to a phase.</summary>
    public void Enter(DaemonPhase phase, string doing) => _phase = (phase, doing);

    /// <summary>Connects the trader: how to read its picture and how to give it commands.</summary>
    public void Attach(Func<TradingStatus> read, Func<OperatorCommand, string, Symbol?, CancellationToken, Task> command) => (_read, _command) = (read, command);

    /// <summary>Gives the trader a command.</summary>
    /// <exception cref="InvalidOperationException">No trader runs yet.</exception>
    public Task CommandAsync(OperatorCommand command, string reason, Symbol? symbol, CancellationToken cancellationToken) =>
        _command is { } give ? give(command, reason, symbol, cancellationToken) : throw new InvalidOperationException($"the trader does not run yet ({Phase}): try again when it trades");
}
