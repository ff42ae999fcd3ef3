using TicketBot.Domain;

namespace TicketBot.Simulator.Markets;

/// <summary>The moving part of a generated market: one call makes the next candle of every symbol.</summary>
/// <remarks>Log returns are sigma x sqrt(h) x z: sigma switches between three volatility states (Hamilton 1989), h is a GARCH(1,1)
/// factor of mean one (Bollerslev 1986), z a scale mixture of normals with a share common to all symbols. Each symbol draws from its
/// own stream a fixed number of times per candle, so that neither the kind of market nor other symbols shift its chance. In a market of
/// regimes all symbols jump together now and then (Merton 1976), 6 to 12 usual sigmas times 0.7 to 1.3 by symbol, from a stream of its own.</remarks>
internal sealed class MarketWalk
{
    private const double BurstShare = 0.1;
    private const double PlantedMove = 0.01; // 100 bp, well above a round trip of about 13 bp.
    private const double CommonShare = 0.55;
    private const double GarchShock = 0.08;
    private const double GarchMemory = 0.90;
    private const double Leave = 1.0 / 250; // Mean stay in a volatility state, in candles.
    private const double JumpShare = 1.0 / 1_000; // Of candles; only in a market of regimes.
    private const double JumpSize = 6; // Smallest jump in usual sigmas; the largest is twice as wide.
    private const ulong JumpBranch = 0x4A554D50;
    private const double LogBound = 3.9; // Prices stay within a factor of about 50 of their start, so that ticks stay small.

    private static readonly double[] Volatility = [0.5, 1.0, 1.8];
    private static readonly double[] Drift = [0.10, 0.0, -0.10]; // In units of sigma; only in a market of regimes.

    private readonly MarketSpec _spec;
    private readonly double _sigma;
    private readonly Walker[] _walkers;
    private Chance _common;
    private Chance _jumps;
    private int _state = 1;
    private int _trend = 1;

    internal MarketWalk(MarketSpec spec, IReadOnlyList<Instrument> instruments, Interval interval, ulong seed)
    {
        _spec = spec;
        var minutes = interval.NominalMilliseconds / 60_000.0;
        _sigma = Math.Min(0.0040, 0.0022 * Math.Sqrt(minutes / 15));
        _common = new Chance(seed, 0);
        _jumps = new Chance(seed, JumpBranch);
        _walkers = [.. instruments.Select(i => new Walker(i, seed, minutes))];
        Candles = new Candle[_walkers.Length];
    }

    /// <summary>The candles made last, in the order of the instruments.</summary>
    internal Candle[] Candles { get; }

    /// <summary>Makes the candles that open at <paramref name="open"/>.</summary>
    internal void Move(Instant open)
    {
        var (leave, to, turn, trend) = (_common.NextDouble(), _common.NextDouble(), _common.NextDouble(), _common.NextDouble());
        _state = leave < Leave ? (int)(to * 3) : _state;
        _trend = turn < Leave ? (int)(trend * 3) : _trend;
        var common = _common.NextNormal();
        var drift = _spec.Kind == MarketKind.Regimes ? Drift[_trend] : 0;
        var jump = _spec.Kind == MarketKind.Regimes ? NextJump() : 0;
        for (var i = 0; i < _walkers.Length; i++)
        {
            Candles[i] = _walkers[i].Next(open, _spec, _sigma, _sigma * Volatility[_state], drift, common, jump);
        }
    }

    private double NextJump()
    {
        var (when, way, size) = (_jumps.NextDouble(), _jumps.NextDouble(), _jumps.NextDouble());
        return when < JumpShare ? (way < 0.5 ? -1 : 1) * JumpSize * (1 + size) * _sigma : 0;
    }

    private sealed class Walker
    {
        private readonly double _ticksPerUnit;
        private readonly double _tick;
        private readonly double _lot;
        private readonly double _start;
        private readonly double _usualVolume;
        private readonly double _jumpShare;
        private Chance _chance;
        private double _price;
        private double _heat = 1;
        private int _announced; // The direction of the last candle if it was a burst, else 0.

        internal Walker(Instrument instrument, ulong seed, double minutes)
        {
            _tick = (double)instrument.TickSize;
            _ticksPerUnit = (double)(1 / instrument.TickSize);
            _lot = (double)instrument.QuantityStep;
            _start = OnTick(InstrumentRules.TypicalPrice(instrument.Symbol));
            _price = _start;
            _usualVolume = 2_000_000 * minutes / _start; // About two million of quote coin per minute.
            var name = instrument.Symbol.Value.Aggregate(1UL, (h, c) => Chance.Mix(h ^ c));
            _jumpShare = 0.7 + (Chance.Mix(name) % 601 / 1_000.0);
            _chance = new Chance(seed, name);
        }

        internal Candle Next(Instant open, MarketSpec spec, double usualSigma, double stateSigma, double drift, double common, double jump)
        {
            var sigma = stateSigma * Math.Sqrt(_heat);
            var own = _chance.NextNormal();
            var tail = _chance.NextDouble();
            var coin = _chance.NextDouble();
            var extent = _chance.NextDouble();
            var isBurst = _chance.NextDouble() < BurstShare;
            var volumeNoise = _chance.NextNormal();
            var upperWick = Math.Abs(_chance.NextNormal());
            var lowerWick = Math.Abs(_chance.NextNormal());

            // One candle in twenty is three times as wide: a kurtosis of about 7.5 before clustering.
            var mixed = (Math.Sqrt(CommonShare) * common) + (Math.Sqrt(1 - CommonShare) * own);
            var shock = mixed * (tail < 0.05 ? 3 : 1) / Math.Sqrt(1.4);
            double move;
            if (_announced != 0 && spec.Kind == MarketKind.Planted)
            {
                move = (coin < spec.Probability ? _announced : -_announced) * PlantedMove * (0.8 + (0.4 * extent));
            }
            else
            {
                // A burst takes its direction from the shock and is at least 1.2 sigma wide, so that its close is directional.
                move = sigma * (isBurst ? Math.Sign(shock) * (1.2 + (0.8 * Math.Abs(shock))) : shock + drift);
            }

            move += jump * _jumpShare;
            if (Math.Abs(Math.Log(_price / _start) + move) > LogBound)
            {
                move = -move;
            }

            var first = _price;
            var last = OnTick(first * Math.Exp(move));
            if (isBurst && last == first)
            {
                last += Math.Sign(move) * _tick;
                last = OnTick(last);
            }

            var up = last > first;
            var upper = sigma * 0.5 * upperWick * (isBurst && up ? 0.1 : 1);
            var lower = sigma * 0.5 * lowerWick * (isBurst && !up ? 0.1 : 1);
            var high = Math.Max(Math.Max(first, last), OnTick(Math.Max(first, last) * (1 + Math.Min(upper, 0.008))));
            var low = Math.Min(Math.Min(first, last), OnTick(Math.Min(first, last) * (1 - Math.Min(lower, 0.008))));

            var volume = _usualVolume * Math.Exp((0.8 * Math.Log(sigma / usualSigma)) + (0.25 * volumeNoise))
                * (1 + (0.15 * Math.Min(4, Math.Abs(move) / sigma))) * (isBurst ? 6 + (3 * extent) : 1);
            volume = Math.Round(Math.Max(1, Math.Round(volume / _lot)) * _lot, 8);
            var turnover = Math.Round(volume * (high + low + last) / 3, 4);

            // The planted move is news, not heat: only the natural shock feeds the clustering.
            _heat = Math.Clamp(1 - GarchShock - GarchMemory + (GarchShock * shock * shock * _heat) + (GarchMemory * _heat), 0.2, 6);
            _announced = isBurst ? (up ? 1 : -1) : 0;
            _price = last;
            return new Candle(open, first, high, low, last, volume, turnover);
        }

        // Division by a whole number of ticks per unit gives the double nearest to the decimal price.
        private double OnTick(double price)
        {
            var ticks = Math.Max(1, Math.Round(price * _ticksPerUnit));
            return _ticksPerUnit >= 1 ? ticks / _ticksPerUnit : ticks * _tick;
        }
    }
}
