"""Labels of a seeded path by numpy and pandas alone, as the book's snippets compute them; run with the date as argument.

Lopez de Prado, Advances in Financial Machine Learning (2018): snippet 3.1 (volatility), sections 3.3 to 3.6 (barriers, meta-labels; on
highs and lows, the stop first), snippets 4.1 and 4.2 (concurrency and average uniqueness, on the returns after the decision).
"""
import hashlib
import json
import pathlib
import platform
import sys

import numpy
import pandas

HERE = pathlib.Path(__file__).parent
COUNT, SPAN, HORIZON, LIMIT, PROFIT, STOP, COST_BP = 400, 24, 6, 9, 1.5, 1.0, 4.0

chance = numpy.random.default_rng(20260822)
opens, highs, lows, closes = [], [], [], []
price = 100.0
for i in range(COUNT):
    scale = 0.003 * (2.5 if i % 90 > 60 else 1.0)
    start = price * float(numpy.exp(scale * 0.3 * chance.standard_normal()))  # An open away from the last close: gaps in price.
    end = start * float(numpy.exp(scale * chance.standard_t(4)))
    highs.append(round(max(start, end) * (1 + scale * float(chance.random())), 6))
    lows.append(round(min(start, end) * (1 - scale * float(chance.random())), 6))
    opens.append(round(start, 6))
    closes.append(round(end, 6))
    price = closes[-1]

close = pandas.Series(closes)
volatility = close.pct_change().ewm(span=SPAN, min_periods=SPAN).std()
log_returns = numpy.log(close).diff()
realised = numpy.sqrt((log_returns ** 2).rolling(HORIZON).sum()).shift(-HORIZON)
direction = [int(closes[i + HORIZON] > closes[i]) if i + HORIZON < COUNT else None for i in range(COUNT)]


def barrier(i, sign):
    if i + LIMIT >= COUNT or not volatility[i] > 0:
        return None
    take, cut = closes[i] * (1 + sign * PROFIT * volatility[i]), closes[i] * (1 - sign * STOP * volatility[i])
    frame = pandas.DataFrame({"open": opens, "high": highs, "low": lows}).iloc[i + 1 : i + LIMIT + 1]
    worst, best = (frame["low"], frame["high"]) if sign > 0 else (frame["high"], frame["low"])
    stopped = frame.index[sign * (worst - cut) <= 0]
    taken = frame.index[sign * (best - take) >= 0]
    first_stop = stopped[0] if len(stopped) else COUNT
    first_take = taken[0] if len(taken) else COUNT
    if first_stop == COUNT and first_take == COUNT:
        return [0, sign * (closes[i + LIMIT] / closes[i] - 1), i + LIMIT]
    at = min(first_stop, first_take)
    opened = opens[at]
    if first_take == at and sign * (opened - take) >= 0:  # Opened beyond the profit: it came before anything inside the candle.
        return [1, sign * (opened / closes[i] - 1), int(at)]
    if first_stop == at:
        out = opened if sign * (opened - cut) <= 0 else cut
        return [-1, sign * (out / closes[i] - 1), int(at)]
    return [1, sign * (take / closes[i] - 1), int(at)]


longs = [barrier(i, 1) for i in range(COUNT)]
shorts = [barrier(i, -1) for i in range(COUNT)]
sides = [None if i % 5 == 0 else (1 if closes[i] > opens[i] else -1) for i in range(COUNT)]
paths = [None if s is None else (longs if s > 0 else shorts)[i] for i, s in enumerate(sides)]
meta = [None if p is None else int(p[1] * 10_000 > COST_BP) for p in paths]

spans = pandas.Series({i + 1: p[2] for i, p in enumerate(longs) if p is not None})  # t0 = first candle looked at, t1 = last.
concurrency = pandas.Series(0, index=range(COUNT))
for t0, t1 in spans.items():
    concurrency.loc[t0:t1] += 1
uniqueness = [float((1.0 / concurrency.loc[t0:t1]).mean()) for t0, t1 in spans.items()]


def clean(values):
    return [None if v is None or v != v else float(v) for v in values]


document = {
    "span": SPAN, "horizon": HORIZON, "limit": LIMIT, "profit": PROFIT, "stop": STOP, "costBp": COST_BP,
    "open": opens, "high": highs, "low": lows, "close": closes,
    "direction": direction, "volatility": clean(volatility), "realised": clean(realised),
    "longs": longs, "shorts": shorts, "sides": sides, "meta": meta,
    "concurrency": [int(v) for v in concurrency], "uniqueness": uniqueness,
}
text = json.dumps(document, indent=None, separators=(",", ":")).replace('],"', '],\n"')
(HERE / "labels.json").write_text(text + "\n")
(HERE / "metadata.json").write_text(json.dumps({
    "source": f"numpy {numpy.__version__} and pandas {pandas.__version__} on Python {platform.python_version()} (Debian), written by make_golden.py beside this file",
    "licence": "the numbers are this project's own; numpy and pandas are under BSD-3-Clause",
    "date": sys.argv[1],
    "command": f"/usr/bin/python3 make_golden.py {sys.argv[1]}",
    "files": [{"name": "labels.json", "sha256": hashlib.sha256((HERE / "labels.json").read_bytes()).hexdigest()}],
}, indent=2) + "\n")
both = sum(1 for i, p in enumerate(longs) if p and p[0] == -1 and highs[p[2]] >= closes[i] * (1 + PROFIT * volatility[i]))
print(f"{len(spans)} long labels, {both} stopped in a candle that touched both, {sum(v or 0 for v in meta)} of {sum(v is not None for v in meta)} signals worth taking")
