using TicketBot.Domain;
using TicketBot.Learning;

namespace TicketBot.Research.Campaigns;

/// <summary>Makes candles whose direction is even whatever came before, but for what a planted rule announces. Not safe for use by several threads.</summary>
/// <param name="seed">Seed of everything.</param>
/// <param name="hasClusters">Whether volatility clusters and tails are fat; else returns are independent and normal.</param>
/// <param name="rule">What is planted, or <c>null</c>.</param>
internal sealed class NoiseWalk(ulong seed, bool hasClusters, PlantedRule? rule)
{
    private const double Sigma = 0.0025;
    private const double Impulse = 0.08;
    private const double Memory = 0.90;
    private const double BurstShare = 0.1;
    private const double BurstVolume = 7;
    private const double Bound = 3.5; // Log distance from the first price at which a move turns round.

    private Rng _rng = new(seed);
    private double _price = 30_000;
    private double _heat = 1;
    private int _announced;
    private readonly List<Candle> _last = new(PlantedRule.Memory + 1);

    /// <summary>Returns the next candle.</summary>
    internal Candle Next(Instant open)
    {
        var sigma = Sigma * Math.Sqrt(_heat);
        var shock = hasClusters ? StudentT() : _rng.NextGaussian();
        var (coin, extent, burst) = (_rng.NextDouble(), _rng.NextDouble(), _rng.NextDouble());
        var isBurst = rule?.Name == "burst" && burst < BurstShare;
        var move = isBurst ? sigma * Math.Sign(shock) * (1.2 + (0.8 * Math.Abs(shock))) : sigma * shock;
        if (_announced != 0)
        {
            move = (coin < rule!.Probability ? _announced : -_announced) * rule.MoveBp / 10_000 * (0.8 + (0.4 * extent));
        }

        move = Math.Abs(Math.Log(_price / 30_000) + move) > Bound ? -move : move;
        var close = Math.Max(0.1, Math.Round(_price * Math.Exp(move), 1));
        var up = close > _price;
        var (above, below) = (Math.Abs(_rng.NextGaussian()) * 0.5 * sigma, Math.Abs(_rng.NextGaussian()) * 0.5 * sigma);
        var high = Math.Max(_price, close) * (1 + (isBurst && up ? above / 10 : above));
        var low = Math.Min(_price, close) * (1 - Math.Min(0.5, isBurst && !up ? below / 10 : below));
        var volume = 100 * Math.Exp((0.8 * Math.Log(sigma / Sigma)) + (0.25 * _rng.NextGaussian())) * (isBurst ? BurstVolume : 1);
        var candle = new Candle(open, _price, high, low, close, volume, volume * (high + low + close) / 3);

        // The announced move is news, not heat: only the natural shock feeds the clustering.
        _heat = hasClusters ? Math.Clamp(1 - Impulse - Memory + (_heat * ((Impulse * shock * shock) + Memory)), 0.2, 8) : 1;
        if (rule is not null)
        {
            _last.Add(candle);
            if (_last.Count > PlantedRule.Memory)
            {
                _last.RemoveAt(0);
            }

            _announced = isBurst ? Math.Sign(close - _price) : rule.Announced(_last);
        }

        _price = close;
        return candle;
    }

    // Four degrees of freedom, scaled to variance one: a normal over the root of a mean of four squared normals.
    private double StudentT()
    {
        double squares = 0;
        for (var i = 0; i < 4; i++)
        {
            var normal = _rng.NextGaussian();
            squares += normal * normal;
        }

        return _rng.NextGaussian() / Math.Sqrt(squares / 4) / Math.Sqrt(2);
    }
}
