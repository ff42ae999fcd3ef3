using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TicketBot.Domain;

namespace TicketBot.Simulator.Markets;

/// <summary>When funding is settled and at which rate: recorded settlements where a record covers the time, else the constant rate
/// at every full funding interval of the UTC day.</summary>
public sealed class FundingSchedule
{
    private readonly decimal _constant;
    private readonly Dictionary<Symbol, FundingRate[]> _recorded;

    /// <summary>Makes a schedule.</summary>
    /// <param name="constantRate">Fraction per settlement where nothing is recorded.</param>
    /// <param name="recorded">Recorded settlements by symbol, in any order; <c>null</c> for none.</param>
    public FundingSchedule(decimal constantRate, IReadOnlyDictionary<Symbol, IReadOnlyList<FundingRate>>? recorded = null)
    {
        _constant = constantRate;
        _recorded = (recorded ?? new Dictionary<Symbol, IReadOnlyList<FundingRate>>())
            .Where(r => r.Value.Count > 0)
            .ToDictionary(r => r.Key, r => r.Value.OrderBy(f => f.Time).ToArray());
    }

    /// <summary>A text that is equal for equal schedules.</summary>
    public string Fingerprint
    {
        get
        {
            var text = new StringBuilder(_constant.ToString(CultureInfo.InvariantCulture));
            foreach (var (symbol, rates) in _recorded.OrderBy(r => r.Key))
            {
                text.Append('|').Append(symbol);
                foreach (var rate in rates)
                {
                    text.Append(CultureInfo.InvariantCulture, $",{rate.Time.UnixMilliseconds}:{rate.Rate}");
                }
            }

            return _recorded.Count == 0
                ? text.ToString()
                : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
        }
    }

    /// <summary>Returns the settlements of a contract after <paramref name="after"/> and up to and including <paramref name="until"/>, ascending.</summary>
    public IReadOnlyList<FundingRate> Between(Symbol symbol, int intervalMinutes, Instant after, Instant until)
    {
        var recorded = _recorded.GetValueOrDefault(symbol) ?? [];
        var length = intervalMinutes * 60_000L;
        var due = ((after.UnixMilliseconds / length) + 1) * length;
        if (recorded.Length == 0 && due > until.UnixMilliseconds)
        {
            return [];
        }

        var found = new List<FundingRate>();
        var (first, last) = recorded.Length == 0 ? (long.MaxValue, long.MinValue) : (recorded[0].Time.UnixMilliseconds, recorded[^1].Time.UnixMilliseconds);
        for (; due <= until.UnixMilliseconds; due += length)
        {
            if (due < first || due > last)
            {
                found.Add(new FundingRate(new Instant(due), _constant));
            }
        }

        var index = Array.BinarySearch(recorded, new FundingRate(after.Plus(1), 0), ByTime);
        for (var i = index < 0 ? ~index : index; i < recorded.Length && recorded[i].Time <= until; i++)
        {
            found.Add(recorded[i]);
        }

        found.Sort(ByTime);
        return found;
    }

    /// <summary>Returns the next settlement of a contract after <paramref name="after"/>.</summary>
    public FundingRate Next(Symbol symbol, int intervalMinutes, Instant after) =>
        Between(symbol, intervalMinutes, after, after.Plus(intervalMinutes * 60_000L * 2)) is [var next, ..]
            ? next
            : new FundingRate(after.Plus(intervalMinutes * 60_000L), _constant);

    private static readonly Comparer<FundingRate> ByTime = Comparer<FundingRate>.Create((l, r) => l.Time.CompareTo(r.Time));
}
