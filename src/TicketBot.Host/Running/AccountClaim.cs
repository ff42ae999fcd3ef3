using System.Globalization;
using TicketBot.Bybit.AccountData;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Running;

/// <summary>A daemon's claim on the account it trades, in two steps: under its API key before anything is sent, and under the venue's id of the
/// account, which two keys of one account share, before any order can leave. Not safe for use by several threads.</summary>
/// <param name="folder">Folder of the locks, the same for every daemon of the machine.</param>
/// <param name="environment">Venue; a simulator's account is locked by its data folder and claimed by nobody else.</param>
/// <param name="self">Who claims it.</param>
public sealed class AccountClaim(string folder, ExchangeEnvironment environment, AccountOwner self) : IDisposable
{
    private readonly List<AccountLock> _held = [];

    /// <summary>Whether the account is one that others could trade too.</summary>
    public bool IsNeeded => environment != ExchangeEnvironment.Simulator;

    /// <summary>Who held it before and did not give it back (the process was killed), or <c>null</c>.</summary>
    public AccountOwner? Recovered => _held.Select(l => l.Recovered).FirstOrDefault(owner => owner is not null);

    /// <summary>Claims the account of a key.</summary>
    /// <param name="keyHash">What stands for the API key.</param>
    /// <exception cref="IOException">Another daemon uses that key; the message says who and what to do.</exception>
    public void TakeKey(string keyHash) => Take(keyHash);

    /// <summary>Asks the venue which account it is and claims that. Returns what it said of it, or why it does not say: then the key's claim has to do.</summary>
    /// <param name="ask">Asks the venue about the key.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="IOException">Another daemon trades that account, by whatever key; the message says who and what to do.</exception>
    /// <exception cref="ExchangeException">The venue could not be asked: whether another daemon trades the account is not known, so the start is to be tried again.</exception>
    public async Task<Available<KeyInfo>> TakeAccountAsync(Func<CancellationToken, Task<Available<KeyInfo>>> ask, CancellationToken cancellationToken)
    {
        var key = await ask(cancellationToken);
        if (key.Value is { UserId: { } id })
        {
            Take(string.Create(CultureInfo.InvariantCulture, $"user {id}"));
        }

        return key.Value is { UserId: null } ? key with { Reason = "the venue names no account in its answer about the key" } : key;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _held.ForEach(held => held.Dispose());
        _held.Clear();
    }

    private void Take(string name) => _held.Add(AccountLock.Take(folder, environment, name, self));
}
