"""Writes the golden numbers of the statistics of evidence: one JSON file per family and metadata.json with their hashes.

    /usr/bin/python3 make_golden.py DATE

Wilson comes from statsmodels, calibration curves and Brier score from scikit-learn, ranks and binomial laws from scipy; what no library here
has (superior predictive ability, overfitting, conformal levels, the sequential test) is written out below in numpy as its paper states it, the slow and
plain way: every lag, every split, every draw by row indices, every bet as a likelihood ratio.
"""

import hashlib
import itertools
import json
import os
import sys

import numpy as np
import scipy
import scipy.stats
import sklearn
import statsmodels
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss
from statsmodels.stats.proportion import proportion_confint

BLOCK = 12
DRAWS = 100_000


def candidates():
    """Eight candidates on 240 rows that share a common dependent part; the last two are hopeless."""
    rng = np.random.default_rng(20_260)
    rows, columns = 240, 8
    noise = rng.standard_normal((rows + 1, columns)) + 0.5 * rng.standard_normal((rows + 1, 1))
    returns = noise[1:] + 0.4 * noise[:-1] + np.array([0.0, -0.05, -0.1, 0.08, 0.0, 0.05, -0.6, -0.9])
    return np.round(returns, 3)


def omega(d):
    """Variance of sqrt(n) times the mean under the stationary bootstrap: Politis and Romano (1994), as in Hansen (2005)."""
    n, p = len(d), 1 / BLOCK
    c = d - d.mean(axis=0)
    total = (c * c).sum(axis=0) / n
    for i in range(1, n):
        kappa = (1 - i / n) * (1 - p) ** i + i / n * (1 - p) ** (n - i)
        total += 2 * kappa * (c[: n - i] * c[i:]).sum(axis=0) / n
    return total


def drawn_indices(rng, draws, n):
    """Stationary bootstrap row by row: with a chance of 1 / BLOCK a new start, else the row after the last one."""
    index = np.empty((draws, n), dtype=int)
    index[:, 0] = rng.integers(0, n, draws)
    for t in range(1, n):
        fresh = rng.random(draws) < 1 / BLOCK
        index[:, t] = np.where(fresh, rng.integers(0, n, draws), (index[:, t - 1] + 1) % n)
    return index


def superior(d):
    n, root = len(d), np.sqrt(len(d))
    mean, variance = d.mean(axis=0), omega(d)
    error = np.sqrt(variance)
    studentised = root * mean / error
    statistic, check = max(0, studentised.max()), (root * mean).max()
    kept = studentised >= -np.sqrt(2 * np.log(np.log(n)))
    centres = dict(lower=np.maximum(0, mean), consistent=np.where(kept, mean, 0), upper=mean)
    above = dict(lower=0, consistent=0, upper=0, realityCheck=0)
    rng = np.random.default_rng(7)
    for _ in range(DRAWS // 2_000):
        means = d[drawn_indices(rng, 2_000, n)].mean(axis=1)
        for name, centre in centres.items():
            above[name] += int((np.maximum(0, (root * (means - centre) / error).max(axis=1)) >= statistic).sum())
        above["realityCheck"] += int(((root * (means - mean)).max(axis=1) >= check).sum())
    return dict(
        variances=variance.tolist(), best=int(studentised.argmax()), statistic=float(statistic), realityCheckStatistic=float(check), draws=DRAWS,
        pValues={name: count / DRAWS for name, count in above.items()})


def overfitting(d, blocks):
    edges = [b * len(d) // blocks for b in range(blocks + 1)]
    parts = [d[edges[b]:edges[b + 1]] for b in range(blocks)]
    logits, losses = [], 0

    def ratios(which):
        rows = np.concatenate([parts[b] for b in which])
        return rows.mean(axis=0) / rows.std(axis=0, ddof=1)

    for half in itertools.combinations(range(blocks), blocks // 2):
        best = ratios(half).argmax()
        other = ratios([b for b in range(blocks) if b not in half])
        share = scipy.stats.rankdata(other)[best] / (d.shape[1] + 1)
        logits.append(np.log(share / (1 - share)))
        losses += int(other[best] < 0)
    return dict(
        blocks=blocks, splits=len(logits), probability=float(np.mean(np.array(logits) <= 0)), lossProbability=losses / len(logits),
        meanLogit=float(np.mean(logits)))


def family():
    counts = [(0, 10), (10, 10), (7, 10), (1, 250), (130, 200)]
    return dict(
        wilson=[dict(hits=k, trials=n, alpha=a, interval=[float(x) for x in proportion_confint(k, n, a, method="wilson")]) for k, n in counts for a in (0.05, 0.01)])


def calibration():
    rng = np.random.default_rng(3)
    forecasts = np.round(rng.beta(3, 2, 1_000), 6)
    while len(np.unique(forecasts)) < len(forecasts):
        forecasts = np.round(rng.beta(3, 2, 1_000), 6)
    came = rng.random(1_000) < 0.2 + 0.55 * forecasts
    curves = {}
    for name, strategy in dict(equalWidth="uniform", equalMass="quantile").items():
        rate, mean = calibration_curve(came, forecasts, n_bins=10, strategy=strategy)
        if strategy == "uniform":
            counts = np.bincount(np.searchsorted(np.linspace(0, 1, 11)[1:-1], forecasts), minlength=10)
            counts = counts[counts > 0]
        else:
            counts = np.full(10, 100)
        curves[name] = dict(
            hitRates=rate.tolist(), meanForecasts=mean.tolist(), counts=counts.tolist(),
            expectedError=float(np.sum(counts * np.abs(rate - mean)) / len(forecasts)), largestError=float(np.max(np.abs(rate - mean))))
    width = curves["equalWidth"]
    weight = np.array(width["counts"]) / len(forecasts)
    rate, mean, base = np.array(width["hitRates"]), np.array(width["meanForecasts"]), came.mean()
    return dict(
        forecasts=forecasts.tolist(), came=came.astype(int).tolist(), curves=curves,
        brier=dict(
            score=float(brier_score_loss(came, forecasts)), reliability=float(np.sum(weight * (mean - rate) ** 2)),
            resolution=float(np.sum(weight * (rate - base) ** 2)), uncertainty=float(base * (1 - base))))


def conformal():
    rng = np.random.default_rng(5)
    n, target, step, window = 500, 0.1, 0.03, 50
    forecasts = np.round(rng.standard_normal(n), 3)
    spread = np.where(np.arange(n) < 250, 1, 4)
    outcomes = np.round(forecasts + spread * rng.standard_normal(n), 3)
    level, errors, missed, widths, levels = target, [], 0, [], []
    for forecast, outcome in zip(forecasts, outcomes):
        past = np.sort(errors[-window:])
        rank = int(np.ceil((len(past) + 1) * (1 - level)))
        width = -1.0 if level >= 1 else float("inf") if rank > len(past) else past[max(1, rank) - 1]
        miss = abs(outcome - forecast) > width
        widths.append(None if np.isinf(width) else float(width))
        level += step * (target - miss)
        levels.append(float(level))
        missed += int(miss)
        errors.append(abs(outcome - forecast))
    return dict(
        target=target, step=step, window=window, forecasts=forecasts.tolist(), outcomes=outcomes.tolist(), halfWidths=widths, levels=levels, missed=missed)


def sequential():
    """Log wealth of the sequential test by likelihood ratios of binomial laws: the mean stated confidence against the rates with lower odds."""
    rng = np.random.default_rng(11)
    confidences = np.round(0.65 + 0.1 * rng.random(620), 4)
    hits = rng.random(620) < np.where(np.arange(620) < 420, confidences, confidences - 0.12)
    known, bets = 120, np.array([0.1, 0.16, 0.25, 0.4, 0.63, 1, 1.6, 2.5])

    def mixture(stated, right):
        n, mean = len(stated), stated.mean() if len(stated) else 0.5
        odds = mean / (1 - mean) * np.exp(-bets)
        other = odds / (1 + odds)
        return np.mean(np.exp(scipy.stats.binom.logpmf(right.sum(), n, other) - scipy.stats.binom.logpmf(right.sum(), n, mean)))

    weights = [0.2, 0.4] + [0.4 / (k * (k + 1)) for k in range(1, 30)] + [0.4 / 30]
    wealth = []
    for live in range(0, 501, 50):
        stated, right = confidences[: known + live], hits[: known + live]
        first = known + min(live, 300)
        parts = [mixture(stated[:first], right[:first])] + [mixture(stated[known + 100 * k:], right[known + 100 * k:]) for k in range(31)]
        wealth.append(dict(live=live, logWealth=float(np.log(np.dot(weights, parts)))))
    return dict(outOfSample=known, confidences=confidences.tolist(), hits=hits.astype(int).tolist(), wealth=wealth)


def main():
    date, folder = sys.argv[1], os.path.dirname(os.path.abspath(__file__))
    d = candidates()
    contents = dict(
        candidates=dict(meanBlock=BLOCK, returns=d.tolist(), superior=superior(d), overfitting=[overfitting(d, blocks) for blocks in (6, 14, 16)]),
        family=family(), calibration=calibration(), conformal=conformal(), sequential=sequential())
    files = []
    for name, content in contents.items():
        text = json.dumps(content) + "\n"
        with open(os.path.join(folder, f"{name}.json"), "w", encoding="utf-8") as file:
            file.write(text)
        files.append(dict(name=f"{name}.json", sha256=hashlib.sha256(text.encode()).hexdigest()))
    with open(os.path.join(folder, "metadata.json"), "w", encoding="utf-8") as file:
        json.dump(dict(
            source=f"numpy {np.__version__}, scipy {scipy.__version__}, statsmodels {statsmodels.__version__}, scikit-learn {sklearn.__version__}, "
                   f"Python {sys.version.split()[0]} (Debian 12), written by make_golden.py beside this file",
            licence="the numbers are this project's own; the libraries are under BSD-3-Clause", date=date,
            command=f"/usr/bin/python3 make_golden.py {date}", files=files), file, indent=2)
        file.write("\n")


main()
