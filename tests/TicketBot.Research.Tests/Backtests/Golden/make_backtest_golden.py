# Writes backtest.json and metadata.json: figures of an invented equity curve and of invented trades, by numpy alone.
# Usage: python3 make_backtest_golden.py DATE
import hashlib, itertools, json, sys
import numpy as np

DAY = 86_400_000
rng = np.random.default_rng(20261122)

# An equity curve with a step each six hours and some missing days, beginning within a day.
start = 1_735_689_600_000 + 5 * 3_600_000
times = start + 6 * 3_600_000 * np.arange(1, 400)
keep = np.ones(len(times), bool)
keep[50:58] = keep[200:219] = False
times = times[keep]
equity = np.round(10_000 * np.cumprod(1 + 0.0006 + 0.008 * rng.standard_t(4, len(times))), 4)
initial = 10_000.0

# A step at midnight ends the day before.
day_of = (times - 1) // DAY
days = np.arange(day_of[0], day_of[-1] + 1)
ends, before = [], initial
for d in days:
    here = equity[day_of == d]
    before = here[-1] if len(here) else before
    ends.append(before)
ends = np.array(ends)
returns = ends / np.concatenate([[initial], ends[:-1]]) - 1
whole = np.concatenate([[initial], equity])
peaks = np.maximum.accumulate(whole)
falls = (peaks - whole) / peaks
depth = falls.max()
stamps = np.concatenate([[start], times])
# Time since the last peak at each step below it; a recovery is reached at the step that is no longer below.
longest, peak_at = 0, stamps[0]
for i in range(1, len(whole)):
    if whole[i] >= peaks[i - 1]:
        if falls[i - 1] > 0:
            longest = max(longest, stamps[i] - peak_at)
        peak_at = stamps[i]
    else:
        longest = max(longest, stamps[i] - peak_at)
annual = np.prod(1 + returns) ** (365 / len(returns)) - 1
sharpe = returns.mean() / returns.std(ddof=1)
z = (returns - returns.mean()) / returns.std(ddof=0)
skewness, kurtosis = (z ** 3).mean(), (z ** 4).mean()
track = 1 + (1 - skewness * sharpe + (kurtosis - 1) / 4 * sharpe ** 2) * (1.6448536269514722 / sharpe) ** 2
months = np.array([np.datetime64(int(d), "D").astype("datetime64[M]") for d in days])
by_month = []
for month in np.unique(months):
    last = ends[months == month][-1]
    first = ends[np.nonzero(months == month)[0][0] - 1] if months[0] != month else initial
    by_month.append({"month": str(month), "return": last / first - 1, "days": int((months == month).sum())})

# Sharpe, drawdown and profit factor under a stationary bootstrap of numpy's own chance.
def orders(n, block, draws):
    for _ in range(draws):
        at = np.empty(n, int)
        fresh = rng.random(n) < 1 / block
        jumps = rng.integers(0, n, n)
        for i in range(n):
            at[i] = jumps[i] if i == 0 or fresh[i] else (at[i - 1] + 1) % n
        yield at

sharpes = [returns[o].mean() / returns[o].std(ddof=1) * np.sqrt(365) for o in orders(len(returns), round(len(returns) ** (1 / 3)), 20_000)]

# Trades of three contracts that overlap in time.
trades = []
for i in range(60):
    opened = int(start + rng.integers(0, 90 * DAY))
    trades.append({
        "symbol": ["BTCUSDT", "ETHUSDT", "SOLUSDT"][i % 3], "side": ["Buy", "Sell"][int(rng.integers(0, 2))],
        "regime": ["calm", "wild"][int(rng.random() < 0.3)], "stopped": bool(rng.random() < 0.2),
        "quantity": round(float(rng.uniform(0.1, 2)), 3), "entry": round(float(rng.uniform(50, 150)), 2),
        "openedAt": opened, "closedAt": opened + int(rng.integers(1, 40)) * 900_000,
        "gross": round(float(rng.normal(0.25, 1)), 4), "fees": round(float(rng.uniform(0.05, 0.2)), 4), "funding": round(float(rng.normal(0, 0.02)), 4)})
trades.sort(key=lambda t: t["closedAt"])
net = np.array([t["gross"] - t["fees"] - t["funding"] for t in trades])
notional = np.array([t["entry"] * t["quantity"] for t in trades])
gross = np.array([t["gross"] for t in trades])
hours = np.array([(t["closedAt"] - t["openedAt"]) / 3_600_000 for t in trades])
won = net > 0
bp = 1e4 * net / notional
share = won.mean()
n = len(net)
q = 1.959963984540054
centre, reach = (share + q * q / (2 * n)) / (1 + q * q / n), q / (1 + q * q / n) * np.sqrt(share * (1 - share) / n + q * q / (4 * n * n))
covered = np.zeros((times[-1] - start) // 1000 + 1, bool)  # one entry a second
for t in trades:
    covered[max(0, (t["openedAt"] - start) // 1000):max(0, (t["closedAt"] - start) // 1000)] = True
longs, shorts = (bp[[t["side"] == s for t in trades]] for s in ("Buy", "Sell"))
welch = (longs.mean() - shorts.mean()) / np.sqrt(longs.var(ddof=1) / len(longs) + shorts.var(ddof=1) / len(shorts))
factors = [net[o][net[o] > 0].sum() / -net[o][net[o] <= 0].sum() for o in orders(n, round(n ** (1 / 3)), 20_000)]

# Every order of seven trades.
few = [0.03, -0.02, 0.01, -0.04, 0.02, -0.01, 0.05]
def fall(order):
    curve = np.concatenate([[1], np.cumprod(1 + np.array(order))])
    return float((1 - curve / np.maximum.accumulate(curve)).max())
every = np.array([fall(o) for o in itertools.permutations(few)])

document = {
    "from": start, "initial": initial, "times": times.tolist(), "equity": equity.tolist(),
    "expected": {
        "returns": returns.tolist(), "sharpe": sharpe * np.sqrt(365), "sortino": returns.mean() / np.sqrt((np.minimum(returns, 0) ** 2).mean()) * np.sqrt(365),
        "volatility": returns.std(ddof=1) * np.sqrt(365), "annualReturn": annual, "calmar": annual / depth, "depth": depth, "atEnd": falls[-1],
        "longestDays": longest / DAY, "trackRecord": track, "months": by_month, "sharpeLow": np.quantile(sharpes, 0.025), "sharpeHigh": np.quantile(sharpes, 0.975)},
    "trades": trades,
    "expectedTrades": {
        "winRate": share, "profitFactor": net[won].sum() / -net[~won].sum(), "meanNetBp": bp.mean(), "medianNetBp": np.median(bp), "meanGrossBp": (1e4 * gross / notional).mean(),
        "meanWinBp": bp[won].mean(), "meanLossBp": bp[~won].mean(), "breakEven": -bp[~won].mean() / (bp[won].mean() - bp[~won].mean()), "meanHours": hours.mean(),
        "medianHours": np.median(hours), "exposure": covered.mean(), "turnover": 2 * notional.sum() / initial / (days[-1] - days[0] + 1), "welch": abs(welch),
        "wilsonLow": centre - reach, "wilsonHigh": centre + reach, "factorLow": np.quantile(factors, 0.025), "factorHigh": np.quantile(factors, 0.975),
        "netByRegime": {r: float(net[[t["regime"] == r for t in trades]].sum()) for r in ("calm", "wild")}},
    "few": few,
    "expectedFew": {"found": fall(few), "p50": np.quantile(every, 0.5), "p95": np.quantile(every, 0.95), "final": float(np.prod(1 + np.array(few))), "deeper": float((every >= fall(few) - 1e-12).mean())},
}
text = json.dumps(document, indent=1, default=float) + "\n"
open("backtest.json", "w").write(text)
json.dump({
    "source": f"numpy {np.__version__}, Python {sys.version.split()[0]}, written by make_backtest_golden.py beside this file",
    "licence": "the numbers are this project's own; numpy is under BSD-3-Clause", "date": sys.argv[1],
    "command": f"python3 make_backtest_golden.py {sys.argv[1]}",
    "files": [{"name": "backtest.json", "sha256": hashlib.sha256(text.encode()).hexdigest()}],
}, open("metadata.json", "w"), indent=2)
